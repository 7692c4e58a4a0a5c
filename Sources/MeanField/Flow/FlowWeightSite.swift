internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Exact moments of the weights under an explicit integration of dw/dt = -G. `[flow.weight]`
///
/// Plain updates with a speed, without masks: every point is linear in the start, the signal and
/// the drive, so that m, C and R follow from the coefficients of its `LinearStep`. The mean length
/// of the paths grows at the rate E|G|, times the speed, integrated along with them. Cost O((K t)²)
/// per point and gradient.
struct FlowWeightSite: GroupSite {
  private let dynamics: Dynamics
  private let scheme: FlowScheme
  private let units: Int
  private var rates: [WeightValues] = []  // E|G| and its like, means over units
  private var lengths: [WeightValues]

  init(_ dynamics: Dynamics, _ scheme: FlowScheme) {
    self.dynamics = dynamics
    self.scheme = scheme
    units = dynamics.hiddenUnits
    lengths = [.zero.inContinuousTime(of: dynamics)]
  }

  /// Nothing: no masks, no competition.
  mutating func prepare(_ weights: WeightKernels, _ samples: SampleKernels) -> [[Double]] { [] }

  /// All learn.
  mutating func choose(_ power: [[Double]], step: Int) -> CompetingScores? { nil }

  mutating func finish(
    _ weights: inout WeightKernels, _ samples: SampleKernels, threshold: Double
  ) -> WeightValues {
    let t = weights.time
    let step = scheme.steps[t].paced(by: dynamics.speed)
    let gradients = step.gradients.map {
      (
        weight: $0.weight,
        moments: GradientMoments(of: $0.point, at: $0.point, dynamics, weights, samples)
      )
    }
    var correlation: [[Double]] = []
    var response: [[Double]] = []
    for k in 0..<units {
      var row = combined(step, k, weights.correlation, weights)
      var echo = combined(step, k, weights.response, weights)
      for (term, gradient) in zip(step.gradients, gradients) {
        DenseVector.add(-term.weight, gradient.moments.power[k], to: &row)
        DenseVector.add(-term.weight, gradient.moments.memory[k], to: &echo)
        echo[term.point * units + k] -= term.weight
      }
      correlation.append(row)
      response.append(echo + [Double](repeating: 0, count: units))
    }
    let equal = equalTimes(step, gradients.map(\.moments), correlation)
    for k in 0..<units { correlation[k] += equal[k] }
    let magnetisation = (0..<units).map { k in
      weights.magnetisation[t][k].indices.map { p in
        var sum = 0.0
        for term in step.states { sum += term.weight * weights.magnetisation[term.point][k][p] }
        for (weight, moments) in gradients { sum -= weight * moments.drift[k][p] }
        return sum
      }
    }
    weights.correlation.append(correlation)
    weights.response.append(response)
    weights.magnetisation.append(magnetisation)
    weights.learning.append(Array(repeating: true, count: units))
    return lengthen(weights, step, gradients.map(\.moments))
  }

  /// Never: a stage of a flow refers to single earlier ones.
  mutating func merge(_ merges: [RowMerge]) { preconditionFailure("a flow keeps all rows") }

  /// Weights are Gaussian.
  var histogram: WeightHistogram? { .gaussian(units: units) }

  /// Σ_i a_i A_k(i, ·) over all times present.
  private func combined(
    _ step: LinearStep, _ k: Int, _ kernel: TwoTimeKernel, _ weights: WeightKernels
  ) -> [Double] {
    let width = units * (weights.time + 1)
    var row = [Double](repeating: 0, count: width)
    for term in step.states {
      DenseVector.add(
        term.weight, Array(kernel.row(term.point * units + k, width: width)), to: &row)
    }
    return row
  }

  /// C_kl(t+1, t+1) from the rows C_k(t+1, ·) up to t. `[flow.weight]`
  private func equalTimes(
    _ step: LinearStep, _ moments: [GradientMoments], _ rows: [[Double]]
  ) -> [[Double]] {
    let products = moments.map { first in moments.map { first.product(with: $0) } }
    let square = (0..<units).map { k in
      (0..<units).map { l in
        var sum = 0.0
        for term in step.states { sum += term.weight * rows[l][term.point * units + k] }
        for (j, term) in step.gradients.enumerated() {
          // E[G_k(j) w_l(t+1)]
          var power = 0.0
          for state in step.states {
            power += state.weight * moments[j].power[k][state.point * units + l]
          }
          for (i, other) in step.gradients.enumerated() {
            power -= other.weight * products[j][i][k][l]
          }
          sum -= term.weight * power
        }
        return sum
      }
    }
    return (0..<units).map { k in (0..<units).map { 0.5 * (square[k][$0] + square[$0][k]) } }
  }

  /// What the step adds to the length of the paths, and the distance from the start.
  private mutating func lengthen(
    _ weights: WeightKernels, _ step: LinearStep, _ moments: [GradientMoments]
  ) -> WeightValues {
    let newest = moments[0].product(with: moments[0])
    let speeds = (0..<units).map { KnownChanges(square: newest[$0][$0], isGaussian: true) }
    rates.append(WeightValues(speeds, .step).inContinuousTime(of: dynamics))
    var added = lengths[lengths.count - 1]
    added.scale(by: -1)
    lengths.append(step.advance(lengths, rates: rates))
    added.add(lengths[lengths.count - 1])
    var values = WeightValues(weights.changesSinceStart(areGaussian: true), .sinceStart)
    values.complete(with: added)
    return values
  }
}
