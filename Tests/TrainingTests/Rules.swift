import LearningProblem
import TestSupport

/// Every update rule of the package, read from a problem file with typical parameters.
enum Rules {
  static let kinds = Catalogue.shipped.updates.map { $0.kind }
  /// One of each kind.
  static let all = kinds.map(rule)
  private static let specimens = Specimens(.shipped, values: Specimens.ruleValues)

  /// The rule of the given kind.
  static func rule(_ kind: String) -> any UpdateRule { specimens.problem("update", kind).update }
}
