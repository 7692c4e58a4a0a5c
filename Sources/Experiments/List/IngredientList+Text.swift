internal import LearningProblem

extension IngredientList {
  /// The list for a terminal, two columns further in at each level.
  public var text: String {
    let head =
      "Keys of the problem file, which is YAML. [required] keys must be there, others have the "
      + "default shown.\n\(Self.numbers)\n\n"
    return head + sections.map(Self.text).joined(separator: "\n")
  }

  private static func text(of section: Section) -> String {
    let heading =
      section.name + (section.summary.map { ": \($0)" } ?? "")
      + (section.presence.map { " [\($0)]" } ?? "")
      + (section.kinds.isEmpty ? "" : "; {kind: ...} is one of")
    return heading + "\n" + keys(section.keys, indent: 2) + section.kinds.map(text).joined()
  }

  private static func text(of kind: Kind) -> String {
    let losses =
      kind.losses.isEmpty
      ? "" : "    takes the loss " + kind.losses.joined(separator: ", ") + "\n"
    return "  \(kind.name): \(kind.summary)\n" + losses + keys(kind.keys, indent: 4)
  }

  private static func keys(_ parameters: [Parameter], indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return parameters.map { parameter in
      "\(margin)\(parameter.name): \(parameter.allowed) [\(parameter.presenceText)]\n"
        + "\(margin)    \(parameter.summary)\n"
    }.joined()
  }
}
