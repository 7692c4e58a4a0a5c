internal import LearningProblem

/// The fraction of wrong answers in the training set; of machines, which give none, nothing.
/// `[observable.training]`
public struct TrainingError: SampleQuantity {
  public let quantity = Quantity.trainingError
  public let pass = SamplePass.whole
  public let isPerUnit = false
  public let isCost = false

  /// The number of errors; an answer that is undecided counts half.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    var total = sum
    for answer in block.answers { total += answer.error }
    sum = total
  }

  public func recorded(_ value: Double, _ recorder: MacroscopicRecorder) -> Double? {
    recorder.hasErrors ? value : nil
  }
}
