import Foundation
import Testing

/// Runs that are ended and go on, and runs that several commands compute. However it came about, a
/// result is that of one undisturbed run, byte for byte.
@Suite("Resumed and shared runs", .serialized)
struct ResumeTests {
  private static let commands = [
    ["train"], ["compare"], ["compare", "--dimensions", "40,80"], ["solve"],
  ]

  /// `--set` of problems in which a march in steps, a closed one with probes, one in a frame and a
  /// flow are the theory.
  private static let problems = [
    "steps=30", "loss.kind=square", "theory.history=compressed", "time.kind=flow",
  ]

  private static func prepare(_ dmft: DmftProcess) throws {
    try dmft.write(
      smallProblem.replacing("trajectories: 1000", with: "trajectories: 300")
        .replacing("dimension: 600", with: "dimension: 60"), to: "small.yaml")
  }

  private static func line(
    _ command: [String], _ output: String, _ options: String...
  ) -> [String] {
    [command[0], "small.yaml"] + command.dropFirst() + ["--quiet", "--output", output] + options
  }

  /// A flow has no steps, and no masks that are drawn at each.
  private static func makeFlow(_ dmft: DmftProcess) throws {
    let lines = try dmft.text("small.yaml").split(separator: "\n").filter { line in
      !["learning_rate", "steps", "sample_mask", "weight_mask"].contains(line.prefix { $0 != ":" })
    }
    try dmft.write(
      lines.joined(separator: "\n") + "\ntime: {kind: flow, duration: 1, step: 0.1}\n",
      to: "small.yaml")
  }

