import Foundation
import Testing
import TestSupport

/// `dmft sweep` as a user would use it.
@Suite("Sweeps")
struct SweepTests {
  /// Plans a sweep of four tasks called `s`.
  private func plan(
    _ dmft: DmftProcess, _ more: [String] = [],
    vary: [String] = ["samples_per_weight=1,2", "weight_mask.density=0.5,1"],
    options: [String] = ["--no-kernels"]
  ) throws -> DmftProcess.Outcome {
    try dmft(
      ["sweep", "plan", "small.yaml", "--output", "s", "--no-probe"]
        + vary.flatMap { ["--vary", $0] } + more + ["--"] + options)
  }

  /// Options with which a task takes some seconds.
  private let slow = [
    "--set", "steps=500", "--set", "theory.trajectories=20000", "--no-kernels",
  ]

  /// The rows of `sweep.csv`, but wall times.
  private func table(_ dmft: DmftProcess, _ sweep: String = "s") throws -> [[String: String]] {
    CSVText.rows(try dmft.text("\(sweep)/collected/sweep.csv")).map { row in
      row.filter { $0.key != "wall_time_seconds" }
    }
  }

  @Test("each row is the run with those values")
  func fromPlanToTable() throws {
    try withDmft { dmft in
      let planned = try plan(dmft)
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(planned.output.hasPrefix("4 tasks of dmft solve\nsamples_per_weight: 2 values"))
      #expect(
        try dmft.text("s/tasks.csv") == """
          task,samples_per_weight,weight_mask.density
          0001,1,0.5
          0002,1,1
          0003,2,0.5
          0004,2,1

          """)
      let run = try dmft("sweep", "run", "s")
      #expect(run.status == 0 && run.output.hasPrefix("4 of 4 tasks are done"), "\(run.errors)")
      #expect(run.errors.contains("sweep: 4 done, 0 failed, 0 left, took"))
      let collected = try dmft("sweep", "collect", "s")
      #expect(collected.output.hasPrefix("4 of 4 tasks collected\nfiles:"), "\(collected.errors)")
      let single = try dmft(
        "solve", "small.yaml", "--set", "samples_per_weight=2", "--set", "weight_mask.density=0.5",
        "--quiet")
      #expect(single.status == 0)
      let curves = CSVText.rows(try dmft.text("runs/small/curves.csv"))
      let row = try table(dmft)[2]
      #expect(row["task"] == "0003" && row["exit_code"] == "0")
      for name in ["training_loss", "test_error", "magnetisation", "writes"] {
        let last = try #require(curves.last { $0["observable"] == name })
        #expect(last["step"] == "8")
        #expect(row[name] == last["value"])
        #expect(row["\(name)_standard_error"] == last["standard_error"])
      }
      let own = CSVText.rows(try dmft.text("s/collected/curves.csv")).filter {
        $0["task"] == "0003"
      }
      #expect(own.allSatisfy { $0["weight_mask.density"] == "0.5" })
      #expect(own.map { $0["value"] } == curves.map { $0["value"] })
      #expect(own.map { $0["observable"] } == curves.map { $0["observable"] })
    }
  }

  @Test("the same request is planned in the same bytes, and keeps the problem as it was")
  func determinism() throws {
    try withDmft { dmft in
      #expect(try plan(dmft).status == 0)
      let first = try dmft.contents("s")
      try FileManager.default.removeItem(atPath: dmft.path("s"))
      #expect(try plan(dmft).status == 0)
      #expect(try dmft.contents("s") == first)
      #expect(Set(first.keys) == ["run.yaml", "sweep.yaml", "tasks.csv", "problem.yaml"])
      try dmft.write("nonsense", to: "small.yaml")
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      let again = try plan(dmft)
      #expect(again.status == 65 && again.errors.contains("small.yaml"))
    }
  }

  @Test("all points that are refused are listed, and nothing is written")
  func badPoints() throws {
    try withDmft { dmft in
      let outcome = try plan(dmft, vary: ["weight_mask.density=0.5,2,-1", "seed=1:2"])
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

  @Test("a task that fails is noted and stops nothing; it is tried again when asked for")
  func failures() throws {
    try withDmft { dmft in
      let planned = try plan(
        dmft, vary: ["learning_rate=0.1,1e9,0.2"], options: ["--set", "loss.kind=square"])
      #expect(planned.status == 0, "\(planned.errors)")
      let run = try dmft("sweep", "run", "s", "--quiet")
      #expect(run.status == 70 && run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.contains("1 of 3 tasks failed, the first of them task 2: "))
      #expect(Set(try dmft.names("s/tasks")) == ["0001", "0003"])
      #expect(try dmft.names("s/failures") == ["0002.yaml"])
      let failure = try dmft.text("s/failures/0002.yaml")
      #expect(failure.hasPrefix("exit_code: 70\nmessage: \""), "\(failure)")
      let status = try dmft("sweep", "status", "s").output
      #expect(status.hasPrefix("3 tasks of dmft solve: 2 done, 1 failed, 0 running, 0 missing"))
      #expect(status.contains("failed: task 2 (learning_rate=1e9), exit code 70: "))
      try FileManager.default.removeItem(atPath: dmft.path("s/failures/0002.yaml"))
      try dmft.write("exit_code: 70\nmessage: \"made up\"\n", to: "s/failures/0002.yaml")
      #expect(try dmft("sweep", "run", "s").errors.contains("made up"))
      let retried = try dmft("sweep", "run", "s", "--retry", "--quiet")
      #expect(retried.status == 70 && !retried.errors.contains("made up"))
      // What a signal ended is always tried again.
      try dmft.write("exit_code: 137\nmessage: \"killed\"\n", to: "s/failures/0002.yaml")
      _ = try dmft("sweep", "run", "s", "--quiet")
      #expect(try dmft.text("s/failures/0002.yaml") == failure)
      #expect(try dmft("sweep", "collect", "s").output.contains("failed: tasks 2\n"))
      let rows = try table(dmft)
      #expect(rows.map { $0["exit_code"] } == ["0", "70", "0"])
      #expect(rows[1]["test_error"] == "" && rows[2]["test_error"] != "")
    }
  }

  @Test("half a sweep is collected and says what is missing; the rest is run and no more")
  func half() throws {
    try withDmft { dmft in
      #expect(try plan(dmft, vary: ["seed=1:6"]).status == 0)
      #expect(try dmft("sweep", "collect", "s").status == 64)
      let run = try dmft("sweep", "run", "s", "--tasks", "1,3-4", "--quiet")
      #expect(run.output.hasPrefix("3 of 3 tasks are done"), "\(run.errors)")
      let half = try dmft("sweep", "collect", "s")
      #expect(half.status == 0 && half.output.contains("missing: tasks 2,5,6\n"), "\(half.output)")
      #expect(try table(dmft).map { $0["exit_code"] } == ["0", "", "0", "0", "", ""])
      let before = try dmft.contents("s/tasks")
      let wall = try dmft.text("s/tasks/0003/run.yaml")
      let share = try dmft("sweep", "run", "s", "--share", "2/2", "--quiet")
      #expect(share.output.hasPrefix("3 of 3 tasks are done"))
      #expect(try dmft.names("s/tasks") == ["0001", "0002", "0003", "0004", "0006"])
      #expect(try dmft("sweep", "run", "s", "--quiet").output.hasPrefix("6 of 6 tasks are done"))
      #expect(try dmft.text("s/tasks/0003/run.yaml") == wall)
      #expect(try dmft.contents("s/tasks").merging(before) { $1 } == dmft.contents("s/tasks"))
      #expect(try dmft("sweep", "run", "s", "--tasks", "7").status == 64)
    }
  }

  @Test("axes advance together, words and seeds among them")
  func pairs() throws {
    try withDmft { dmft in
      let planned = try plan(
        dmft, ["--pair", "--command", "train"], vary: ["seed=3:4", "loss.kind=square,logistic"],
        options: [])
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(
        try dmft.text("s/tasks.csv") == "task,seed,loss.kind\n0001,3,square\n0002,4,logistic\n")
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      let single = try dmft(
        "train", "small.yaml", "--seed", "4", "--set", "loss.kind=logistic", "--quiet")
      #expect(single.status == 0)
      #expect(try dmft.text("runs/small/curves.csv") == dmft.text("s/tasks/0002/curves.csv"))
      let uneven = try plan(dmft, ["--pair"], vary: ["seed=3:4", "samples_per_weight=1,2,3"])
      #expect(uneven.status == 64 && uneven.errors.contains("the same number of values"))
    }
  }

  @Test("theory and training have names of their own, and disagreement is a result")
  func compare() throws {
    try withDmft { dmft in
      let planned = try plan(
        dmft, ["--command", "compare"], vary: ["training.dimension=10,20"],
        options: ["--set", "training.runs=4000"])
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      #expect(try dmft("sweep", "collect", "s", "--figure", "training/test_error").status == 0)
      for row in try table(dmft) {
        let folder = "s/tasks/\(row["task"] ?? "")"
        let agree = try dmft.text("\(folder)/run.yaml").contains("\n  agree: true\n")
        #expect(row["exit_code"] == (agree ? "0" : "1"))
        for source in ["theory", "training"] {
          let curves = CSVText.rows(try dmft.text("\(folder)/\(source)/curves.csv"))
          let last = curves.last { $0["observable"] == "test_error" }
          #expect(row["\(source)/test_error"] == last?["value"])
        }
      }
      // In ten dimensions training is far from theory.
      #expect(try table(dmft)[0]["exit_code"] == "1")
      let curves = CSVText.rows(try dmft.text("s/collected/curves.csv"))
      #expect(Set(curves.compactMap { $0["source"] }) == ["theory", "training"])
    }
  }

  @Test("a sweep of static problems has the points of a scan")
  func scan() throws {
    try withDmft { dmft in
      let axis = "samples_per_weight=1:10:4:log"
      #expect(try plan(dmft, ["--command", "static"], vary: [axis], options: []).status == 0)
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      #expect(try dmft("sweep", "collect", "s", "--figure", "norm").status == 0)
      #expect(try dmft("static", "small.yaml", "--scan", axis, "--quiet").status == 0)
      let scanned = CSVText.rows(try dmft.text("runs/small/static.csv"))
      let swept = try table(dmft)
      #expect(swept.count == 4)
      for (point, task) in zip(scanned, swept) {
        let place = ["samples_per_weight", "norm", "test_error"].map { key in
          (Double(point[key] ?? "") ?? .nan, Double(task[key] ?? "") ?? .infinity)
        }
        #expect(place[0].0 == place[0].1)
        for (one, other) in place { #expect(abs(one - other) < 1e-9) }
      }
    }
  }

  @Test("files that a problem names are kept, also those that are varied")
  func files() throws {
    try withDmft { dmft in
      func rows(_ shift: Int) -> String {
        (0..<40).map {
          "\($0 * $0 % 17 + shift * ($0 % 2)),\($0 * 7 % 13),\($0 % 2 == 0 ? "a" : "b")\n"
        }.joined()
      }
      try FileManager.default.createDirectory(
        atPath: dmft.path("data/other"), withIntermediateDirectories: true)
      try dmft.write(rows(20), to: "data/rows.csv")
      try dmft.write(rows(30), to: "data/other/rows.csv")
      try dmft.write(
        smallProblem.replacing(
          "{kind: two-clusters, variance: 0.5}", with: "{kind: csv, path: rows.csv}"
        )
        .replacing("samples_per_weight: 2", with: "samples_per_weight: 10")
        .replacing("{dimension: 600, runs: 8, seed: 2}", with: "{runs: 2, seed: 2}"),
        to: "data/measured.yaml")
      for (name, axis) in [("one", "seed=1:2"), ("two", "data.path=rows.csv,other/rows.csv")] {
        let outcome = try dmft(
          "sweep", "plan", "data/measured.yaml", "--command", "train", "--vary", axis, "--output",
          name, "--no-probe")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      try FileManager.default.removeItem(atPath: dmft.path("data"))
      #expect(try dmft.text("one/inputs/rows.csv") == rows(20))
      for name in ["one", "two"] {
        #expect(try dmft("sweep", "run", name, "--quiet").status == 0)
        #expect(try dmft("sweep", "collect", name).status == 0)
      }
      #expect(
        try table(dmft, "two").map { $0["data.path"] } == ["inputs/rows.csv", "inputs/2-rows.csv"])
      #expect(try dmft.text("two/inputs/2-rows.csv") == rows(30))
      let losses = try table(dmft, "two").map { $0["training_loss"] }
      #expect(losses[0] != losses[1])
    }
  }

  @Test("a signal ends a run and its tasks in order", arguments: [2, 15])
  func signals(_ number: Int32) throws {
    try withDmft { dmft in
      #expect(
        try plan(dmft, vary: ["seed=1:4"], options: slow).status
          == 0)
      let running = try dmft.start(["sweep", "run", "s", "--jobs", "2", "--quiet"])
      let deadline = Date.now.addingTimeInterval(20)
      func staged() -> Int {
        (try? dmft.names("s/tasks"))?.count { $0.hasPrefix(".") && !$0.hasSuffix(".lock") } ?? 0
      }
      while staged() < 2, Date.now < deadline { usleep(1000) }
      kill(running.process.processIdentifier, number)
      let outcome = try dmft.finish(running)
      #expect(outcome.status == 128 + number)
      #expect(outcome.errors.contains("dmft: interrupted by SIG"))
      #expect(try dmft.names("s/tasks") == [])
      #expect(!dmft.has("s/failures"))
    }
  }

  @Test("the tasks of a run that is killed end too")
  func killed() throws {
    try withDmft { dmft in
      #expect(
        try plan(dmft, vary: ["seed=1:2"], options: slow).status
          == 0)
      let running = try dmft.start(["sweep", "run", "s", "--jobs", "2", "--quiet"])
      func unfinished() -> [String] {
        ((try? dmft.names("s/tasks")) ?? []).filter { $0.hasSuffix(".lock") }
      }
      let deadline = Date.now.addingTimeInterval(20)
      while unfinished().count < 2, Date.now < deadline { usleep(1000) }
      usleep(50_000)
      kill(running.process.processIdentifier, SIGKILL)
      _ = try dmft.finish(running)
      while !unfinished().isEmpty, Date.now < deadline { usleep(10_000) }
      #expect(try dmft.names("s/tasks") == [])
    }
  }

  @Test("two runs of one sweep share its tasks")
  func sharing() throws {
    try withDmft { dmft in
      #expect(try plan(dmft, vary: ["seed=1:12"]).status == 0)
      let pair = try (0..<2).map { _ in try dmft.start(["sweep", "run", "s", "--jobs", "1"]) }
      let outcomes = try pair.map { try dmft.finish($0) }
      #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.map(\.errors))")
      #expect(!dmft.has("s/failures"))
      #expect(try dmft.names("s/tasks").count == 12)
      #expect(try dmft.names("s/claims") == [])
    }
  }

  @Test("the script of a job array runs the shares that are missing")
  func slurm() throws {
    try withDmft { dmft in
      #expect(try plan(dmft, vary: ["seed=1:12"]).status == 0)
      #expect(try dmft("sweep", "run", "s", "--tasks", "1-2", "--quiet").status == 0)
      let outcome = try dmft(
        "sweep", "slurm", "s", "--array-size", "4", "--time", "00:02:00", "--cpus-per-task", "3",
        "--memory", "2G", "--partition", "long")
      #expect(outcome.output.hasPrefix("10 tasks in a job array of 4: s/sweep.sbatch\n"))
      let script = try dmft.text("s/sweep.sbatch")
      for line in [
        "#SBATCH --array=1-4", "#SBATCH --time=00:02:00", "#SBATCH --cpus-per-task=3",
        "#SBATCH --mem=2G", "#SBATCH --partition=long", "#SBATCH --requeue",
        "#SBATCH --signal=B:TERM@24",
      ] {
        #expect(script.contains("\(line)\n"), "\(line)")
      }
      // What Slurm would do for the second element.
      let element = try dmft.shell(
        "SLURM_ARRAY_TASK_ID=2 SLURM_CPUS_PER_TASK=1 bash s/sweep.sbatch")
      #expect(element.status == 0, "\(element.errors)")
      #expect(try dmft.names("s/tasks") == ["0001", "0002", "0006", "0010"])
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      #expect(try dmft("sweep", "slurm", "s").output.hasPrefix("nothing is missing"))
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
      #expect(try plan(dmft).status == 0)
      #expect(try dmft("sweep", "run", "s", "--tasks", "1", "--quiet").status == 0)
      let outcome = try dmft(["sweep"] + words)
      #expect(outcome.status == 64, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("s/collected") && !dmft.has("s/sweep.sbatch"))
    }
  }

  @Test("the probe says how long all will take, and keeps nothing")
  func probe() throws {
    try withDmft { dmft in
      let outcome = try dmft("sweep", "plan", "small.yaml", "--vary", "seed=1:3")
      #expect(outcome.status == 0 && outcome.output.contains("\ntime: about "), "\(outcome.errors)")
      #expect(outcome.output.contains("of one core (task 1 took "))
      #expect(!dmft.has("sweeps/small/tasks"))
      let again = try dmft("sweep", "plan", "small.yaml", "--vary", "seed=1:3")
      #expect(again.status == 64 && again.errors.contains("already holds a run"), "\(again.errors)")
      #expect(try dmft("sweep", "run", "sweeps/small", "--quiet").status == 0)
      let forced = try dmft("sweep", "plan", "small.yaml", "--vary", "seed=1:3", "--force")
      #expect(forced.status == 64 && forced.errors.contains("beside a run"), "\(forced.errors)")
    }
  }
}
