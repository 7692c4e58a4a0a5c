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
      try dmft.write("old", to: "runs/small/figure.svg")
      let outcome = try dmft("train", "small.yaml", "--force", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try dmft.text("runs/small/curves.csv").hasPrefix("step,time,observable"))
      #expect(!dmft.has("runs/small/figure.svg"))
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
