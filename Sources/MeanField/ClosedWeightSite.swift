internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Exact moments of the weights for plain updates under any Markov mask. `[weight.step]`
///
/// ψ = M G with M a two-state Markov chain of density p and correlation ρ (ρ = 0: independent in
/// time, ρ = 1: frozen). The mask enters through moments weighted by the mask of the current step,
///
///   E[M_t w(a) w(b)] = p C(a, b) + E_t(a, b),   E_t(a, b) = ρ^(t-τ+1) [Q(a, b) - p C(a, b)],
///
/// with τ = max(a, b) and Q weighted by the mask of step τ - 1 `[weight.masked]`; the same for m and
/// R. The excess kernels E are stored and decay by ρ per step; for ρ = 0 they vanish and are not
/// stored. K > 1 hidden units have independent element masks. `[weight.units]`
/// Cost O(K (K t)²) per step.
struct ClosedWeightSite: WeightSite {
  private let weightDecay: Double
  private let learningRate: Double
  private let units: Int
  private let density: Double
  private let correlation: Double
  private var excess: Excess?

  /// What the moments weighted by the current mask exceed p times the plain ones by.
  private struct Excess {
    var correlation: TwoTimeKernel
    var response: TwoTimeKernel
    var magnetisation: [[Double]]  // [t][p]
  }

  /// Whether a problem's weight site is closed: a linear rule under a Markov mask, which is
  /// independent in time if there is more than one hidden unit.
  static func applies(to problem: Problem) -> Bool {
    guard problem.update.isLinear, let correlation = problem.weightMask.correlation else {
      return false
    }
    return problem.hiddenUnits == 1 || correlation == 0
  }

  /// Creates the site for a problem it applies to.
  init(_ problem: Problem) {
    let mask = problem.weightMask
    guard Self.applies(to: problem), let correlation = mask.correlation else {
      preconditionFailure(
        "no closed weight site for \(problem.update.kind) updates under \(mask.kind) masks, "
          + "K = \(problem.hiddenUnits)")
    }
    weightDecay = problem.weightDecay
    learningRate = problem.learningRate
    units = problem.hiddenUnits
    density = mask.density
    self.correlation = correlation
    guard correlation != 0, density < 1 else { return }
    // At t = 0 the mask is independent of the start: no excess.
    var zero = TwoTimeKernel(units: 1, capacity: problem.steps + 1, shape: .symmetric)
    zero.append([[0]])
    var causal = TwoTimeKernel(units: 1, capacity: problem.steps + 1, shape: .causal)
    causal.append([[0]])
    let overlaps = [Double](repeating: 0, count: problem.signalDirections)
    excess = Excess(correlation: zero, response: causal, magnetisation: [overlaps])
  }

  mutating func advance(_ weights: inout WeightKernels, _ samples: SampleKernels) -> StepEnergy {
    let moments = maskedMoments(weights, samples)
    let units = weights.correlation.units
    let t = weights.time
    let n = units * (t + 1)
    let eta = learningRate

    var correlation = [[Double]]()
    var response = [[Double]]()
    for k in 0..<units {
      let a = t * units + k
      var row = Array(weights.correlation.row(a, width: n))
      DenseVector.add(-eta, moments.power[k], to: &row)
      for l in 0..<units {  // C_kl(t+1, t+1)
        row.append(
          weights.correlation[a, t * units + l]
            - eta * (moments.power[k][t * units + l] + moments.power[l][a])
            + eta * eta * moments.square(k, l))
      }
      correlation.append(row)

      var memory = Array(weights.response.row(a, width: n))
      DenseVector.add(-eta, moments.memory[k], to: &memory)
      memory[a] = -eta * density
      response.append(memory + [Double](repeating: 0, count: units))
    }
    let magnetisation = (0..<units).map { k in
      zip(weights.magnetisation[t][k], moments.drift[k]).map { $0 - eta * $1 }
    }
    advanceExcess(
      weights, moments, newCorrelation: correlation[0], newResponse: response[0],
      newMagnetisation: magnetisation[0])
    weights.correlation.append(correlation)
    weights.response.append(response)
    weights.magnetisation.append(magnetisation)

    return energy(weights, moments)
  }

