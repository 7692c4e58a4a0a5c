internal import LearningProblem
internal import NumericalKit

/// What the moments weighted by the current switch exceed p times the plain ones by.
/// `[weight.masked]`
struct SwitchExcess {
  var correlation: TwoTimeKernel
  /// That of R, or of D. `[frame.weights]`
  var memory: TwoTimeKernel
  var magnetisation: [[[Double]]]  // [t][k][p]
}

/// Moments of a gradient c G(j) with the weights of all rows solved so far. `[weight.moments]`
///
/// c is the switch of the current step, of density p; its memory is in a `SwitchExcess`. Cost
/// O(K (K t)²).
struct GradientMoments {
  /// A_k(s, l) = E[c G_k(j) w_l(s)] over flat (s, l). `[weight.power]`
  private(set) var power: [[Double]] = []
  /// E[c G_k(j) v_p].
  private(set) var drift: [[Double]] = []
  /// r_k(s, l), the masked response of G_k(j) but for the field added to it `[weight.response]`;
  /// with a `WeightDrive` E[c G_k(j) η] but for what u_k(j) has of the noise. `[frame.weights]`
  private(set) var memory: [[Double]] = []

  private let units: Int
  private let row: Int
  private let density: Double
  private let drives: [[Double]]  // μ_k(j)
  private let pull: [Double]
  private let chi: [ArraySlice<Double>]  // χ_k(j, ·)
  private let covariance: [ArraySlice<Double>]  // S_k(j, ·)
  private let noise: [[Double]]  // E[c u_k(j) w_l(s)]

  /// Takes the moments of the gradient of `row`, at most the present of `weights`, which `samples`
  /// has reached; it is that of the step `time`.
  init(
    of row: Int, at time: Int, _ dynamics: Dynamics, _ weights: WeightKernels,
    _ samples: SampleKernels,
    density: Double = 1, excess: SwitchExcess? = nil, drive: WeightDrive? = nil
  ) {
    let units = dynamics.hiddenUnits
    let n = weights.correlation.count
    let first = row * units
    self.units = units
    self.row = row
    self.density = density
    drives = samples.drive[row]
    pull = dynamics.pull(weights.covariance(ofRow: row), at: time)
    chi = (0..<units).map { samples.response.row(first + $0, width: n) }
    covariance = (0..<units).map { samples.covariance.row(first + $0, width: n) }
    let masked = MaskedKernels(density: density, excess: excess)
    // U_k(s, l) = E[c u_k(j) w_l(s)]. `[weight.moments]`
    let memoryKernel = drive.memory(of: weights)
    noise = (drive?.present.map { $0[...] } ?? covariance).map {
      masked.product(memoryKernel, excess?.memory, $0, transposed: false)
    }
    let overlaps = masked.overlaps(weights)
    for k in 0..<units {
      var row = masked.product(weights.correlation, excess?.correlation, chi[k], transposed: false)
      pulled(k) { masked.addRow($0, weights.correlation, excess?.correlation, $1, to: &row) }
      for (p, mu) in drives[k].enumerated() { DenseVector.add(mu, overlaps[p], to: &row) }
      DenseVector.add(1, noise[k], to: &row)
      power.append(row)

      var echo = masked.product(memoryKernel, excess?.memory, chi[k], transposed: true)
      pulled(k) { masked.addRow($0, memoryKernel, excess?.memory, $1, to: &echo) }
      memory.append(echo)

      drift.append(
        overlaps.indices.map { p in
          var sum = density * drives[k][p] + DenseVector.dot(chi[k], overlaps[p][...])
          pulled(k) { sum += $0 * overlaps[p][$1] }
          return sum
        })
    }
  }

  /// Pulls by the weights of the other units are those of a Boltzmann machine. `[boltzmann.drive]`
  private func pulled(_ k: Int, _ body: (_ pull: Double, _ flat: Int) -> Void) {
    for l in 0..<units where pull[k * units + l] != 0 {
      body(pull[k * units + l], row * units + l)
    }
  }

  /// E[c G_k(j) G_l(i)] for the gradient of another time i, [k][l].
  func product(with other: GradientMoments) -> [[Double]] {
    (0..<units).map { k in
      (0..<units).map { l in
        // E[c G_k(j) u_l(i)], then times G_l(i).
        var sum =
          density * covariance[k][covariance[k].startIndex + other.row * units + l]
          + DenseVector.dot(chi[k], other.noise[l][...])
          + DenseVector.dot(other.drives[l], drift[k])
          + DenseVector.dot(other.chi[l], power[k][...])
        pulled(k) { sum += $0 * other.noise[l][$1] }
        other.pulled(l) { sum += $0 * power[k][$1] }
        return sum
      }
    }
  }
}

/// p A + E for each of the kernels. `[weight.masked]`
struct MaskedKernels {
  let density: Double
  let excess: SwitchExcess?

  /// E[c w_l(s) v_p] for every p, over flat (s, l).
  func overlaps(_ weights: WeightKernels) -> [[Double]] {
    let directions = weights.magnetisation[0][0].count
    return (0..<directions).map { p in
      var row = weights.magnetisation.flatMap { unit in unit.map { density * $0[p] } }
      if let excess {
        let units = excess.magnetisation[0].count
        for a in row.indices { row[a] += excess.magnetisation[a / units][a % units][p] }
      }
      return row
    }
  }

  /// (p A + E) x or its transpose.
  func product(
    _ kernel: TwoTimeKernel, _ excess: TwoTimeKernel?, _ x: ArraySlice<Double>, transposed: Bool
  ) -> [Double] {
    var y = transposed ? kernel.multiplyTransposed(x) : kernel.multiply(x)
    for i in y.indices { y[i] *= density }
    if let excess {
      DenseVector.add(1, transposed ? excess.multiplyTransposed(x) : excess.multiply(x), to: &y)
    }
    return y
  }

  /// row += factor (p A + E)(a, .)
  func addRow(
    _ factor: Double, _ kernel: TwoTimeKernel, _ excess: TwoTimeKernel?, _ a: Int,
    to row: inout [Double]
  ) {
    let width = row.count
    DenseVector.add(factor * density, Array(kernel.row(a, width: width)), to: &row)
    if let excess { DenseVector.add(factor, Array(excess.row(a, width: width)), to: &row) }
  }
}
