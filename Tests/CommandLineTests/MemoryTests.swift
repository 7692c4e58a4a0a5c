import Experiments
import Foundation
import LearningProblem
import MaskedDMFT
import NumericalKit
import TestSupport
import Testing

/// A command of some 100 to 300 MB.
struct LargeCase: Sendable, CustomTestStringConvertible {
  let name: String
  let command: [String]
  let threads: Int
  let overrides: [String]

  init(
    _ name: String, _ command: String..., threads: Int = 1, setting overrides: [String]
  ) {
    (self.name, self.command, self.threads) = (name, command, threads)
    self.overrides = overrides + ["theory.batches=2", "training.runs=2"]
  }

  var testDescription: String { name }

  private static let miniBatch = "sample_mask={kind: independent, density: 0.5}"
  private static let persistent =
    "sample_mask={kind: persistent, density: 0.5, persistence_time: 1}"
  private static let full = ["sample_mask={kind: full}", "weight_mask={kind: full}"]

  static let all = [
    LargeCase(
      "sampled, mini-batch", "solve",
      setting: [miniBatch, "steps=50", "theory.trajectories=300000"]),
    LargeCase(
      "sampled, persistent, kernels", "solve",
      setting: [
        persistent, "steps=600", "theory.trajectories=4000", "weight_mask={kind: full}",
        "theory.history=all",
      ]),
    LargeCase(
      "sampled, in a frame", "solve",
      setting: [
        miniBatch, "steps=120", "theory.trajectories=120000", "weight_mask={kind: full}",
        "theory.history=compressed",
      ]),
    LargeCase(
      "sampled, full batch", "solve", setting: full + ["steps=60", "theory.trajectories=150000"]),
    LargeCase(
      "sampled, full batch, kernels", "solve",
      setting: full + ["steps=700", "theory.trajectories=2500"]),
    LargeCase(
      "sampled weights", "solve", "--no-kernels",
      setting: ["theory.sites=ensemble-both", "steps=60", "theory.trajectories=80000"]),
    LargeCase(
      "closed, probes, kernels", "solve",
      setting: [persistent, "loss.kind=square", "steps=800", "theory.trajectories=8000"]),
    LargeCase(
      "closed, many groups of probes", "solve", "--no-kernels",
      setting: [persistent, "loss.kind=square", "steps=100", "theory.trajectories=400000"]),
    LargeCase(
      "several hidden units", "solve", "--no-kernels",
      setting: [
        miniBatch, "network={kind: committee, hidden: 3, readout: [1,1,1]}", "steps=20",
        "theory.trajectories=150000",
      ]),
    LargeCase(
      "two threads", "solve", "--no-kernels", threads: 2,
      setting: [miniBatch, "steps=50", "theory.trajectories=200000"]),
    LargeCase(
      "closed, masks of weights that remember", "solve", "--no-kernels",
      setting: [
        "sample_mask={kind: full}", "loss.kind=square", "steps=1000",
        "weight_mask={kind: frozen, density: 0.5}", "theory.trajectories=3000",
      ]),
    LargeCase(
      "training, every step observed", "train", threads: 2,
      setting: ["training.dimension=2", "steps=100000"]),
    LargeCase(
      "training, full batch", "train", setting: full + ["training.dimension=4000", "steps=4"]),
    LargeCase(
      "training, mini-batch", "train", setting: [miniBatch, "training.dimension=4000", "steps=10"]),
    LargeCase(
      "training, two threads, many weights", "train", threads: 2,
      setting: ["training.dimension=800000", "samples_per_weight=1e-5", "steps=3"]),
    LargeCase(
      "training, fresh samples along many directions", "train",
      setting: [miniBatch, "training.dimension=400", "training.test_samples=80000", "steps=400"]),
  ]

  /// The flow of `flowProblem`.
  static let flow = LargeCase(
    "flow", "solve", "--no-kernels",
    setting: full + ["time={kind: flow, duration: 6, step: 0.2}", "theory.trajectories=150000"])
}

/// The problem of a flow.
private let flowProblem =
  smallProblem.split(separator: "\n").filter {
    !$0.hasPrefix("learning_rate") && !$0.hasPrefix("steps") && !$0.hasPrefix("weight_mask")
  }.joined(separator: "\n") + "\ntime: {kind: flow, duration: 4}\nweight_mask: {kind: full}\n"

