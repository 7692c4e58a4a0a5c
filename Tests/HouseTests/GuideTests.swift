import Foundation
import Testing

/// The page that leads newcomers to equations, and the pages it links to.
@Suite("Guide for newcomers")
struct GuideTests {
  /// The texts between backticks in a cell, such as labels and paths.
  private func quoted(_ cell: String) -> [String] {
    cell.matches(of: /`([^`]+)`/).map { String($0.1) }
  }

  /// Whether a Swift file at or below a place in `Sources` cites a label.
  private func cites(_ label: String, at place: String) throws -> Bool {
    let files =
      place.hasSuffix(".swift")
      ? [try Tree.file("Sources/\(place)")] : try Tree.swiftFiles(in: "Sources/\(place)")
    return files.contains { file in file.lines.contains { $0.contains(label) } }
  }

  @Test("ARCHITECTURE.md is one page")
  func page() throws {
    let lines = try Tree.file("ARCHITECTURE.md").lines
    #expect(lines.count <= 121, "120 lines and the end of the last")
    for (number, line) in lines.enumerated() {
      #expect(line.count <= 160, "line \(number + 1) has \(line.count) columns")
    }
  }

  @Test("an equation is cited where the page says that it lives")
  func equations() throws {
    let rows = try Tree.table("| equation |", in: "ARCHITECTURE.md")
    #expect(rows.count > 20)
    for row in rows {
      try #require(row.count == 3, "\(row)")
      let (labels, places) = (quoted(row[1]), quoted(row[2]))
      #expect(!labels.isEmpty && !places.isEmpty, "\(row)")
      for label in labels {
        #expect(try places.contains { try cites(label, at: $0) }, "\(label) in \(places)")
      }
      for place in places {
        #expect(try labels.contains { try cites($0, at: place) }, "\(place): \(labels)")
      }
    }
    #expect(try !cites("[march.order]", at: "Training"), "the check can fail")
  }

  @Test(
    "links lead to files",
    arguments: [
      "ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/decisions/README.md",
      "Tests/MUTATIONS.md",
    ])
  func links(page: String) throws {
    let folder = Tree.root.appending(path: page).deletingLastPathComponent()
    for line in try Tree.file(page).lines {
      for match in line.matches(of: /\]\(([^)#]+)(?:#[^)]*)?\)/) where !match.1.contains(":") {
        let target = folder.appending(path: String(match.1))
        #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(match.1)")
      }
    }
  }

  @Test("every decision is in the list, under its title")
  func decisions() throws {
    let folder = "docs/decisions"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Tree.root.appending(path: folder).path)
    let pages = names.filter { $0.hasSuffix(".md") && $0 != "README.md" }
    let list = try Tree.table("| subject |", in: "\(folder)/README.md")
    #expect(pages.count > 20 && list.count == pages.count)
    for page in pages {
      let title = try Tree.file("\(folder)/\(page)").lines[0].dropFirst(2)
      #expect(list.contains { $0.last == "[\(title)](\(page))" }, "\(page)")
    }
  }
}