  /// The cost of the step to the last time. Without a mask changes are Gaussian; with one they are a
  /// scale mixture over mask paths, whose mean sizes need sampling. `[observable.absolutechange]`
  private func energy(_ weights: WeightKernels, _ moments: Moments) -> StepEnergy {
    let units = weights.correlation.units
    let last = units * weights.time
    let eta = learningRate
    var (squares, sizes, net) = (0.0, 0.0, 0.0)
    for k in 0..<units {
      let square = eta * eta * moments.square(k, k)
      squares += square
      sizes += NormalDistribution.meanSize(mean: 0, deviation: max(square, 0).squareRoot())
      let distance =
        weights.correlation[last + k, last + k] + weights.correlation[k, k]
        - 2 * weights.correlation[last + k, k]
      net += NormalDistribution.meanSize(mean: 0, deviation: max(distance, 0).squareRoot())
    }
    let count = Double(units)
    return StepEnergy(
      writes: density, absoluteChange: density == 1 ? sizes / count : nil,
      squaredChange: squares / count, netChange: density == 1 ? net / count : nil)
  }

  /// Without a mask weights are Gaussian.
  var histogram: WeightHistogram? { density == 1 ? .gaussian(units: units) : nil }

  // MARK: Moments of M_t G(t)

  private struct Moments {
    /// A_k(s, l) = E[M_k G_k(t) w_l(s)]. `[weight.power]`
    var power: [[Double]]
    /// E[M_k G_k(t) v_p].
    var drift: [[Double]]
    /// r_k(s, l), the masked response of G_k(t). `[weight.response]`
    var memory: [[Double]]
    /// E[M_k G_k G_l], with the mask of one unit.
    var oneMaskSquare: [[Double]]
    /// p.
    var density: Double

    /// E[M_k M_l G_k G_l]: the masks of two units are independent. `[weight.units]`
    func square(_ k: Int, _ l: Int) -> Double {
      k == l ? oneMaskSquare[k][k] : density * 0.5 * (oneMaskSquare[k][l] + oneMaskSquare[l][k])
    }
  }

  private func maskedMoments(_ weights: WeightKernels, _ samples: SampleKernels) -> Moments {
    let units = weights.correlation.units
    let t = weights.time
    let n = units * (t + 1)
    let drives = samples.drive[t]
    let chi = (0..<units).map { samples.response.row(t * units + $0, width: n) }
    let overlaps = maskedOverlaps(weights)  // [p][flat]

    // U_k(s, l) = E[M u_k(t) w_l(s)]. `[weight.moments]`
    let noise = (0..<units).map { k in
      maskedProduct(
        weights.response, excess?.response, samples.covariance.row(t * units + k, width: n),
        transposed: false)
    }
    var power = [[Double]]()
    var memory = [[Double]]()
    for k in 0..<units {
      let a = t * units + k
      var row = maskedProduct(weights.correlation, excess?.correlation, chi[k], transposed: false)
      addMaskedRow(weightDecay, weights.correlation, excess?.correlation, a, to: &row)
      for (p, mu) in drives[k].enumerated() { DenseVector.add(mu, overlaps[p], to: &row) }
      DenseVector.add(1, noise[k], to: &row)
      power.append(row)

      var echo = maskedProduct(weights.response, excess?.response, chi[k], transposed: true)
      addMaskedRow(weightDecay, weights.response, excess?.response, a, to: &echo)
      memory.append(echo)
    }
    let drift = (0..<units).map { k in
      overlaps.indices.map { p in
        weightDecay * overlaps[p][t * units + k] + density * drives[k][p]
          + DenseVector.dot(chi[k], overlaps[p][...])
      }
    }
    let square = (0..<units).map { k in
      (0..<units).map { l in
        // E[M_k G_k(t) u_l(t)]
        let withNoise =
          weightDecay * noise[l][t * units + k]
          + density * samples.covariance[t * units + k, t * units + l]
          + DenseVector.dot(chi[k], noise[l][...])
        return weightDecay * power[k][t * units + l] + DenseVector.dot(drives[l], drift[k])
          + withNoise + DenseVector.dot(chi[l], power[k][...])
      }
    }
    return Moments(
      power: power, drift: drift, memory: memory, oneMaskSquare: square, density: density)
  }

