import Foundation
import Testing

/// The table of symbols in theory/README.md against the code.
@Suite("Symbols of theory/")
struct SymbolTests {
  /// The doc comment above a member's declaration in each place where its type is declared or
  /// extended.
  private func comments(of member: String, in type: String, files: [Tree.File]) throws -> [String] {
    let opening = try Regex(
      #"^( *)(?:public |package |private )?(?:struct|enum|protocol|extension) \#(type)\b"#)
    let declaration = try Regex(#"^ *(?:[a-z()]+ )*(?:var|let|func|case) \#(member)\b"#)
    var comments: [String] = []
    for file in files {
      var indent: Substring?
      for (number, line) in file.lines.enumerated() {
        if let match = line.firstMatch(of: opening) { indent = match.output[1].substring }
        guard let outer = indent else { continue }
        if line == outer + "}" { indent = nil }
        guard line.hasPrefix(outer + "  "), !line.hasPrefix(outer + "   "),
          line.firstMatch(of: declaration) != nil
        else { continue }
        let above = file.lines[..<number].reversed().prefix { $0.contains("///") }.reversed()
        comments.append(
          above.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " "))
      }
    }
    return comments
  }

  /// A symbol as comments write it: Greek letters in Unicode, no braces, R0 for R_0, no arguments.
  private func plain(_ symbol: String) -> String {
    let letters = [
      #"\alpha"#: "α", #"\Delta"#: "Δ", #"\sigma"#: "σ", #"\eta"#: "η", #"\lambda"#: "λ",
      #"\rho"#: "ρ", #"\mu"#: "μ", #"\hat\chi"#: "χ̂", #"\chi"#: "χ", #"\hat R"#: "R̂",
    ]
    var text = symbol.replacing(/\$|\\boldsymbol|\([a-z,]+\)/, with: "")
    for (command, letter) in letters.sorted(by: { $0.key.count > $1.key.count }) {
      text = text.replacingOccurrences(of: command, with: letter)
    }
    return text.replacing(/[{}]/, with: "").replacingOccurrences(of: "_0", with: "0")
  }

  /// Whether a comment has the symbol as a word of its own, with or without indices.
  private func names(_ symbol: String, _ comment: String) -> Bool {
    let base = symbol.split(separator: "_")[0]
    return [symbol, String(base)].contains { name in
      comment.ranges(of: name).contains { range in
        let before = comment[..<range.lowerBound].last
        let after = comment[range.upperBound...].first
        return before?.isLetter != true && after?.isLetter != true
      }
    }
  }

  @Test("every name in the table is declared, and its comment names the symbol")
  func table() throws {
    let rows = try Tree.table("| symbol |", in: "theory/README.md")
    #expect(rows.count > 30)
    let files = try Tree.swiftFiles(in: "Sources")
    for row in rows {
      try #require(row.count == 6, "\(row)")
      let symbols = row[0].split(separator: ", $").map { plain(String($0)) }
      let found = row[2].matches(of: /`([A-Z]\w+)\.(\w+)`/).map { match in
        (type: String(match.1), member: String(match.2))
      }
      #expect(found.count == symbols.count || found.count == 1, "\(row[0]): \(row[2])")
      for (index, symbol) in symbols.enumerated() where !found.isEmpty {
        let (type, member) = found[min(index, found.count - 1)]
        let comments = try comments(of: member, in: type, files: files)
        #expect(!comments.isEmpty, "\(type).\(member) is not declared")
        #expect(
          comments.isEmpty || comments.contains { names(symbol, $0) },
          "the comment of \(type).\(member) does not name \(symbol): \(comments)")
      }
    }
  }

  @Test("the check can fail")
  func power() throws {
    let files = try Tree.swiftFiles(in: "Sources")
    #expect(try comments(of: "nothing", in: "Problem", files: files).isEmpty)
    #expect(try comments(of: "weightDecay", in: "Start", files: files).isEmpty)
    let decay = try comments(of: "weightDecay", in: "LearningRule", files: files)
    #expect(decay.contains { names("λ", $0) } && !decay.contains { names("η", $0) })
    #expect(plain(#"$\Delta_a$"#) == "Δ_a" && plain("$R_0$") == "R0" && plain("$m(t)$") == "m")
    #expect(!names("m", "/// a mean, and the maximum"))
  }
}
