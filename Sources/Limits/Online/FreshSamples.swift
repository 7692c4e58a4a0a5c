internal import LearningProblem
internal import NumericalKit
internal import Observables

/// What a batch of α b d fresh samples demands of the weights. `[online.averages]`
struct FreshRow: Sendable {
  /// μ_kp, K rows of P.
  var drive: [[Double]]
  /// χ_kl, K x K row-major.
  var response: [Double]
  /// S_kl, K x K row-major.
  var covariance: [Double]
  /// σ b E[∂Λ/∂a].
  var readout: [Double]
}

/// Averages over fresh samples by a rule for normal vectors. `[online.averages]`
///
/// The points of the rule are those of `FieldSampler`. Costs one evaluation of the objective per
/// point and cluster.
struct FreshSamples: Sendable {
  private let dynamics: Dynamics
  private let objective: any Objective
  private let sampler: FieldSampler
  private let rule: NormalRule

  init(_ dynamics: Dynamics, rule: NormalRule) {
    sampler = FieldSampler(dynamics)
    precondition(rule.dimension == sampler.dimension)
    self.dynamics = dynamics
    self.rule = rule
    objective = dynamics.objective
  }

  /// The averages at (m, C, a) for the batch of a step.
  func row(_ state: MacroscopicRecorder.State, at step: Int) -> FreshRow {
    let (units, directions) = (dynamics.hiddenUnits, dynamics.signalDirections)
    let teacher = dynamics.data.teacher
    let law = sampler.law(
      overlaps: state.overlaps, covariance: state.covariance, at: step)
    var evaluator = SampleEvaluator(objective, readout: state.readout)
    var drive = [Double](repeating: 0, count: units * directions)
    var hessian = [Double](repeating: 0, count: units * units)
    var stein = hessian
    var covariance = hessian
    var readout = [Double](repeating: 0, count: state.readout.count)
    for cluster in dynamics.data.clusters where cluster.probability > 0 {
      let fields = law.within(cluster)
      for index in rule.weights.indices {
        let first = index * rule.dimension
        let nu = teacher == nil ? 0 : rule.points[first]
        let label = fields.draw(rule.points, at: first, into: &evaluator)
        _ = evaluator.evaluate(label: label)
        let weight = cluster.probability * rule.weights[index]
        for k in 0..<units {
          let g = weight * evaluator.gradient[k]
          for p in 0..<directions {
            drive[k * directions + p] += g * (teacher == nil ? cluster.centre[p] : nu)
          }
          for l in 0..<units {
            let entry = k * units + l
            covariance[entry] += cluster.variance * g * evaluator.gradient[l]
            hessian[entry] += weight * cluster.variance * evaluator.hessian[entry]
            stein[entry] += fields.deviation * g * rule.points[first + sampler.sources + l]
          }
        }
        for index in readout.indices { readout[index] += weight * evaluator.readoutGradient[index] }
      }
    }
    let strength = dynamics.strength(at: step)
    let share = dynamics.sampleSwitches.density(at: step) * strength
    let batch = dynamics.samplesPerWeight * share
    let response = (objective.gradientJumps ? Self.solve(stein, law.factor) : hessian).map {
      batch * $0
    }
    var rows = (0..<units).map { k in
      (0..<directions).map { batch * drive[k * directions + $0] }
    }
    if teacher != nil {
      // E[ν g] = E[∂g/∂ν] + E[H] m, of which χ m is counted with the weights. `[kernel.teacher]`
      for k in 0..<units {
        for l in 0..<units { rows[k][0] -= response[k * units + l] * state.overlaps[l][0] }
      }
    }
    return FreshRow(
      drive: rows, response: response, covariance: covariance.map { batch * strength * $0 },
      readout: readout.map { share * $0 })
  }

  /// E[Δ H] = E[√Δ g zᵀ] L⁻¹; 0 for what no field shows.
  private static func solve(_ products: [Double], _ factor: [[Double]]) -> [Double] {
    let units = factor.count
    var result = products
    for k in 0..<units {
      for l in (0..<units).reversed() {
        var value = products[k * units + l]
        for j in l + 1..<max(units, l + 1) { value -= result[k * units + j] * factor[j][l] }
        result[k * units + l] = factor[l][l] > 1e-9 ? value / factor[l][l] : 0
      }
    }
    return result
  }
}
