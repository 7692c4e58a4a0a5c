import Foundation
import LearningProblem
import MaskedDMFT
import Testing

/// Problems that once trapped, hung, or wrote what is no number.
struct HostileProblemTests {
  private static let committee = "network={kind: committee, hidden: 2, readout: [1, -1]}"

  /// Overrides, and what the one line of the refusal says.
  static let refused: [(overrides: [String], says: String)] = [
    (["sample_mask={kind: persistent, density: 0.5, persistence_time: 1e100}"], "persistence_time"),
    (["sample_mask={kind: persistent, density: .5, persistence_time: 1e12}"], "never change"),
    (["weight_mask={kind: column, density: 0.5}", "learning_rate=1e-154"], "learning_rate"),
    (["sample_mask={kind: epoch, density: 1e-154}"], "sample_mask.density"),
    (["data={kind: xor, separation: 1e100, variance: 1}", committee], "data.separation"),
    (["data={kind: three-clusters, variance: 1e-154}"], "data.variance"),
    (["samples_per_weight=1e30"], "samples_per_weight"),
    (["samples_per_weight=1e308"], "use other units"),
    (["start.variance=1e154", "update={kind: top-fraction, fraction: 0.5}"], "start.variance"),
    (["start.overlap=1e154"], "start.overlap"), (["learning_rate=1e308"], "learning_rate"),
    (["weight_decay=0x10"], "in decimals such as 16"), (["weight_decay=010"], "in decimals"),
    (["weight_decay=1e-400"], "weight_decay: found 1e-400"), (["theory.seed=1e17"], "theory.seed"),
    ([String(repeating: "a.", count: 40_000) + "a=1"], "key.path=value"),
    (["weight_decay=" + String(repeating: "[", count: 100_000)], "key.path=value"),
  ]

  @Test(arguments: refused.indices, ["solve", "train"])
  func isRefusedInOneLine(_ index: Int, _ command: String) throws {
    let (overrides, says) = Self.refused[index]
    try withDmft { dmft in
      let outcome = try dmft(
        [command, "small.yaml", "--output", "results"] + overrides.flatMap { ["--set", $0] })
      #expect(outcome.status == 65 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(says) && outcome.errors.count < 500, "\(outcome.errors)")
      #expect(!dmft.has("results"))
    }
  }

