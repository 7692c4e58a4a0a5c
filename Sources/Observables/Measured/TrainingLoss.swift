internal import LearningProblem

/// The loss of the training set, without weight decay. `[observable.training]`
public struct TrainingLoss: SampleQuantity {
  public let quantity = Quantity.trainingLoss
  public let pass = SamplePass.whole
  public let isPerUnit = false
  public let isCost = false

  /// Σ Λ.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    var total = sum
    let answers = block.answers.span
    for index in answers.indices { total += answers[index].loss }
    sum = total
  }
}
