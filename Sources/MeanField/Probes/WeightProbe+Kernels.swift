internal import LearningProblem
internal import NumericalKit
internal import Observables

extension WeightProbe {
  /// What every sampled weight needs to know of a finished march; n = t K + k is a flat index.
  /// `[sampling.weightprobe]`
  struct Kernels: Sendable {
    /// (μ, L) over the rows v_p and ε, one row n. `[weight.sampled]`
    let drive: FloatMatrix
    /// χ(n, ·) and the pull over the flat weights of times 0...t, one row n.
    let memory: FloatMatrix
    /// η if unit k learns at step t, else 0, at n.
    let rates: [Double]
    /// E[(w(t+1) - w(t))²] of unit k at n.
    let squaredSizes: [Double]
    /// E[(w(t+1) - w(0))²] of unit k at n.
    let squaredDistances: [Double]
    /// p_t.
    let densities: [Double]
    /// What is measured: the absolute change, by which others are controlled, and what else the
    /// march does not know at its end.
    let open: [any WeightQuantity]

    /// Bytes while they are made, and of what is left.
    static func bytes(_ dynamics: Dynamics) -> (making: Double, held: Double) {
      let rows = dynamics.hiddenUnits * dynamics.grid.steps
      let drive = FloatMatrix.bytes(
        rows: Double(rows), columns: dynamics.signalDirections + rows)
      return (
        GrowingCholesky.bytes(capacity: rows) + drive,
        drive + FloatMatrix.bytes(rows: Double(rows), columns: rows)
      )
    }

    init(
      _ dynamics: Dynamics, _ weights: WeightKernels, _ samples: SampleKernels,
      _ energy: [WeightValues]
    ) {
      let units = dynamics.hiddenUnits
      let directions = dynamics.signalDirections
      let rows = units * dynamics.grid.steps
      densities = (0..<dynamics.grid.steps).map { dynamics.weightSwitches.density(at: $0) }
      open =
        [AbsoluteChange()]
        + energy[energy.count - 1].unknown.filter { $0.quantity != .absoluteChange }
      var drive = GaussianDrive(rows: rows)
      for n in 0..<rows {
        drive.append(samples.covariance.row(n, width: n), variance: samples.covariance[n, n])
      }
      self.drive = FloatMatrix(rows: rows, columns: directions + rows) { n, row in
        for p in 0..<directions { row[p] = Float(samples.drive[n / units][n % units][p]) }
        for (s, entry) in drive.row(n).enumerated() { row[directions + s] = Float(entry) }
      }
      let pulls = (0..<dynamics.grid.steps).map {
        dynamics.pull(weights.states[$0].covariance, at: $0)
      }
      memory = FloatMatrix(rows: rows, columns: rows) { n, row in
        let (t, k) = (n / units, n % units)
        let response = samples.response.row(n, width: (t + 1) * units)
        for (s, entry) in response.enumerated() { row[s] = Float(entry) }
        for l in 0..<units {
          let s = t * units + l
          row[s] = Float(response[response.startIndex + s] + pulls[t][k * units + l])
        }
      }
      rates = (0..<rows).map {
        weights.learning[$0 / units][$0 % units] ? dynamics.grid.rate(at: $0 / units) : 0
      }
      func squaredDistance(_ a: Int, _ b: Int) -> Double {
        let c = weights.correlation
        return max(c[a, a] + c[b, b] - 2 * c[a, b], 0)
      }
      squaredSizes = (0..<rows).map { squaredDistance($0 + units, $0) }
      squaredDistances = (0..<rows).map { squaredDistance($0 + units, $0 % units) }
    }

    /// Spreads below which the controls at n are taken for rounding.
    func deviations(_ n: Int) -> (step: SIMD3<Double>, sinceStart: SIMD3<Double>) {
      let rounding = 1e-3
      return (
        SIMD3(rounding * squaredSizes[n], 1e-9, 0),
        SIMD3(rounding * squaredDistances[n], 1e-9, 1e-9)
      )
    }
  }
}
