import Foundation
import NumericalKit
import RunStorage
import Testing

/// A folder that holds the runs of a test, removed at the end.
private func withRuns<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "/runs-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// All files below a folder, with their texts.
private func texts(_ folder: String) throws -> [String: String] {
  var texts: [String: String] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    var isFolder: ObjCBool = false
    _ = unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
    guard !isFolder.boolValue else { continue }
    texts[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }
  return texts
}

private func put(_ text: String, _ path: String) throws {
  try FileManager.default.createDirectory(
    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
  try text.write(toFile: path, atomically: true, encoding: .utf8)
}

/// A run of one table, written whole.
private func run(
  _ path: String, _ text: String, file: String = "curves.csv", force: Bool = false,
  exchange: RunDirectory.Exchange = .atomic
) throws {
  try RunDirectory.writing(to: path, force: force, exchange: exchange) { directory in
    try directory.write(file, text: text)
    return ((), "command: \"\(text)\"\n")
  }
}

@Suite("The folder of a run is a transaction")
struct RunDirectoryTests {
  @Test("until the end nothing is seen, then everything")
  func committing() throws {
    try withRuns { runs in
      let directory = try RunDirectory("\(runs)/a/one")
      try directory.write("kernels/b.csv", text: "b")
      try directory.write("a.csv", text: "a")
      #expect(!FileManager.default.fileExists(atPath: "\(runs)/a/one"))
      try directory.commit(record: "version: 1\n")
      #expect(
        try texts(runs) == [
          "a/one/a.csv": "a", "a/one/kernels/b.csv": "b",
          "a/one/run.yaml": """
          files:
            - "a.csv"
            - "kernels/b.csv"
            - "run.yaml"
          version: 1

          """,
        ])
      directory.discard()
      #expect(try texts(runs).count == 3)
    }
  }

  @Test("what is not committed leaves nothing, not even the folders made for it")
  func discarding() throws {
    try withRuns { runs in
      let directory = try RunDirectory("\(runs)/a/b/one")
      try directory.write("kernels/b.csv", text: "b")
      directory.discard()
      #expect(try FileManager.default.contentsOfDirectory(atPath: runs) == [])
    }
  }

  @Test("an earlier run is refused, or replaced as a whole", arguments: [true, false])
  func replacing(isAtomic: Bool) throws {
    try withRuns { runs in
      try run("\(runs)/one", "old", file: "kernels/old.csv")
      let error = #expect(throws: OutputError.self) { try RunDirectory("\(runs)/one") }
      #expect(error?.description.contains("\(runs)/one already holds a run") == true)
      #expect(error?.description.contains("--force") == true)
      let before = try texts(runs)
      let directory = try RunDirectory(
        "\(runs)/one", force: true, exchange: isAtomic ? .atomic : .twoRenames)
      try directory.write("new.csv", text: "new")
      #expect(
        try texts("\(runs)/one") == texts("\(runs)/one").filter { before["one/\($0.key)"] != nil })
      try directory.commit(record: "")
      #expect(Set(try texts(runs).keys) == ["one/new.csv", "one/run.yaml"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: runs) == ["one"])
    }
  }

  @Test("a folder that is replaced keeps who may read it")
  func permissions() throws {
    try withRuns { runs in
      try run("\(runs)/one", "old")
      let manager = FileManager.default
      try manager.setAttributes([.posixPermissions: 0o750], ofItemAtPath: "\(runs)/one")
      try run("\(runs)/one", "new", force: true)
      let kept = try manager.attributesOfItem(atPath: "\(runs)/one")[.posixPermissions] as? Int
      #expect(kept == 0o750)
    }
  }

  @Test("a failed run leaves the old one, whole")
  func failing() throws {
    try withRuns { runs in
      try run("\(runs)/one", "old")
      let before = try texts(runs)
      let directory = try RunDirectory("\(runs)/one", force: true)
      struct Stop: Error {}
      #expect(throws: Stop.self) {
        try directory.write("curves.csv") {
          try $0.write("half of the new")
          throw Stop()
        }
      }
      directory.discard()
      #expect(try texts(runs) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: runs) == ["one"])
    }
  }

  @Test("what no run has written is refused and stays, with --force too", arguments: [true, false])
  func strangers(force: Bool) throws {
    try withRuns { runs in
      try put("mine", "\(runs)/empty/notes.txt")
      try run("\(runs)/one", "old")
      try put("mine", "\(runs)/one/training/mine.csv")
      let before = try texts(runs)
      for (name, stranger) in [("empty", "notes.txt"), ("one", "training/mine.csv")] {
        let error = #expect(throws: OutputError.self) {
          try RunDirectory("\(runs)/\(name)", force: force)
        }
        #expect(error?.description.contains("\(runs)/\(name) holds \(stranger)") == true)
      }
      #expect(try texts(runs) == before)
    }
  }

  @Test("what comes into the folder during a run is not lost, nor is the run")
  func lateStrangers() throws {
    try withRuns { runs in
      try run("\(runs)/one", "old")
      let directory = try RunDirectory("\(runs)/one", force: true)
      try directory.write("curves.csv", text: "new")
      try put("mine", "\(runs)/one/notes.txt")
      let error = #expect(throws: WriteError.self) { try directory.commit(record: "") }
      let process = ProcessInfo.processInfo.processIdentifier
      #expect(error?.description.contains("one.\(process)") == true)
      let after = try texts(runs)
      #expect(after["one/curves.csv"] == "old" && after["one/notes.txt"] == "mine")
      #expect(after["one.\(process)/curves.csv"] == "new")
      directory.discard()
      #expect(try texts(runs) == after)
      #expect(after.count == 5 && after["one.\(process)/run.yaml"] != nil)
    }
  }

  @Test("an input of the run is never replaced")
  func inputs() throws {
    try withRuns { runs in
      try run("\(runs)/one", "old", file: "measured.yaml")
      let error = #expect(throws: OutputError.self) {
        try RunDirectory("\(runs)/one", force: true, inputs: ["\(runs)/./one/measured.yaml"])
      }
      #expect(error?.description.contains("reads \(runs)/./one/measured.yaml") == true)
      try run("\(runs)/one", "new", force: true)
    }
  }

  @Test("a second process is told who writes and since when")
  func locking() throws {
    try withRuns { runs in
      let first = try RunDirectory("\(runs)/one")
      let error = #expect(throws: OutputError.self) { try RunDirectory("\(runs)/one", force: true) }
      let process = ProcessInfo.processInfo.processIdentifier
      let words = try #require(error?.description)
      #expect(words.contains("is being written by process \(process), started 20"))
      try run("\(runs)/other", "fine")
      first.discard()
      try run("\(runs)/one", "fine")
    }
  }

  @Test("what a dead process left goes away; an interrupted exchange is repaired")
  func leftovers() throws {
    try withRuns { runs in
      try put("process 4194999, started 2026-01-01T00:00:00Z\n", "\(runs)/.one.lock")
      try put("half", "\(runs)/.one.4194999/kernels/a.csv")
      try put("stays", "\(runs)/.one.123/b.csv")
      try run("\(runs)/one", "old")
      let old = try texts("\(runs)/one")
      #expect(
        Set(try FileManager.default.contentsOfDirectory(atPath: runs)) == ["one", ".one.123"])
      // Between the two renames: the old run has another name, the new one waits.
      try put("process 4194999, started 2026-01-01T00:00:00Z\n", "\(runs)/.one.lock")
      try FileManager.default.moveItem(
        atPath: "\(runs)/one", toPath: "\(runs)/.one.4194999.old")
      try put("new", "\(runs)/.one.4194999/curves.csv")
      #expect(throws: OutputError.self) { try RunDirectory("\(runs)/one") }
      #expect(try texts("\(runs)/one") == old)
      #expect(
        Set(try FileManager.default.contentsOfDirectory(atPath: runs)) == ["one", ".one.123"])
    }
  }

  @Test("links are followed, and what cannot be replaced is refused")
  func places() throws {
    try withRuns { runs in
      let manager = FileManager.default
      try manager.createDirectory(atPath: "\(runs)/real", withIntermediateDirectories: true)
      try manager.createSymbolicLink(atPath: "\(runs)/link", withDestinationPath: "real")
      try run("\(runs)/link/", "through a link")
      #expect(try texts("\(runs)/real")["curves.csv"] == "through a link")
      #expect(try manager.destinationOfSymbolicLink(atPath: "\(runs)/link") == "real")
      try put("x", "\(runs)/file")
      try manager.createSymbolicLink(atPath: "\(runs)/dangling", withDestinationPath: "nothing")
      for (path, words) in [
        ("", "--output is empty"), ("/", "cannot be replaced"), (".", "cannot be replaced"),
        ("\(runs)/file", "is a file"), ("\(runs)/file/run", "cannot be created"),
        ("\(runs)/dangling", "link to nothing"), ("/proc", "mounted"),
        ("\(runs)/" + String(repeating: "a", count: 256), "cannot be created"),
      ] {
        let error = #expect(throws: OutputError.self) { try RunDirectory(path) }
        #expect(error?.description.contains(words) == true, "\(path): \(error?.description ?? "")")
      }
      #expect(
        Set(try manager.contentsOfDirectory(atPath: runs)) == ["real", "link", "file", "dangling"])
    }
  }

  @Test("a folder moved or removed during the run loses nothing in silence")
  func moving() throws {
    try withRuns { runs in
      let moved = try RunDirectory("\(runs)/a/one")
      try FileManager.default.moveItem(atPath: "\(runs)/a", toPath: "\(runs)/b")
      try moved.write("curves.csv", text: "new")
      let error = #expect(throws: WriteError.self) { try moved.commit(record: "") }
      #expect(error?.description.contains("was moved during this run") == true)
      #expect(Set(try texts(runs).keys) == ["b/one/curves.csv", "b/one/run.yaml"])
      let removed = try RunDirectory("\(runs)/c/one")
      try FileManager.default.removeItem(atPath: "\(runs)/c")
      let gone = #expect(throws: WriteError.self) { try removed.write("curves.csv", text: "new") }
      #expect(gone?.description.contains("removed during this run") == true)
      removed.discard()
    }
  }

  @Test("names with any characters are listed as YAML and JSON read them")
  func names() throws {
    try withRuns { runs in
      let name = "a \"b\" \\ \n\t\u{1B}\u{7F}\u{2028}ä😀.csv"
      try run("\(runs)/one", "old", file: name)
      try run("\(runs)/one", "new", force: true)
      #expect(name.quoted == #""a \"b\" \\ \n\t\u001b\u007f\u2028ä😀.csv""#)
    }
  }

  @Test("a run may keep what it finds and add to it")
  func keeping() throws {
    try withRuns { runs in
      try run("\(runs)/one", "old", file: "kernels/a.csv")
      let directory = try RunDirectory("\(runs)/one", force: true)
      let record = try directory.keepRun(except: ["kernels/b.csv"])
      try directory.write("kernels/b.csv", text: "b")
      try directory.commit(record: record)
      let after = try texts("\(runs)/one")
      #expect(after["kernels/a.csv"] == "old" && after["kernels/b.csv"] == "b")
      #expect(after["run.yaml"]?.hasSuffix("  - \"run.yaml\"\ncommand: \"old\"\n") == true)
      try run("\(runs)/one", "new", force: true)
    }
  }
}
