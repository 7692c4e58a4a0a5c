import Foundation
import LearningProblem
import TestSupport
import Testing

/// Schedules in the commands. `[schedule.kinds]`
@Suite struct ScheduleCommandTests {
  /// A shipped example in few steps.
  private static func write(_ name: String, to dmft: DmftProcess) throws {
    let example = try #require(Example.all.first { $0.name == name })
    try dmft.write(example.yaml, to: "problem.yaml")
  }

  private static let small = [
    "--set", "steps=12", "--set", "theory.trajectories=300", "--set", "theory.batches=2",
    "--set", "training.dimension=100", "--set", "training.runs=2", "--quiet",
  ]

  @Test(arguments: ["warm-up", "inverse-root", "falling-plasticity"])
  func theoryTrainingAndRules(_ name: String) throws {
    try withDmft { dmft in
      try Self.write(name, to: dmft)
      for command in [
        ["solve"], ["train"], ["rules", "--rules", "plain,sign,caching:threshold=0.1"],
      ] {
        let outcome = try dmft(
          [command[0], "problem.yaml"] + command.dropFirst() + Self.small
            + ["--output", "out-\(command[0])"])
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
  }

  @Test("one number of a schedule can be set, and the whole of it")
  func overrides() throws {
    try withDmft { dmft in
      try Self.write("inverse-root", to: dmft)
      for (setting, rates) in [
        ("learning_rate.initial=0.3", [0.3, 0.3 / 1.2.squareRoot()]),
        ("learning_rate=0.1", [0.1, 0.1]),
      ] {
        let outcome = try dmft(
          ["solve", "problem.yaml", "--set", setting, "--output", "out", "--force"] + Self.small)
        #expect(outcome.status == 0, "\(outcome.errors)")
        // Time is the sum of the rates.
        let lines = try dmft.text("out/curves.csv").split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("2,") }).split(separator: ",")
        #expect(abs((Double(line[1]) ?? .nan) - (rates[0] + rates[1])) < 1e-12)
      }
    }
  }

  @Test("figures say that time is a sum")
  func figure() throws {
    try withDmft { dmft in
      try Self.write("warm-up", to: dmft)
      let outcome = try dmft(["compare", "problem.yaml", "--output", "out"] + Self.small)
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(try dmft.text("out/figure.svg").contains("time, sum of η"))
    }
  }

  @Test(
    "states that do not change are refused",
    arguments: [["static"], ["stationary"], ["aging", "--waiting", "10"]])
  func refused(_ command: [String]) throws {
    try withDmft { dmft in
      try Self.write("warm-up", to: dmft)
      let outcome = try dmft([command[0], "problem.yaml", "--output", "out"] + command.dropFirst())
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("a schedule of learning_rate"), "\(outcome.errors)")
    }
  }

  @Test(
    "so are numbers of rules and noise that change, also in continuous time",
    arguments: [
      (
        "update={kind: clip, threshold: {kind: cosine, initial: 0.5, final: 0.1}}",
        "update.threshold"
      ),
      ("weight_noise={sigma: {kind: cosine, initial: 0.5, final: 0.1}}", "weight_noise.sigma"),
    ])
  func refused(_ setting: String, _ key: String) throws {
    try withDmft { dmft in
      try Self.write("warm-up", to: dmft)
      let settings = ["--set", "learning_rate=0.1", "--set", setting, "--output", "out"]
      for command in [["static"], ["stationary"], ["aging", "--waiting", "10"]] {
        let outcome = try dmft([command[0], "problem.yaml"] + command.dropFirst() + settings)
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("a schedule of \(key)"), "\(outcome.errors)")
      }
      for command in ["solve", "train"] {
        let outcome = try dmft([command, "problem.yaml"] + settings + ["--force"] + Self.small)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
  }
}
