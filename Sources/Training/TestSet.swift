internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Samples that a run does not learn from, the same at all observed steps, and what the network
/// makes of them: the test rows of real data, or fresh samples of the model about the run's own
/// signals. `[observable.fresh]`
///
/// The whole network answers, with a fresh noise of the weights at each pass. Nothing that is
/// learned depends on it.
struct TestSet {
  private var inputs: any TestInputs
  private let labels: [Double]
  private var evaluator: SampleEvaluator
  private var forwardNoise: ForwardNoise?
  /// What a fraction is not known better than, with the samples of all runs; 0 for rows, which are
  /// given.
  private let resolution: Double

  /// The test rows of a run.
  init(_ plan: RunPlan, rows: TrainingSet) {
    self.init(plan, MeasuredInputs(rows: rows), labels: rows.labels, resolution: 0)
  }

  /// Draws `settings.testSamples` samples about the signals of a run; nil if
  /// there are to be none.
  init?(_ plan: RunPlan, signals: [[Double]]) {
    let dynamics = plan.dynamics
    let count = Self.size(plan)
    guard count > 0 else { return nil }
    var stream = plan.stream(.testSamples)
    let members = TrainingSet.members(dynamics.data.clusters, count: count, stream: &stream)
    var labels = members.map { dynamics.data.clusters[$0].label }
    let noise = (0..<(dynamics.data.teacher == nil ? 0 : count)).map { _ in stream.normal() }
    if let groups = dynamics.groups, !groups.areShared {
      self.init(
        plan, ClusteredInputs(plan, members: members, signals: signals), labels: labels,
        resolution: Self.ruleOfThree / Double(count * plan.settings.runs))
      return
    }
    var inputs = ModelInputs(
      dynamics.data.clusters, plan.layout.scales, members: members, signals: signals,
      knowsLengths: !dynamics.rule.weightNoise.isNone, stream: stream)
    if let teacher = dynamics.data.teacher {
      labels = zip(inputs.teacherSignals(), noise).map { teacher.label(signal: $0, noise: $1) }
    }
    let samples = Double(count * plan.settings.runs)
    self.init(
      plan, inputs, labels: labels, resolution: Self.ruleOfThree / samples)
  }

  /// What none of N samples does may have a probability of 3/N (at 95 %).
  private static let ruleOfThree = 3.0

  private init(
    _ plan: RunPlan, _ inputs: any TestInputs, labels: [Double], resolution: Double
  ) {
    let dynamics = plan.dynamics
    self.resolution = resolution
    self.inputs = inputs
    self.labels = labels
    evaluator = SampleEvaluator(dynamics.objective, readout: dynamics.readout.initial)
    forwardNoise = ForwardNoise(
      dynamics, meanSquares: inputs.meanSquares,
      stream: plan.stream(.testNoise))
  }

  /// n'.
  private static func size(_ plan: RunPlan) -> Int {
    plan.settings.testSamples(of: plan.dynamics.problem, dimension: plan.dimension)
  }

  /// Bytes of the test set of a run on a model: labels, clusters, what is made of them in a pass,
  /// and n' normal vectors that each observed step looks at along K directions. A path without
  /// chance stays near few directions, however many its steps: measured, below 32 a unit.
  static func bytes(_ plan: RunPlan) -> Double {
    let (dynamics, units) = (plan.dynamics, plan.dynamics.hiddenUnits)
    let samples =
      plan.settings.testSamples.map { Double($0) }
      ?? plan.dynamics.samplesPerWeight * Double(plan.dimension)
    guard samples > 0 else { return 0 }
    // Clusters that differ in shape look along directions of their own.
    let shapes = dynamics.groups.map { max(1, $0.groups[0].variances.count) } ?? 1
    let known =
      (dynamics.data.teacher == nil ? 0 : 1)
      + (dynamics.rule.weightNoise.isNone ? 0 : dynamics.data.clusters.count)
    let seen = min(plan.observedRows, plan.dimension, dynamics.rule.isSmooth ? 32 : .max)
    func normals(_ count: Double) -> Double {
      DeferredNormals.bytes(
        count: count, dimension: plan.dimension, directions: known + units * seen)
    }
    return 8 * Double(4 + units) * samples + normals(samples) + Double(shapes - 1) * normals(0)
  }

  /// The means of Λ and of the error over the samples, in a forward pass of its own, at
  /// a step or after the last of them.
  ///
  /// Runs that all see no error have no spread, and are not exact: the error has a standard error
  /// of its own, as has a loss of exactly 0 (hinge). `[compare.criterion]`
  mutating func measure(
    _ weights: Weights, readout: [Double], at step: Int
  ) -> (loss: Estimate, error: Estimate) {
    let fields = inputs.fields(of: weights)
    evaluator.readout = readout
    forwardNoise?.draw(at: step)
    var (loss, error) = (0.0, 0.0)
    for sample in labels.indices {
      for k in fields.indices {
        evaluator.fields[k] =
          fields[k][sample] + (forwardNoise.map { Double($0[sample, k]) } ?? 0)
      }
      let answer = evaluator.answer(label: labels[sample])
      loss += answer.loss
      error += answer.error
    }
    let count = Double(labels.count)
    return (
      Estimate(loss / count, standardError: loss == 0 ? resolution : 0),
      Estimate(error / count, standardError: resolution)
    )
  }
}
