import Foundation
import RunStorage
import Testing

@Suite("Work that several processes share")
struct ClaimTests {
  private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "/claims-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private let process = ProcessInfo.processInfo.processIdentifier

  @Test("one has it, others are told who, until it is given back")
  func claiming() throws {
    try withFolder { folder in
      let claim = try Claim("0001", in: folder)
      let taken = #expect(throws: Claim.Taken.self) { try Claim("0001", in: folder) }
      #expect(taken?.holder?.hasPrefix("process \(process), started 20") == true)
      #expect(Claim.holder(of: "0001", in: folder) == taken?.holder)
      _ = try Claim("0002", in: folder)
      #expect(Claim.holder(of: "0003", in: folder) == nil)
      claim.release()
      #expect(Claim.holder(of: "0001", in: folder) == nil)
      try Claim("0001", in: folder).release()
      #expect(throws: OutputError.self) { try Claim("0001", in: folder + "/nothing") }
    }
  }

  @Test("a dead process of this machine has nothing, one of another machine may")
  func dead() throws {
    try withFolder { folder in
      let here = ProcessInfo.processInfo.hostName
      for (host, isThere) in [(here, false), ("elsewhere", true)] {
        try "process 4194999, started 2026-01-01T00:00:00Z on \(host)\n".write(
          toFile: "\(folder)/.0001.lock", atomically: true, encoding: .utf8)
        #expect((Claim.holder(of: "0001", in: folder) != nil) == isThere)
      }
      // What is only written in a file keeps nobody out.
      try Claim("0001", in: folder).release()
    }
  }

  @Test("a child works where it is told to, holds the claim, and says how it ends")
  func children() throws {
    try withFolder { folder in
      let claim = try Claim("0001", in: folder)
      defer { claim.release() }
      let said = try claim.scratchFile()
      let child = try #require(
        ChildProcess(
          "/bin/sh", ["-c", "pwd; readlink /proc/$$/fd/3; exit 7"], in: folder,
          output: said.fileDescriptor, inherited: claim.file))
      #expect(child.wait(limit: .seconds(20)) == 7)
      try said.seek(toOffset: 0)
      let lines = String(decoding: try said.readToEnd() ?? Data(), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.count == 2 && lines[0].hasSuffix(folder.split(separator: "/").last ?? "?"))
      #expect(lines.last?.hasSuffix("/.0001.lock") == true)
      let late = try #require(ChildProcess("/bin/sleep", ["60"]))
      #expect(late.wait(limit: .milliseconds(20)) == nil)
      #expect(ChildProcess("/nothing", []) == nil)
    }
  }

  @Test("a file that a killed process left is in nobody's way")
  func leftovers() throws {
    try withFolder { folder in
      let claim = try Claim("0001", in: folder)
      defer { claim.release() }
      try "left".write(toFile: "\(folder)/.0001.scratch", atomically: true, encoding: .utf8)
      let file = try claim.scratchFile()
      #expect(try file.readToEnd()?.isEmpty ?? true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [".0001.lock"])
    }
  }
}
