import Foundation
import TestSupport
import Testing

/// `dmft sweep` as a user would use it.
@Suite("Sweeps")
struct SweepTests {
  @Test("each row is the run with those values")
  func fromPlanToTable() throws {
    try withDmft { dmft in
      let planned = try dmft.planSweep()
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
      let row = try dmft.sweepTable()[2]
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
      #expect(try dmft.planSweep().status == 0)
      let first = try dmft.contents("s")
      try FileManager.default.removeItem(atPath: dmft.path("s"))
      #expect(try dmft.planSweep().status == 0)
      #expect(try dmft.contents("s") == first)
      #expect(Set(first.keys) == ["run.yaml", "sweep.yaml", "tasks.csv", "problem.yaml"])
      try dmft.write("nonsense", to: "small.yaml")
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      let again = try dmft.planSweep()
      #expect(again.status == 65 && again.errors.contains("small.yaml"))
    }
  }

  @Test("axes advance together, words and seeds among them")
  func pairs() throws {
    try withDmft { dmft in
      let planned = try dmft.planSweep(
        ["--pair", "--command", "train"], vary: ["seed=3:4", "loss.kind=square,logistic"],
        options: [])
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(
        try dmft.text("s/tasks.csv") == "task,seed,loss.kind\n0001,3,square\n0002,4,logistic\n")
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      let single = try dmft(
        "train", "small.yaml", "--seed", "4", "--set", "loss.kind=logistic", "--quiet")
      #expect(single.status == 0)
      #expect(try dmft.text("runs/small/curves.csv") == dmft.text("s/tasks/0002/curves.csv"))
      let uneven = try dmft.planSweep(["--pair"], vary: ["seed=3:4", "samples_per_weight=1,2,3"])
      #expect(uneven.status == 64 && uneven.errors.contains("the same number of values"))
    }
  }

  @Test("theory and training have names of their own, and disagreement is a result")
  func compare() throws {
    try withDmft { dmft in
      let planned = try dmft.planSweep(
        ["--command", "compare"], vary: ["training.dimension=10,20"],
        options: ["--set", "training.runs=4000"])
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      #expect(try dmft("sweep", "collect", "s", "--figure", "training/test_error").status == 0)
      for row in try dmft.sweepTable() {
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
      #expect(try dmft.sweepTable()[0]["exit_code"] == "1")
      let curves = CSVText.rows(try dmft.text("s/collected/curves.csv"))
      #expect(Set(curves.compactMap { $0["source"] }) == ["theory", "training"])
    }
  }

  @Test("a sweep of static problems has the points of a scan")
  func scan() throws {
    try withDmft { dmft in
      let axis = "samples_per_weight=1:10:4:log"
      #expect(try dmft.planSweep(["--command", "static"], vary: [axis], options: []).status == 0)
      #expect(try dmft("sweep", "run", "s", "--quiet").status == 0)
      #expect(try dmft("sweep", "collect", "s", "--figure", "norm").status == 0)
      #expect(try dmft("static", "small.yaml", "--scan", axis, "--quiet").status == 0)
      let scanned = CSVText.rows(try dmft.text("runs/small/static.csv"))
      let swept = try dmft.sweepTable()
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
        try dmft.sweepTable("two").map { $0["data.path"] } == [
          "inputs/rows.csv", "inputs/2-rows.csv",
        ])
      #expect(try dmft.text("two/inputs/2-rows.csv") == rows(30))
      let losses = try dmft.sweepTable("two").map { $0["training_loss"] }
      #expect(losses[0] != losses[1])
    }
  }

  @Test("the script of a job array runs the shares that are missing")
  func slurm() throws {
    try withDmft { dmft in
      #expect(try dmft.planSweep(vary: ["seed=1:12"]).status == 0)
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
