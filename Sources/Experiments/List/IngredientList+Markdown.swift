internal import LearningProblem

extension IngredientList {
  /// The list as a page of Markdown, with a table of keys for each section and each kind.
  public var markdown: String {
    let head = """
      # The problem file

      This page is for everybody who writes a problem file, and is printed by `dmft list \
      --markdown`. A problem file is YAML. Keys that are required must be there; others have the \
      default shown. \(Self.numbers)


      """
    return head + sections.map(Self.markdown).joined(separator: "\n")
  }

  private static func markdown(of section: Section) -> String {
    let isKey = section.summary != nil && section.name != "schedule"
    var text = "## " + (isKey ? "`\(section.name)`" : section.name.capitalisedFirst) + "\n\n"
    if let summary = section.summary {
      text += prose(summary) + (section.presence.map { " (\($0))." } ?? ".")
      text += section.kinds.isEmpty ? "\n\n" : " `{kind: ...}` is one of:\n\n"
    }
    return text + table(section.keys) + section.kinds.map(markdown).joined(separator: "\n")
  }

  private static func markdown(of kind: Kind) -> String {
    let losses =
      kind.losses.isEmpty
      ? "" : " It takes the loss \(kind.losses.map { "`\($0)`" }.joined(separator: ", "))."
    let table = table(kind.keys)
    return "### `\(kind.name)`\n\n\(prose(kind.summary)).\(losses)\n"
      + (table.isEmpty ? "" : "\n" + table)
  }

  private static func table(_ parameters: [Parameter]) -> String {
    guard !parameters.isEmpty else { return "" }
    let rows = parameters.map { parameter in
      let cells = [
        "`\(parameter.name)`", parameter.allowed, parameter.presenceText, parameter.summary,
      ]
      return "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
    }
    return "| key | takes | otherwise | meaning |\n|---|---|---|---|\n" + rows.joined()
  }

  private static func prose(_ text: String) -> String { escaped(text).capitalisedFirst }

  /// Characters that mean something in a table or in a paragraph.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "|<*".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}

extension String {
  /// The same with a capital letter in front.
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
