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

  /// The test rows of run number `run`.
  init(_ problem: Problem, rows: TrainingSet, run: Int) {
    self.init(problem, MeasuredInputs(rows: rows), labels: rows.labels, resolution: 0, run: run)
  }

  /// Draws `problem.training.testSamples` samples about the signals of run number `run`; nil if
  /// there are to be none.
  init?(_ problem: Problem, signals: [[Double]], run: Int) {
    let count = problem.testSamples(dimension: signals[0].count)
    guard count > 0 else { return nil }
    var stream = RandomStream(
      seed: problem.training.seed, purpose: .testSamples, index: UInt64(run))
    let members = TrainingSet.members(problem.data.clusters, count: count, stream: &stream)
    var labels = members.map { problem.data.clusters[$0].label }
    let noise = (0..<(problem.data.teacher == nil ? 0 : count)).map { _ in stream.normal() }
    var inputs = ModelInputs(
      problem.data.clusters, members: members, signals: signals,
      knowsLengths: problem.weightNoise.sigma > 0, stream: stream)
    if let teacher = problem.data.teacher {
      labels = zip(inputs.teacherSignals(), noise).map { teacher.label(signal: $0, noise: $1) }
    }
    let samples = Double(count * problem.training.runs)
    self.init(
      problem, inputs, labels: labels, resolution: Self.ruleOfThree / samples, run: run)
  }

  /// What none of N samples does may have a probability of 3/N (at 95 %).
  private static let ruleOfThree = 3.0

  private init(
    _ problem: Problem, _ inputs: any TestInputs, labels: [Double], resolution: Double, run: Int
  ) {
    self.resolution = resolution
    self.inputs = inputs
    self.labels = labels
    evaluator = SampleEvaluator(problem.objective, readout: problem.network.readout.initial)
    forwardNoise = ForwardNoise(
      problem, meanSquares: inputs.meanSquares,
      stream: RandomStream(seed: problem.training.seed, purpose: .testNoise, index: UInt64(run)))
  }

  /// Bytes of the test set of a run on a model in d = `dimension`: 4 r (n' + d) with at most
  /// r = P + K per observed step, and at most d.
  static func memory(_ problem: Problem, dimension: Int) -> Double {
    let observed = Double(problem.grid.steps) / Double(problem.training.observeEvery) + 2
    let directions = min(
      Double(dimension),
      Double(problem.signalDirections) + Double(problem.hiddenUnits) * observed)
    let samples = problem.testSamples(dimension: dimension)
    return samples > 0 ? 4 * directions * Double(samples + dimension) : 0
  }

  /// The means of Λ and of the error over the samples, in a forward pass of its own.
  ///
  /// Runs that all see no error have no spread, and are not exact: the error has a standard error
  /// of its own, as has a loss of exactly 0 (hinge). `[compare.criterion]`
  mutating func measure(
    _ weights: Weights, readout: [Double]
  ) -> (loss: Estimate, error: Estimate) {
    let fields = inputs.fields(of: weights)
    evaluator.readout = readout
    forwardNoise?.draw()
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
