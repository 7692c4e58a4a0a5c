import Foundation
import NumericalKit
import RunStorage
import Synchronization
import Testing

@Suite("Folders of parts")
struct PartFolderTests {
  /// Runs `body` with the path of a folder that does not exist yet.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "/parts-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private final class Notes: Sendable {
    let all = Mutex<[String]>([])
    func add(_ note: String) { all.withLock { $0.append(note) } }
    var count: Int { all.withLock { $0.count } }
  }

  @Test("give back what was kept, to another process as well")
  func keep() throws {
    try withFolder { path in
      let notes = Notes()
      let folder = try PartFolder(path, create: true, note: notes.add)
      #expect(try folder.kept([Int].self, "a-1") == nil)
      try folder.keep([1, 2], "a-1")
      try folder.keep([3], "a-2")
      let other = try PartFolder(path, create: false, note: notes.add)
      #expect(try other.kept([Int].self, "a-1") == [1, 2])
      #expect(other.names == ["a-1", "a-2"] && other.given == 1 && folder.given == 0)
      #expect(notes.count == 0)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(path)/mine"))
      other.remove(and: [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["mine"])
      try FileManager.default.removeItem(atPath: "\(path)/mine")
      other.remove(and: [])
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(throws: OutputError.self) { try PartFolder(path, create: false, note: notes.add) }
    }
  }

  @Test("notice every damaged byte, and what is cut off")
  func damage() throws {
    try withFolder { path in
      let notes = Notes()
      let folder = try PartFolder(path, create: true, note: notes.add)
      try folder.keep(["value": 12.5], "part")
      let url = URL(fileURLWithPath: "\(path)/part.part")
      let whole = try Data(contentsOf: url)
      let heading = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
      let core = "dmft-part-1 ".utf8.count..<"dmft-part-1 \(Libraries.blasCore)".utf8.count
      for index in whole.indices {
        // The name of the core is not part of the numbers: another one is a note.
        guard !core.contains(index) || index > heading else { continue }
        var bytes = whole
        bytes[index] ^= 1
        try bytes.write(to: url)
        #expect(try folder.kept([String: Double].self, "part") == nil, "byte \(index)")
        try whole.prefix(index).write(to: url)
        #expect(try folder.kept([String: Double].self, "part") == nil, "\(index) bytes")
      }
      #expect(notes.count >= 2 * (whole.count - core.count))
      try whole.write(to: url)
      #expect(try folder.kept([String: Double].self, "part") == ["value": 12.5])
    }
  }

  @Test("say once which other processor core has computed parts")
  func cores() throws {
    try withFolder { path in
      let notes = Notes()
      let folder = try PartFolder(path, create: true, note: notes.add)
      try folder.keep(1, "part")
      let url = URL(fileURLWithPath: "\(path)/part.part")
      let text = try String(contentsOf: url, encoding: .utf8)
      try Data(text.replacing(" \(Libraries.blasCore) ", with: " Other ").utf8).write(to: url)
      for _ in 0..<3 { #expect(try folder.kept(Int.self, "part") == 1) }
      #expect(notes.count == 1)
      #expect(notes.all.withLock { $0[0].contains("were computed for Other") })
    }
  }
}