@Suite("Memory", .serialized)
struct CommandMemoryTests {
  /// The peak of resident memory of a command, in bytes.
  private func peak(
    _ dmft: DmftProcess, _ command: [String], threads: Int, _ overrides: [String]
  ) throws -> Double {
    let arguments =
      [DmftProcess.executable.path, command[0], "small.yaml"] + command.dropFirst()
      + ["--quiet", "--force", "--output", "out", "--threads", "\(threads)"]
      + overrides.flatMap { ["--set", $0] }
    let script =
      "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
      + "stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    let outcome = try dmft.finish(
      dmft.start(
        ["python3", "-c", script] + arguments, executable: URL(fileURLWithPath: "/usr/bin/env")))
    try #require(outcome.status == 0, "\(outcome.errors)")
    let kilobytes = try #require(
      Double(outcome.output.filter { $0.isNumber }), "\(outcome.output)")
    return 1024 * kilobytes
  }

  private func compare(_ large: LargeCase, _ problem: String) throws {
    try withDmft { dmft in
      try dmft.write(problem, to: "small.yaml")
      let base = try peak(
        dmft, large.command, threads: 1,
        large.overrides.filter { $0.hasPrefix("time=") || $0.contains("_mask=") } + [
          "theory.trajectories=500", "training.dimension=20", "training.runs=2",
        ])
      let measured =
        try peak(dmft, large.command, threads: large.threads, large.overrides) - base
      let file = try ProblemFile(path: dmft.path("small.yaml"), overrides: large.overrides)
      let parallel = ParallelFor(threads: large.threads)
      let estimate =
        large.command[0] == "train"
        ? try DirectTraining(file.problem, file.training, parallel: parallel).work().bytes
        : try file.problem.theorySolver(
          file.theory, keepKernels: !large.command.contains("--no-kernels"), parallel: parallel
        ).memory
      #expect(measured > 50e6 && measured < 400e6)
      #expect(abs(estimate / measured - 1) < 0.2, "\(estimate) for \(measured)")
    }
  }

  @Test("is estimated to 20 % of the measured peak", arguments: LargeCase.all)
  func estimate(_ large: LargeCase) throws { try compare(large, smallProblem) }

  @Test("of a flow is that of its finer march")
  func flow() throws { try compare(.flow, flowProblem) }

  @Test("that is not granted is refused before anything is computed, with both numbers")
  func refused() throws {
    try withDmft { dmft in
      for (command, what) in [
        ("solve small.yaml --set theory.trajectories=2000000 --set steps=100", "a solve"),
        ("compare small.yaml --set training.dimension=20000", "training"),
        ("compare small.yaml --dimensions 100,20000", "training"),
        ("train small.yaml --set training.dimension=20000", "training"),
        (
          "rules small.yaml --target training_loss=0.5 --set theory.trajectories=2000000 "
            + "--set steps=100", "a solve"
        ),
      ] {
        let outcome = try dmft.shell("ulimit -v 600000; $DMFT \(command) --quiet --output out")
        #expect(outcome.status == 65, "\(command): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("\(what) that needs about "), "\(outcome.errors)")
        #expect(
          outcome.errors.contains("MB granted to this process (ulimit -v)"), "\(outcome.errors)")
        #expect(!dmft.has("out"))
      }
    }
  }

  @Test("that does not hold two batches holds one after the other, with the same results")
  func oneAfterTheOther() throws {
    try withDmft { dmft in
      for (command, name) in [
        ("solve small.yaml --no-kernels --set theory.trajectories=150000", "batches"),
        ("train small.yaml --set training.dimension=5000 --set training.runs=2", "runs"),
      ] {
        let run = "$DMFT \(command) --quiet --force --threads 2 --output"
        let all = try dmft.shell("\(run) all")
        let few = try dmft.shell("ulimit -v \(name == "runs" ? 520_000 : 310_000); \(run) few")
        #expect(all.status == 0 && few.status == 0, "\(all.errors)\(few.errors)")
        #expect(!all.output.contains("at a time"))
        #expect(few.output.contains("note: 1 of the \(name) at a time, not 2"), "\(few.output)")
        #expect(try dmft.text("all/curves.csv") == dmft.text("few/curves.csv"))
      }
    }
  }

  @Test("of a flow whose steps are too long is not taken before it is refused")
  func longFlow() throws {
    try withDmft { dmft in
      try dmft.write(flowProblem, to: "small.yaml")
      let start = ContinuousClock.now
      let outcome = try dmft(
        "solve", "small.yaml", "--quiet", "--set", "loss.kind=square", "--set",
        "time.duration=1e6", "--set", "sample_mask={kind: full}", "--set",
        "theory.trajectories=1000")
      #expect(ContinuousClock.now - start < .seconds(20))
      #expect(outcome.status == 65, "\(outcome.errors)")
      #expect(outcome.errors.contains("a flow whose steps of"), "\(outcome.errors)")
      #expect(outcome.errors.contains("use a shorter time.duration"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("fewer steps"))
    }
  }
}
