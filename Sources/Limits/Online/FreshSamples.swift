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
/// A sample has the fields h = B_a m + √Δ_a L z, L Lᵀ the covariance of `FieldCovariance`; of a
/// teacher h = m ν + L z, with ν (and the noise of the label) as first coordinates of z. Costs one
/// evaluation of the objective per point and cluster.
struct FreshSamples: Sendable {
  private let dynamics: Dynamics
  private let objective: any Objective
  private let field: FieldCovariance
  private let rule: NormalRule

  /// Coordinates a rule must have: K, and those of a teacher.
  static func dimension(_ dynamics: Dynamics) -> Int { sources(dynamics) + dynamics.hiddenUnits }

  /// ν and the noise of the label.
  private static func sources(_ dynamics: Dynamics) -> Int {
    dynamics.data.teacher.map { $0.noise > 0 ? 2 : 1 } ?? 0
  }

  init(_ dynamics: Dynamics, rule: NormalRule) {
    precondition(rule.dimension == Self.dimension(dynamics))
    self.dynamics = dynamics
    self.rule = rule
    objective = dynamics.objective
    field = dynamics.fields
  }

  /// The averages at (m, C, a).
  func row(_ state: MacroscopicRecorder.State) -> FreshRow {
    let (units, directions) = (dynamics.hiddenUnits, dynamics.signalDirections)
    let sources = Self.sources(dynamics)
    let teacher = dynamics.data.teacher
    let factor = field.factor(overlaps: state.overlaps, covariance: state.covariance)
    var evaluator = SampleEvaluator(objective, readout: state.readout)
    var drive = [Double](repeating: 0, count: units * directions)
    var hessian = [Double](repeating: 0, count: units * units)
    var stein = hessian
    var covariance = hessian
    var readout = [Double](repeating: 0, count: state.readout.count)
    for cluster in dynamics.data.clusters where cluster.probability > 0 {
      let means = state.overlaps.map { cluster.mean($0[...]) }
      let deviation = cluster.variance.squareRoot()
      for index in rule.weights.indices {
        let first = index * rule.dimension
        let nu = sources > 0 ? rule.points[first] : 0
        for k in 0..<units {
          var noise = 0.0
          for l in 0...k { noise += factor[k][l] * rule.points[first + sources + l] }
          if teacher != nil { noise += state.overlaps[k][0] * nu }
          evaluator.fields[k] = means[k] + deviation * noise
        }
        let label =
          teacher?.label(signal: nu, noise: sources > 1 ? rule.points[first + 1] : 0)
          ?? cluster.label
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
            stein[entry] += deviation * g * rule.points[first + sources + l]
          }
        }
        for index in readout.indices { readout[index] += weight * evaluator.readoutGradient[index] }
      }
    }
    let strength = dynamics.strength(at: 0)
    let share = dynamics.sampleSwitches.density * strength
    let batch = dynamics.samplesPerWeight * share
    let response = (objective.gradientJumps ? Self.solve(stein, factor) : hessian).map {
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
