import Foundation
import TestSupport
import Testing

@Suite("What a sweep refuses")
struct SweepRefusalTests {
  @Test("all points that are refused are listed, and nothing is written")
  func badPoints() throws {
    try withDmft { dmft in
      let outcome = try dmft.planSweep(vary: ["weight_mask.density=0.5,2,-1", "seed=1:2"])
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      #expect(outcome.errorLines.count == 5, "\(outcome.errors)")
      for (task, values) in [(3, "2, seed=1"), (4, "2, seed=2"), (5, "-1, seed=1")] {
        #expect(
          outcome.errors.contains("task \(task) (weight_mask.density=\(values)): small.yaml: "))
      }
      #expect(outcome.errors.contains("weight_mask.density: found -1; allowed:"))
      let last = try #require(outcome.errorLines.last)
      #expect(
        last.hasPrefix("dmft: 4 of 6 tasks are refused, and nothing was written; the first: "))
      #expect(last.contains("first: task 3 (weight_mask.density=2, seed=1): small.yaml: "))
      #expect(!dmft.has("s"))
      let solver = try dmft(
        "sweep", "plan", "small.yaml", "--command", "stationary", "--vary", "update.kind=sign,plain"
      )
      #expect(solver.status == 65 && solver.errorLines.count == 2, "\(solver.errors)")
      #expect(!dmft.has("sweeps"))
    }
  }

  @Test(
    "what cannot be a sweep is refused",
    arguments: [
      (["--vary", "seed=1:x"], "--vary"),
      (["--vary", "seed=1,2", "--vary", "seed=3"], "seed twice"),
      (["--vary", "seed=0.5,1"], "whole numbers >= 0"), ([], "--vary"),
      (["--vary", "seed=1:2", "--", "--seed", "3"], "exclude each other"),
      (["--vary", "seed=1:2", "--", "--output", "x"], "may not stand behind --"),
      (["--vary", "seed=1:2", "--", "--nonsense"], "nonsense"),
      (["--vary", "seed=1:2", "--command", "fit"], "command"),
      (["--vary", "seed=1:2", "--command", "static", "--", "--scan", "x=1:2:3"], "--scan"),
      (["--vary", "seed=1:1000", "--vary", "steps=1:1000"], "at most 100000"),
    ])
  func badUsage(_ options: [String], says: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(["sweep", "plan", "small.yaml"] + options)
      #expect(outcome.status == 64, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("sweeps"))
    }
  }

  @Test(
    "what is no sweep, or not of it, is refused",
    arguments: [
      (["run", "nothing"], "is not the folder of a sweep"),
      (["run", "s", "--tasks", "0"], "--tasks"), (["run", "s", "--share", "3/2"], "--share"),
      (["run", "s", "--jobs", "0"], "--jobs"), (["collect", "s", "--by", "steps"], "--by"),
      (["collect", "s", "--figure", "nothing"], "--figure"),
      (["slurm", "s", "--time", "soon"], "--time"),
      (["slurm", "s", "--memory", "much"], "--memory"),
    ])
  func badSweep(_ words: [String], says: String) throws {
    try withDmft { dmft in
      #expect(try dmft.planSweep().status == 0)
      #expect(try dmft("sweep", "run", "s", "--tasks", "1", "--quiet").status == 0)
      let outcome = try dmft(["sweep"] + words)
      #expect(outcome.status == 64, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("s/collected") && !dmft.has("s/sweep.sbatch"))
    }
  }
}
