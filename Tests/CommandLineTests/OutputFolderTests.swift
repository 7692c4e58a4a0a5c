import Experiments
import Foundation
import Testing

struct OutputFolderTests {
  @Test(arguments: ["solve", "train", "compare", "rules", "static", "online", "stationary"])
  func anEarlierRunIsRefusedBeforeComputing(_ command: String) throws {
    try withDmft { dmft in
      try FileManager.default.createDirectory(
        atPath: dmft.path("runs/small"), withIntermediateDirectories: true)
      try dmft.write("old", to: "runs/small/curves.csv")
      let outcome = try dmft(command, "small.yaml")
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("runs/small already holds a run (curves.csv)"))
      #expect(outcome.errors.contains("--force"))
      #expect(try dmft.text("runs/small/curves.csv") == "old")
    }
  }

  @Test func forceReplacesTheEarlierRun() throws {
    try withDmft { dmft in
      try FileManager.default.createDirectory(
        atPath: dmft.path("runs/small"), withIntermediateDirectories: true)
      try dmft.write("old", to: "runs/small/curves.csv")
      let figures = ["svg", "pdf", "png"].map { "runs/small/figure.\($0)" }
      for figure in figures { try dmft.write("old", to: figure) }
      let outcome = try dmft("train", "small.yaml", "--force", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try dmft.text("runs/small/curves.csv").hasPrefix("step,time,observable"))
      for figure in figures { #expect(!dmft.has(figure)) }
    }
  }

  /// A file that the list of results does not know would survive a later run in the folder.
  @Test(
    arguments: [
      ["solve", "small.yaml"], ["solve", "small.yaml", "--kernel-format", "npy"],
      ["train", "small.yaml"], ["compare", "small.yaml", "--dimensions", "50,100"],
      ["rules", "small.yaml", "--rules", "plain,lazy", "--figure", "pdf"],
      ["static", "small.yaml", "--scan", "weight_decay=0.1:1:3", "--figure", "png"],
      ["stationary", "small.yaml", "--set", "sample_mask={kind: full}"],
      ["online", "small.yaml", "--check", "--set", "sample_mask={kind: full}"],
      ["fit", "small.csv", "--stand-in"],
    ])
  func everyFileOfARunIsKnown(_ arguments: [String]) throws {
    try withDmft { dmft in
      let rows = (0..<40).map { row in
        let label = row % 2 == 0 ? "even" : "odd"
        return "\(row * row % 17 + 20 * (row % 2)),\(row * 7 % 13),\(label)\n"
      }.joined()
      try dmft.write(rows, to: "small.csv")
      let options = arguments[0] == "fit" ? [] : ["--quiet"]
      let outcome = try dmft(arguments + options)
      #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
      let folder = dmft.path("runs/small")
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
        $0.contains(".")
      }
      #expect(!files.isEmpty && Set(files) == Set(RunDirectory.results(in: folder)))
      let drawn = arguments.last { ["pdf", "png"].contains($0) } ?? "svg"
      #expect(files.allSatisfy { !$0.hasPrefix("figure") || $0 == "figure.\(drawn)" })
    }
  }

  @Test func belowARegularFileNothingCanBeWritten() throws {
    try withDmft { dmft in
      let outcome = try dmft("solve", "small.yaml", "--output", "small.yaml/run")
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("small.yaml/run cannot be created and written"))
      #expect(try dmft.text("small.yaml") == smallProblem)
    }
  }

  @Test(arguments: ["solve", "train"])
  func aDivergingRunLeavesNothing(_ command: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(
        command, "small.yaml", "--quiet", "--set", "learning_rate=1000", "--set", "steps=200",
        "--set", "loss.kind=square")
      #expect(outcome.status == 70)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("diverged at step"))
      #expect(outcome.errors.contains("smaller learning_rate"))
      #expect(!dmft.has("runs"))
    }
  }

  @Test(arguments: ["solve", "train", "compare", "rules"])
  func anInterruptedRunLeavesNothing(_ command: String) throws {
    try withDmft { dmft in
      let process = try dmft.start([
        command, "small.yaml", "--set", "steps=5000", "--set", "training.dimension=5000",
        "--set", "theory.trajectories=20000",
      ])
      let deadline = Date.now.addingTimeInterval(20)
      while !dmft.has("runs/small"), process.isRunning, Date.now < deadline {
        Thread.sleep(forTimeInterval: 0.01)
      }
      process.interrupt()
      let outcome = try dmft.finish(process)
      #expect(outcome.status == 130)
      #expect(process.terminationReason == .exit)
      #expect(!dmft.has("runs"))
    }
  }
}
