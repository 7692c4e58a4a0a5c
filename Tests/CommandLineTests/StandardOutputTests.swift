import Foundation
import Testing

/// What a command says must arrive, or its exit status says that it did not.
@Suite("Standard output")
struct StandardOutputTests {
  @Test(
    "that cannot be written is exit 74, and files are whole",
    arguments: ["> /dev/full", ">&-", ">&- <&-"])
  func failing(_ redirection: String) throws {
    try withDmft { dmft in
      for command in ["list", "example", "bounds --workloads", "train small.yaml --quiet"] {
        let outcome = try dmft.shell("\"$DMFT\" \(command) \(redirection)")
        #expect(outcome.status == 74, "\(command): \(outcome.errors)")
        let reason =
          redirection == "> /dev/full" ? "no space left on device" : "bad file descriptor"
        #expect(outcome.errors.hasPrefix("dmft: standard output cannot be written (\(reason)); "))
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      }
      #expect(Set(try dmft.contents("runs/small").keys) == ["curves.csv", "run.yaml"])
      #expect(try dmft.text("runs/small/curves.csv").hasPrefix("step,time,observable"))
    }
  }

  /// Otherwise a file of results would get its number, and what is said would stand in it.
  @Test("that is closed has its number taken")
  func closed() throws {
    try withDmft { dmft in
      let running = try dmft.start(
        ["-c", "exec \"$DMFT\" solve small.yaml --set theory.batches=10000 --quiet >&-"],
        executable: URL(fileURLWithPath: "/bin/bash"))
      let number = running.process.processIdentifier
      while running.process.isRunning, !dmft.has("runs/.small.\(number)") { usleep(1000) }
      let target = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/fd/1")
      kill(number, SIGTERM)
      #expect(try dmft.finish(running).status == 143)
      #expect(target == "/dev/null")
    }
  }

  @Test("whose reader has seen enough ends the command without a word")
  func pipes() throws {
    try withDmft { dmft in
      let outcome = try dmft.shell(
        "\"$DMFT\" train small.yaml --quiet | true; exit ${PIPESTATUS[0]}")
      #expect(outcome.status == 141 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(dmft.has("runs/small/run.yaml"))
    }
  }
}
