import Foundation
import Testing

/// However a run ends, its folder holds one whole result, the old or the new.
@Suite("Interruptions", .serialized)
struct InterruptionTests {
  /// A run and the two results it may have, by seed.
  private struct Subject {
    let arguments: [String]
    let results: [[String: Data]]
    let seconds: Double

    /// Runs the command with both seeds.
    init(_ arguments: [String], in dmft: DmftProcess) throws {
      let all = arguments + ["--output", "runs/one", "--force"]
      self.arguments = all
      var results: [[String: Data]] = []
      let start = ContinuousClock.now
      for seed in 0..<2 {
        let outcome = try dmft(Self.line(all, seed))
        #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
        results.append(try dmft.contents("runs/one"))
      }
      self.results = results
      seconds = (ContinuousClock.now - start) / .seconds(2)
      #expect(results[0] != results[1])
    }

    /// The command line; what `fit` writes has no seed, but it depends on the rows.
    func arguments(_ seed: Int) -> [String] { Self.line(arguments, seed) }

    private static func line(_ arguments: [String], _ seed: Int) -> [String] {
      arguments[0] == "fit"
        ? arguments + ["--classes", seed == 0 ? "a,b" : "b,a"]
        : arguments + ["--quiet", "--seed", "\(seed)"]
    }
  }

  private static let commands = [
    ["solve", "small.yaml", "--set", "steps=3"], ["train", "small.yaml"],
    ["compare", "small.yaml", "--set", "steps=2"],
    ["rules", "small.yaml", "--rules", "plain,lazy", "--set", "steps=2"], ["fit", "rows.csv"],
  ]

  private static func prepare(_ dmft: DmftProcess) throws {
    let rows = (0..<40).map {
      "\($0 * $0 % 17 + 20 * ($0 % 2)),\($0 * 7 % 13),\($0 % 2 == 0 ? "a" : "b")\n"
    }
    try dmft.write(rows.joined(), to: "rows.csv")
    try dmft.write(
      smallProblem.replacing("trajectories: 1000", with: "trajectories: 100")
        .replacing("dimension: 600", with: "dimension: 60"), to: "small.yaml")
  }

  /// A pause that ends when the last file of the run appears in its hidden folder.
  private static func awaitLastFile(_ dmft: DmftProcess, _ process: Process) {
    let file = dmft.path("runs/.one.\(process.processIdentifier)/run.yaml")
    while process.isRunning, !FileManager.default.fileExists(atPath: file) { usleep(50) }
  }

  @Test("200 runs are ended at all moments over an earlier result", arguments: commands)
  func kills(_ command: [String]) throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      let subject = try Subject(command, in: dmft)
      var random = SystemRandomNumberGenerator()
      var seen: Set<Int> = []
      let signals = [SIGKILL, SIGTERM, SIGINT, SIGHUP]
      for count in 0..<40 {
        let number = signals[count % 4]
        let running = try dmft.start(subject.arguments(count / 2 % 2))
        let process = running.process
        if count % 8 < 4 {
          usleep(UInt32(1e6 * subject.seconds * .random(in: 0...1.1, using: &random)))
        } else {
          Self.awaitLastFile(dmft, process)
        }
        kill(process.processIdentifier, number)
        let outcome = try dmft.finish(running)
        let result = try #require(
          subject.results.firstIndex(of: dmft.contents("runs/one")),
          "\(command[0]) \(number): neither the old nor the new result")
        seen.insert(result)
        if process.terminationReason == .exit {
          #expect([0, 1, 128 + number].contains(outcome.status), "\(outcome.errors)")
          #expect(!dmft.has("runs/.one.\(process.processIdentifier)"))
        }
      }
      let last = try dmft(subject.arguments(0))
      #expect([0, 1].contains(last.status), "\(last.errors)")
      #expect(try dmft.contents("runs/one") == subject.results[0])
      #expect(try dmft.names("runs") == ["one"])
    }
  }

  @Test("of two runs into one folder at once one writes", arguments: commands)
  func races(_ command: [String]) throws {
    try withDmft { dmft in
      try Self.prepare(dmft)
      let subject = try Subject(command, in: dmft)
      for count in 0..<10 {
        let forces = count % 2 == 0
        try FileManager.default.removeItem(atPath: dmft.path("runs"))
        let pair = try (0..<2).map { seed in
          try dmft.start(subject.arguments(seed).filter { forces || $0 != "--force" })
        }
        let statuses = try pair.map { try dmft.finish($0).status }
        #expect(subject.results.contains(try dmft.contents("runs/one")))
        #expect(!Set(statuses).isDisjoint(with: [0, 1]) && Set(statuses).isSubset(of: [0, 1, 64]))
        #expect(forces || statuses.contains(64))
        #expect(try dmft.names("runs") == ["one"])
      }
    }
  }

  @Test("signals end a run with their status, and leave nothing", arguments: [1, 2, 15, 24])
  func signals(_ number: Int32) throws {
    try withDmft { dmft in
      let running = try dmft.start([
        "compare", "small.yaml", "--set", "steps=5000", "--set", "training.dimension=5000",
        "--set", "theory.trajectories=20000",
      ])
      let process = running.process
      let deadline = Date.now.addingTimeInterval(20)
      while !dmft.has("runs"), process.isRunning, Date.now < deadline { usleep(1000) }
      kill(process.processIdentifier, number)
      let outcome = try dmft.finish(running)
      #expect(process.terminationReason == .exit && outcome.status == 128 + number)
      #expect(outcome.errors.contains("dmft: interrupted by SIG"))
      #expect(!dmft.has("runs"))
    }
  }

  @Test("nohup keeps a run alive")
  func ignoredSignals() throws {
    try withDmft { dmft in
      let outcome = try dmft.shell(
        "trap '' HUP; \"$DMFT\" train small.yaml --quiet & sleep 0.02; kill -HUP $!; wait $!")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(dmft.has("runs/small/run.yaml"))
    }
  }
}