  /// A fifth of the steps of a relaxation that no step can resolve is not tried.
  @Test func aFlowTooSteepForGrowingStepsIsRefused() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "solve", "small.yaml", "--set", "samples_per_weight=1e12", "--set", "learning_rate=1",
        "--set", "sample_mask.kind=full", "--set", "weight_mask={kind: full}")
      #expect([65, 70].contains(outcome.status) && outcome.errorLines.count == 1)
      try dmft.write(
        """
        data: {kind: two-clusters, variance: 0.5}
        samples_per_weight: 1e12
        start: {variance: 0.1}
        time: {kind: flow, duration: 1000, step: 0.1, growth: 0.1}
        """, to: "flow.yaml")
      let flow = try dmft("solve", "flow.yaml")
      #expect(flow.status == 65 && flow.errors.contains("time.growth 0.1"), "\(flow.errors)")
    }
  }

  /// YAML whose reading would take more time or stack than there is, and what is said.
  static let yaml: [(text: String, says: String)] = [
    (String(repeating: "[", count: 100_000), "levels"),
    (String(repeating: "- ", count: 100_000), "levels"),
    ((0..<100).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "levels"),
    (
      "a0: &a0 [x, x, x]\n"
        + (1..<9).map {
          "a\($0): &a\($0) [\(repeatElement("*a\($0 - 1)", count: 9).joined(separator: ","))]\n"
        }
        .joined(), "more than 20 aliases"
    ),
    ("note: [a#, " + String(repeating: "[", count: 70), "levels"),
    (
      "a0: &a0 [\(repeatElement("x", count: 1000).joined(separator: ","))]\n"
        + (1..<10).map { "a\($0): &a\($0) [*a\($0 - 1),*a\($0 - 1)]\n" }.joined(), "values"
    ),
    (
      "steps: 3\nloss: {kind: square}\nsteps: 4\n",
      "bad.yaml:1: steps: found the key again in line 3"
    ),
    ("start: {variance: 1, variance: 2}\n", "bad.yaml:1: variance: found the key again in line 1"),
    ("loss: \u{1b}[31mred\n", "invalid YAML (control characters are not allowed"),
    ("start: {<<: 3}\n", "bad.yaml:1: <<: found what is no mapping"),
  ]

  @Test(arguments: yaml.indices)
  func yamlIsBounded(_ index: Int) throws {
    let (text, says) = Self.yaml[index]
    try withDmft { dmft in
      try dmft.write(text, to: "bad.yaml")
      let outcome = try dmft("solve", "bad.yaml")
      #expect(outcome.status == 65 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
  }

  private static let brackets = String(repeating: "[", count: 70)

  /// What looks deep or full of aliases and is neither: it is read, and its key found unknown.
  @Test(
    arguments: [
      "# \(brackets)\nnote: 1", "note: '\(brackets)'", "note: \"\(brackets)\"",
      "note: \"\\\"\(brackets)\"", "note: [" + String(repeating: "[], ", count: 100) + "]",
      "note:\n" + String(repeating: "  - a: 1\n", count: 100),
      "note: " + String(repeating: "a*b ", count: 30),
    ])
  func harmlessYamlIsRead(_ text: String) {
    #expect {
      try ProblemFile(yaml: text, name: "note.yaml")
    } throws: { error in
      "\(error)".contains("note: found an unknown key")
    }
  }

  @Test func controlCharactersOfArgumentsAreEscaped() throws {
    try withDmft { dmft in
      for arguments in [
        ["solve", "\u{1b}[31m"], ["solve", "small.yaml", "--threads", "\u{1b}"],
        ["\u{1b}[2J", "x"],
        ["solve", "small.yaml", "--set", "loss={kind: \"\\e[31m\\n\"}"],
      ] {
        let outcome = try dmft(arguments)
        #expect([64, 65].contains(outcome.status))
        #expect(!outcome.errors.contains("\u{1b}") && outcome.errors.contains("\\u{1b}"))
      }
    }
  }

  @Test func mergeKeysAreTheMappingsTheyName() throws {
    try withDmft { dmft in
      try dmft.write(
        smallProblem.replacingOccurrences(
          of: "weight_mask: {kind: independent, density: 0.5}",
          with: "weight_mask: {<<: *mask, density: 0.25}"
        ).replacingOccurrences(of: "sample_mask: {", with: "sample_mask: &mask {"),
        to: "merged.yaml")
      #expect(try dmft("solve", "merged.yaml").status == 0)
      let record = try dmft.text("runs/merged/run.yaml")
      #expect(record.contains("  weight_mask:\n    kind: independent\n    density: 0.25\n"))
    }
  }

  @Test func aProblemMayComeThroughAPipe() throws {
    try withDmft { dmft in
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.currentDirectoryURL = URL(fileURLWithPath: dmft.folder)
      shell.arguments = [
        "-c",
        "cat small.yaml | \"$0\" solve - --quiet && \"$0\" train /dev/stdin --quiet "
          + "--output other < small.yaml", DmftProcess.executable.path,
      ]
      shell.standardOutput = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
      #expect(dmft.has("runs/stdin/curves.csv") && dmft.has("other/curves.csv"))
      #expect(try dmft("solve", "-").errors.hasPrefix("dmft: stdin: found an empty file"))
      #expect(try dmft("solve", ".").errors.hasPrefix("dmft: .: found a folder"))
    }
  }

  /// Whatever traps ends with one sentence and status 70, here by a signal from outside.
  @Test(arguments: [SIGSEGV, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGABRT])
  func aTrapIsOneSentence(_ number: Int32) throws {
    try withDmft { dmft in
      var dmft = dmft
      dmft.environment = [:]
      let running = try dmft.start(["solve", "small.yaml", "--set", "theory.batches=10000"])
      let process = running.process
      let hidden = "runs/.small.\(process.processIdentifier)"
      while process.isRunning, !dmft.has(hidden) { usleep(1000) }
      kill(process.processIdentifier, number)
      let outcome = try dmft.finish(running)
      #expect(outcome.status == 70 && process.terminationReason == .exit, "\(outcome.status)")
      #expect(outcome.errors.contains("dmft: internal error (SIG"), "\(outcome.errors)")
      #expect(outcome.errors.contains("please report it"))
    }
  }

  private func isFinite(_ text: String) -> Bool {
    !text.split(whereSeparator: { ", :\n".contains($0) }).contains { word in
      Double(word).map { !$0.isFinite } ?? false
    }
  }

  /// More noise is better without end where the curvature is not positive: no row then.
  @Test(arguments: ["solve", "train"], ["door, width: 1", "perceptron"])
  func optimalNoiseIsWrittenWhereThereIsOne(_ command: String, _ network: String) throws {
    try withDmft { dmft in
      var arguments = [command, "small.yaml", "--output", "results", "--no-kernels"]
      if command == "train" { arguments.removeLast() }
      for change in [
        "network={kind: \(network)}", "weight_noise={sigma: 0.1, reliability_cost: 0.01}",
        "start.overlap=0.3",
        "loss.kind=\(network == "perceptron" ? "hinge" : "logistic")", "training.dimension=10",
      ] { arguments += ["--set", change] }
      let outcome = try dmft(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let curves = try dmft.text("results/curves.csv")
      #expect(isFinite(curves) && isFinite(outcome.output))
      #expect(curves.contains("reliability_cost"))
    }
  }

  /// No unit learns at the first step, and the first gradient is known all the same.
  @Test func rulesUnderARowMaskHaveAFirstGradient() throws {
    try withDmft { dmft in
      for seed in 1...4 {
        let outcome = try dmft(
          "rules", "small.yaml", "--output", "rules\(seed)", "--rules", "plain,sign", "--set",
          "start.variance=0", "--set", "weight_mask={kind: row, density: 0.5, seed: \(seed)}")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let record = try dmft.text("rules\(seed)/run.yaml")
        let line = record.split(separator: "\n").first { $0.contains("initial_gradient") }
        let number = line?.split(separator: " ").last.flatMap { Double($0) }
        #expect((number ?? -1) > 0.1 && isFinite(record), "\(line ?? "")")
      }
    }
  }
}
