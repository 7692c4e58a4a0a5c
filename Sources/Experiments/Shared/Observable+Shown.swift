import Observables

extension Observable {
  /// How many groups of inputs tables on the terminal show; files hold all of them.
  static let shownGroups = 10

  /// Whether a table on the terminal shows it.
  var isShown: Bool { (group ?? 0) < Self.shownGroups }

  /// What a table does not show of these, as a line below it; nil if it shows all.
  static func hidden(of observables: [Observable], in file: String) -> String? {
    observables.allSatisfy(\.isShown)
      ? nil : "groups of inputs from \(shownGroups + 1) on: see \(file)"
  }
}
