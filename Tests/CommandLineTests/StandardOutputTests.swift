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
        #expect(outcome.errors.hasPrefix("dmft: standard output cannot be written"))
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      }
      #expect(Set(try dmft.contents("runs/small").keys) == ["curves.csv", "run.yaml"])
      #expect(try dmft.text("runs/small/curves.csv").hasPrefix("step,time,observable"))
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
