internal import LearningProblem

/// The fraction of wrong answers in the training set; of machines, which give none, nothing.
/// `[observable.training]`
public struct TrainingError: SampleQuantity {
  public var quantity: Quantity { .trainingError }
  public var pass: SamplePass { .whole }
  public var isPerUnit: Bool { false }
  public var isCost: Bool { false }

  /// The number of errors; an answer that is undecided counts half.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    let answers = block.answers.span
    var halves = 0
    for index in answers.indices {
      halves &+= (answers[index].margin < 0 ? 1 : 0) &+ (answers[index].margin <= 0 ? 1 : 0)
    }
    sum += 0.5 * Double(halves)
  }

  public func recorded(_ value: Double, _ recorder: MacroscopicRecorder) -> Double? {
    recorder.hasErrors ? value : nil
  }
}
