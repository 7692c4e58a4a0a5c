internal import LearningProblem

/// The loss of the training set, without weight decay. `[observable.training]`
public struct TrainingLoss: SampleQuantity {
  public var quantity: Quantity { .trainingLoss }
  public var pass: SamplePass { .whole }
  public var isPerUnit: Bool { false }
  public var isCost: Bool { false }

  /// Σ Λ.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    var total = sum
    let answers = block.answers.span
    for index in answers.indices { total += answers[index].loss }
    sum = total
  }
}
