import LearningProblem

/// Every update rule of the catalogue, read from a problem file with typical parameters.
enum Rules {
  static let kinds = Catalogue.updates.map { $0.kind }
  /// One of each kind.
  static let all = kinds.map(rule)

  /// Values of the keys that rules declare; a new key gets its value here.
  private static let values = [
    "threshold": "0.15", "decay": "0.2", "fraction": "0.3", "quantum": "0.1", "coefficient": "0.7",
  ]

  /// The rule of the given kind.
  static func rule(_ kind: String) -> any UpdateRule {
    let parameters = Catalogue.updates.first { $0.kind == kind }?.parameters ?? []
    let keys = parameters.map { "\($0.name): \(values[$0.name] ?? "none")" }
    let yaml = """
      data: {kind: two-clusters, variance: 0.5}
      samples_per_weight: 1
      start: {variance: 1}
      learning_rate: 0.1
      steps: 1
      update: {\((["kind: \(kind)"] + keys).joined(separator: ", "))}
      """
    do {
      return try ProblemFile(yaml: yaml).problem.update
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