  /// E[M_t w_l(s) v_p] for every p, over flat (s, l).
  private func maskedOverlaps(_ weights: WeightKernels) -> [[Double]] {
    let directions = weights.magnetisation[0][0].count
    return (0..<directions).map { p in
      var row = weights.magnetisation.flatMap { unit in unit.map { density * $0[p] } }
      if let excess {
        for s in row.indices { row[s] += excess.magnetisation[s][p] }
      }
      return row
    }
  }

  /// (p A + E) x or its transpose.
  private func maskedProduct(
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
  private func addMaskedRow(
    _ factor: Double, _ kernel: TwoTimeKernel, _ excess: TwoTimeKernel?, _ a: Int,
    to row: inout [Double]
  ) {
    let width = row.count
    DenseVector.add(factor * density, Array(kernel.row(a, width: width)), to: &row)
    if let excess { DenseVector.add(factor, Array(excess.row(a, width: width)), to: &row) }
  }

  // MARK: Memory of the mask

  /// Q, q_v and S^M at t + 1, turned into excess over p times the new rows; older excess decays.
  /// `[weight.masked]`
  private mutating func advanceExcess(
    _ weights: WeightKernels, _ moments: Moments, newCorrelation: [Double],
    newResponse: [Double], newMagnetisation: [Double]
  ) {
    guard var old = excess else { return }
    excess = nil  // so that the kernels below are changed in place
    let t = weights.time
    let n = t + 1
    let eta = learningRate

    var masked = [Double](repeating: 0, count: n)  // Q(t+1, s) = C^M(t, s) - η A(s)
    addMaskedRow(1, weights.correlation, old.correlation, t, to: &masked)
    let equalTime = masked[t] - 2 * eta * moments.power[0][t] + eta * eta * moments.square(0, 0)
    DenseVector.add(-eta, moments.power[0], to: &masked)
    masked.append(equalTime)

    var echo = [Double](repeating: 0, count: n)  // S^M(t+1, s) = R^M(t, s) - η r(s)
    addMaskedRow(1, weights.response, old.response, t, to: &echo)
    DenseVector.add(-eta, moments.memory[0], to: &echo)
    echo[t] = -eta * density
    echo.append(0)

    let overlaps = weights.magnetisation[t][0].indices.map { p in
      density * weights.magnetisation[t][0][p] + old.magnetisation[t][p]
        - eta * moments.drift[0][p]
    }

    let first = firstRemembered(at: t)
    old.correlation.scale(rowsFrom: first, by: correlation)
    old.response.scale(rowsFrom: first, by: correlation)
    for s in first...t {
      for p in overlaps.indices { old.magnetisation[s][p] *= correlation }
    }
    let p = density
    let rho = correlation
    old.correlation.append([zip(masked, newCorrelation).map { rho * ($0 - p * $1) }])
    old.response.append([zip(echo, newResponse).map { rho * ($0 - p * $1) }])
    old.magnetisation.append(zip(overlaps, newMagnetisation).map { rho * ($0 - p * $1) })
    excess = old
  }

  /// Times before this one have decayed below 1e-20 and need no further scaling.
  private func firstRemembered(at t: Int) -> Int {
    var lag = 0
    var factor = 1.0
    while lag < t && factor > 1e-20 {
      factor *= abs(correlation)
      lag += 1
    }
    return t - lag
  }
}
