internal import LearningProblem
internal import NumericalKit
internal import Observables

extension RunPlan {
  /// Rows of its recording.
  var observedRows: Int {
    let points = dynamics.problem.timing.flow?.outputs.count ?? dynamics.grid.steps
    return points / settings.observeEvery + 2
  }

  /// Bytes of its recording.
  private var recordingBytes: Double { Recording.bytes(rows: observedRows) }

  /// How many runs like this one, each with so many samples, are trained at once.
  ///
  /// - Throws: `SolverError.unsupported` if the memory granted does not hold a single one.
  func work(samples: Double, _ parallel: ParallelFor) throws -> WorkAtOnce {
    let run = bytes(samples: samples)
    let recordings = Double(settings.runs + 1) * recordingBytes
    return try WorkAtOnce(
      "training", of: "runs", atMost: min(settings.runs, parallel.threads),
      threads: parallel.threads,
      instead: dynamics.data.measured == nil
        ? "a smaller training.dimension or training.test_samples, or a larger "
          + "training.observe_every"
        : "a file with fewer rows"
    ) { recordings + Double($0) * run }
  }

  /// Bytes of a run without its recording, that holds so many samples at once, tested on the rows
  /// of real data or on samples of the model.
  private func bytes(samples: Double) -> Double {
    let units = Double(dynamics.hiddenUnits)
    let rule = dynamics.rule
    let ofSample =
      8.0 * 4 + (dynamics.sampleSwitches.isFull ? 0 : 8 + 6)
      + (rule.weightNoise.isNone ? 0 : 4 * (1 + units) + 8)
    // Values, memory and changes, twice a gradient as Floats and one as Doubles.
    var ofWeight = 4.0 * 8 + 4 + 2 * 4 + 8
    if dynamics.problem.timing.flow != nil { ofWeight += 2 * 8 }
    if rule.update.winningFraction != nil { ofWeight += 8 }
    if !dynamics.weightSwitches.isFull { ofWeight += 6 }
    let test =
      dynamics.data.measured.map {
        FloatMatrix.bytes(rows: Double($0.count) - samples, columns: dimension)
      } ?? TestSet.bytes(self)
    return FloatMatrix.bytes(rows: samples, columns: dimension) + ofSample * samples
      + (ofWeight * units + 8 * Double(dynamics.signalDirections)) * Double(dimension) + test
  }
}

extension LearningRule {
  /// Whether gradients are smooth functions of the weights without chance, and steps along them.
  var isSmooth: Bool {
    sampleMask is FullMask && weightMask is FullMask && update.isLinear && dropout.isNone
      && weightNoise.isNone
  }
}