  @Test("20 kills at all moments leave what the next process goes on with", arguments: commands)
  func kills(_ command: [String]) throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      let size = ["--set", "steps=60", "--set", "training.dimension=300"]
      let start = ContinuousClock.now
      let whole = try dmft(Self.line(command, "whole") + size)
      #expect([0, 1].contains(whole.status), "\(whole.errors)")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let expected = try dmft.contents("whole")
      let resumed = Self.line(command, "one", "--resume") + size
      var kills = 0
      while kills < 20 {
        let running = try dmft.start(resumed)
        usleep(UInt32(1e6 * seconds * .random(in: 0...0.8)))
        kill(running.process.processIdentifier, SIGKILL)
        let status = try dmft.finish(running).status
        kills += 1
        guard dmft.has("one") else { continue }
        // It was complete, by itself or as it was killed: the next one begins from nothing.
        #expect([0, 1, SIGKILL].contains(status))
        #expect(try dmft.contents("one") == expected)
        try FileManager.default.removeItem(atPath: dmft.path("one"))
      }
      let last = try dmft(resumed)
      #expect(last.status == whole.status, "\(last.errors)")
      #expect(try dmft.contents("one") == expected)
      #expect(!dmft.has("one.parts"))
      #expect(try dmft.names(".").filter { $0.hasPrefix(".one") } == [])
    }
  }

  @Test("a time limit keeps what is finished, and the same command ends it", arguments: commands)
  func timeLimit(_ command: [String]) throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      let whole = try dmft(Self.line(command, "whole"))
      let resumed = Self.line(command, "one", "--resume")
      let late = try dmft(resumed + ["--time-limit", "0.000001s"])
      #expect(late.status == 75)
      #expect(late.errorLines.count == 1)
      #expect(late.errors.contains("the time limit is reached; 0 of "))
      #expect(late.errors.contains("kept in one.parts: the same command goes on"))
      #expect(!dmft.has("one") && dmft.has("one.parts/whole.json"))
      let last = try dmft(resumed + ["--time-limit", "1h"])
      #expect(last.status == whole.status, "\(last.errors)")
      #expect(try dmft.contents("one") == dmft.contents("whole") && !dmft.has("one.parts"))
    }
  }

  @Test("a signal says where parts are kept")
  func signal() throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      let line = Self.line(["train"], "one", "--resume", "--set", "training.runs=20000")
      let running = try dmft.start(line)
      let deadline = Date.now.addingTimeInterval(20)
      while !dmft.has("one.parts/training-d60-run-1.part"), Date.now < deadline { usleep(1000) }
      kill(running.process.processIdentifier, SIGTERM)
      let outcome = try dmft.finish(running)
      #expect(outcome.status == 128 + SIGTERM && outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("nothing unfinished is left; finished parts are kept"))
      #expect(outcome.errors.contains("kept in one.parts: the same command goes on"))
      let names = try dmft.names(".").filter { $0.hasPrefix("one") || $0.hasPrefix(".one") }
      #expect(names == ["one.parts"])
    }
  }

  @Test("parts are taken over, and damaged ones computed again")
  func damagedParts() throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      #expect(try dmft(Self.line(["train"], "whole")).status == 0)
      // Parts of a share are those of a resumed run.
      #expect(try dmft(Self.line(["train"], "share", "--runs", "2-4")).status == 0)
      try FileManager.default.moveItem(atPath: dmft.path("share"), toPath: dmft.path("one.parts"))
      let part = "one.parts/training-d60-run-3.part"
      try dmft.write(String(try dmft.text(part).dropLast(40)), to: part)
      let last = try dmft(Self.line(["train"], "one", "--resume"))
      #expect(last.status == 0 && last.errorLines.count == 1)
      #expect(last.errors.contains("note: \(part) is damaged; it is computed again"))
      #expect(try dmft.text("one/run.yaml").contains("kept_parts: 2\n"))
      #expect(try dmft.contents("one") == dmft.contents("whole"))
      // What the share had beside its parts is not ours.
      #expect(try dmft.names("one.parts") == ["run.yaml"])
    }
  }

  @Test("parts of another run are refused by what differs")
  func otherParts() throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      let stopped = Self.line(["train"], "one", "--resume")
      #expect(try dmft(stopped + ["--time-limit", "0.000001s"]).status == 75)
      for (options, words) in [
        (["--set", "learning_rate=0.3"], "learning_rate is 0.2 there and 0.3 here"),
        (["--set", "sample_mask.density=0.25"], "sample_mask.density is 0.5 there and 0.25 here"),
        (["--seed", "9"], "theory.seed is 1 there and 9 here"),
      ] {
        let outcome = try dmft(stopped + options)
        #expect(outcome.status == 64 && outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("one.parts holds parts of another run: \(words)"))
      }
      let other = try dmft(Self.line(["compare"], "one", "--resume"))
      #expect(other.errors.contains("the command is train there and compare here"))
      // Nothing of the problem differs: the same numbers in another way.
      #expect(try dmft(stopped + ["--set", "learning_rate=2e-1"]).status == 0)
    }
  }

  @Test("shares put together in any order are one run", arguments: commands, problems)
  func merge(_ command: [String], _ problem: String) throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      if problem == "time.kind=flow" { try Self.makeFlow(dmft) }
      let set = ["--set", problem]
      let whole = try dmft(Self.line(command, "whole") + set)
      try #require([0, 1].contains(whole.status), "\(whole.errors)")
      var shares: [[String]] = []
      if command[0] != "train" { shares += [["--batches", "3-4"], ["--batches", "1-3"]] }
      if command[0] != "solve" { shares += [["--runs", "5-8"], ["--runs", "1-5"]] }
      for (number, share) in shares.enumerated() {
        let outcome = try dmft(Self.line(command, "share\(number)") + set + share)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(!dmft.has("share\(number).parts"))
        let kind = share[0] == "--runs" ? "training runs" : "theory batches"
        let record = try dmft.text("share\(number)/run.yaml")
        #expect(record.contains("share: \"\(kind) \(share[1]) of"))
      }
      let names = shares.indices.map { "share\($0)" }
      for order in [names, names.reversed()] {
        let merged = try dmft(["merge"] + order + ["--output", "one", "--force"])
        #expect(merged.status == whole.status, "\(merged.errors)")
        #expect(merged.errors.isEmpty)
        #expect(
          merged.output == whole.output.replacing("whole/", with: "one/"), "\(merged.output)")
        #expect(try dmft.contents("one") == dmft.contents("whole"))
      }
    }
  }

  @Test("missing parts are listed, and different ones refused")
  func badMerges() throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      for runs in ["1-2", "5", "4-8"] {
        #expect(try dmft(Self.line(["train"], "runs\(runs)", "--runs", runs)).status == 0)
      }
      let missing = try dmft("merge", "runs1-2", "runs5", "--output", "one")
      #expect(missing.status == 64 && missing.errorLines.count == 1)
      #expect(
        missing.errors.contains("5 of 8 parts are missing or damaged in runs1-2, runs5: "))
      #expect(missing.errors.contains(": training-d60-run-3-4,6-8; compute them"))
      #expect(try dmft(Self.line(["train"], "other", "--runs", "3", "--seed", "9")).status == 0)
      let other = try dmft("merge", "runs1-2", "other", "runs4-8", "--output", "one")
      #expect(other.status == 64)
      #expect(other.errors.contains("other holds parts of another run than runs1-2: theory.seed"))
      // A part that is whole and not the same.
      let part = try dmft.text("runs4-8/training-d60-run-6.part")
      try dmft.write(part, to: "runs5/training-d60-run-5.part")
      let unequal = try dmft("merge", "runs1-2", "runs5", "runs4-8", "--output", "one")
      #expect(unequal.status == 64)
      #expect(unequal.errors.contains("hold different results of training-d60-run-5"))
      let nothing = try dmft("merge", ".", "--output", "one")
      #expect(nothing.status == 64 && nothing.errors.contains("holds no parts of a run"))
      #expect(!dmft.has("one"))
    }
  }

  @Test("bad options are refused before anything is computed")
  func badOptions() throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      for (arguments, words) in [
        (["train", "--runs", "7-9"], "--runs: found 7-9; allowed: FIRST-LAST within 1-8"),
        (["solve", "--batches", "5"], "--batches: found 5; allowed: FIRST-LAST within 1-4"),
        (["train", "--runs", "3-2"], "found '3-2'; allowed: FIRST-LAST"),
        (["train", "--runs", "0-2"], "found '0-2'; allowed: FIRST-LAST"),
        (["train", "--resume", "--time-limit", "55"], "found '55'; allowed: a time > 0"),
        (["train", "--time-limit", "55m"], "--time-limit keeps nothing without --resume"),
        (["train", "--batches", "1"], "Unknown option '--batches'"),
        (["rules", "--resume"], "Unknown option '--resume'"),
        (["optimise", "--over", "learning_rate", "--runs", "1"], "Unknown option '--runs'"),
      ] {
        let outcome = try dmft([arguments[0], "small.yaml"] + arguments.dropFirst())
        #expect(outcome.status == 64, "\(arguments)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!dmft.has("runs"))
      }
      try Self.makeFlow(dmft)
      let outcome = try dmft(
        "solve", "small.yaml", "--batches", "1", "--set", "time.tolerance=0.1")
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("--batches: found a flow with time.tolerance"))
    }
  }
}
