internal import LearningProblem
internal import NumericalKit

/// What the march leaves behind of one closed weight site: m, C, R and what its gradients were made
/// of, and what moments weighted by switches exceed them by. `[gradient.excess]`
struct WeightTables: Sendable {
  /// m_q(t) at [q][t].
  let overlaps: [[Double]]
  /// C.
  let correlation: LowerTriangle
  /// R.
  let response: LowerTriangle
  /// E, what remembering switches add; nil if they are drawn anew at every step.
  let excess: Excess?
  let switches: any SwitchLaw
  private let samples: SampleKernels
  private let decays: [Double]

  /// Moments weighted by the switch of the last step before, less its density times plain ones.
  /// Each row is that of its time: it has not decayed.
  struct Excess: Sendable {
    var overlaps: [[Double]]
    var correlation: LowerTriangle
    var response: LowerTriangle
  }

  /// Takes the kernels of a weight site, with all times.
  init(_ weights: WeightKernels, _ samples: SampleKernels, _ dynamics: Dynamics) {
    correlation = LowerTriangle(weights.correlation)
    response = LowerTriangle(weights.response)
    overlaps = weights.magnetisation[0][0].indices.map { q in
      weights.magnetisation.map { $0[0][q] }
    }
    self.samples = samples
    switches = dynamics.weightSwitches
    decays = (0..<dynamics.grid.steps).map { dynamics.decay(at: $0) }
    excess =
      switches.isDrawnAnew ? nil : Excess(overlaps, correlation, response, switches)
  }

  /// Bytes beside those of the march.
  static func bytes(steps: Int, remembers: Bool) -> Double {
    (remembers ? 4 : 2) * LowerTriangle.bytes(rows: steps + 1)
  }

  /// What the gradient of a step was made of.
  struct Step {
    /// μ_q.
    let drives: [Double]
    /// χ(t, ·), with λ at t.
    let pulls: [Double]
    /// S(t, ·).
    let covariance: [Double]
    let density: Double

    /// S(t, t).
    var variance: Double { covariance[covariance.count - 1] }
  }

  /// What the gradient of step t was made of.
  func step(_ t: Int) -> Step {
    var pulls = Array(samples.response.row(t, width: t + 1))
    pulls[t] += decays[t]
    return Step(
      drives: samples.drive[t][0], pulls: pulls,
      covariance: Array(samples.covariance.row(t, width: t + 1)),
      density: switches.density(at: t))
  }

  /// E_2(t), the mean square of the gradient times its switch. `[weight.power]` Without memory of
  /// the switches. Cost O(t²).
  func power(_ t: Int) -> Double {
    let step = step(t)
    let x = step.pulls
    let product = correlation.products(right: [x], left: [x])
    let noise = response.products(right: [step.covariance], left: []).right[0]
    var (power, drift) = (step.variance, step.drives.map { $0 })
    for s in x.indices {
      power +=
        x[s] * (product.right[0][s] + product.left[0][s] - correlation[s, s] * x[s] + 2 * noise[s])
      for q in drift.indices {
        power += x[s] * step.drives[q] * overlaps[q][s]
        drift[q] += x[s] * overlaps[q][s]
      }
    }
    return step.density * (power + DenseVector.dot(step.drives, drift))
  }
}

extension WeightTables.Excess {
  /// `[gradient.excess]`
  fileprivate init(
    _ overlaps: [[Double]], _ correlation: LowerTriangle, _ response: LowerTriangle,
    _ switches: any SwitchLaw
  ) {
    let rows = correlation.rows
    self.overlaps = overlaps.map { $0.map { _ in 0 } }
    self.correlation = LowerTriangle(rows: rows)
    self.response = LowerTriangle(rows: rows)
    for t in 0..<rows - 1 {
      let rest = 1 - switches.density(at: t)
      let rho = t > 0 ? switches.correlation(into: t) ?? 0 : 0
      func next(_ plain: LowerTriangle, _ excess: LowerTriangle) -> [Double] {
        var row = plain[row: t + 1]
        let (old, before) = (plain[row: t], excess[row: t])
        for s in row.indices {
          row[s] = rest * (row[s] - old[min(s, t)]) + rho * before[min(s, t)]
        }
        return row
      }
      self.correlation[row: t + 1] = next(correlation, self.correlation)
      self.response[row: t + 1] = next(response, self.response)
      for q in overlaps.indices {
        self.overlaps[q][t + 1] =
          rest * (overlaps[q][t + 1] - overlaps[q][t]) + rho * self.overlaps[q][t]
      }
    }
  }
}
