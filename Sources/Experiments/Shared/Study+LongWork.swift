internal import MeanField

extension Study {
  /// Operations of about a minute of the theory, which are not all products of large matrices.
  private static var longMarch: Double { 1e11 }
  /// Operations of some minutes of training.
  private static var longTraining: Double { 1e12 }

  /// Says how large marches of the theory are that take longer than a minute, before they begin.
  func announce(_ name: String, _ costs: [MarchCost]) {
    guard let first = costs.first else { return }
    announce(
      "\(name), \(first.steps) steps", operations: costs.reduce(0) { $0 + $1.operations },
      beyond: Self.longMarch, advice: first.advice)
  }

  /// Says how large a training is that takes minutes, before its first tenth is done.
  func announce(_ name: String, operations: Double) {
    announce(
      name, operations: operations, beyond: Self.longTraining,
      advice: "a smaller training.dimension, training.runs or samples_per_weight")
  }

  private func announce(
    _ name: String, operations: Double, beyond limit: Double, advice: String
  ) {
    guard !options.quiet, operations > limit else { return }
    ProgressReporter.standardError(
      "\(name): about \(Number.rough(operations)) operations, some minutes for each 1e12; "
        + "what lowers them: \(advice)\n")
  }
}
