import Foundation
import Testing

/// What ARCHITECTURE.md and CONTRIBUTING.md say of all files at once.
@Suite("Architecture")
struct ArchitectureTests {
  /// Modules of the system, which any target may import.
  static let system: Set = ["Darwin", "Dispatch", "Foundation", "Glibc", "Synchronization"]

  /// The modules that a file imports, but those of the system.
  private func imports(of file: Tree.File) -> Set<String> {
    let modules = file.lines.compactMap { line -> String? in
      let match = line.firstMatch(of: /^\s*(?:@\w+ )*(?:\w+ )?import (?:\w+ )?(\w+)/)
      return match.map { String($0.1) }
    }
    return Set(modules).subtracting(Self.system)
  }

  @Test("every target imports what its row in ARCHITECTURE.md says, no more and no less")
  func imports() throws {
    let rows = try Tree.table("| target |", in: "ARCHITECTURE.md")
    var allowed: [String: Set<String>] = [:]
    for row in rows {
      try #require(row.count == 3, "\(row)")
      let modules = row[2].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      allowed[row[0].filter { $0 != "`" }] = Set(modules).subtracting(["-"])
    }
    var found: [String: Set<String>] = ["CSystem": [], "CNumerics": []]
    for file in try Tree.swiftFiles(in: "Sources") {
      found[file.target, default: []].formUnion(imports(of: file))
    }
    #expect(found.keys.sorted() == allowed.keys.sorted())
    for (target, modules) in found {
      let extra = modules.subtracting(allowed[target] ?? []).sorted()
      #expect(extra == [], "\(target) imports what its row does not allow")
      let unused = (allowed[target] ?? []).subtracting(modules).sorted()
      #expect(unused == [], "\(target) does not import what its row names")
    }
    #expect(found["MeanField"]?.contains("Training") == false)
    #expect(found["Training"]?.contains("MeanField") == false)
  }

  @Test("unsafe code stands in NumericalKit and RunStorage only")
  func unsafe() throws {
    var inside = 0
    for file in try Tree.swiftFiles(in: "Sources") {
      for (number, line) in file.lines.enumerated() {
        let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard code.contains(/\bunsafe\b|Unsafe(?:Mutable|Raw|Buffer|Pointer)|unsafeBitCast/) else {
          continue
        }
        let mayBe = ["NumericalKit", "RunStorage"].contains(file.target)
        if mayBe { inside += 1 }
        #expect(mayBe, "\(file.path):\(number + 1)")
      }
    }
    #expect(inside > 100, "the pattern finds the unsafe code there is")
  }

  @Test("lines keep to 100 columns", arguments: ["Sources", "Tests"])
  func columns(folder: String) throws {
    for file in try Tree.swiftFiles(in: folder) {
      for (number, line) in file.lines.enumerated() {
        #expect(line.count <= 100, "\(file.path):\(number + 1) has \(line.count) columns")
      }
    }
  }
}
