import Foundation
import LearningProblem
import Testing

/// The commands that compute, from problem file to result files.
struct RunTests {
  @Test(
    "what takes minutes is announced with advice, and not if quiet", arguments: ["", "--quiet"])
  func longMarch(_ quiet: String) throws {
    try withDmft { dmft in
      for command in ["solve small.yaml", "rules small.yaml --rules plain,sign"] {
        let outcome = try dmft.shell(
          """
          "$DMFT" \(command) \(quiet) --set steps=200 --set theory.batches=1000 > out 2> err &
          for i in {1..\(quiet.isEmpty ? 600 : 10)}; do
            grep -q operations err && break
            sleep 0.1
          done
          kill $!; wait $!; cat err >&2
          """)
        #expect(
          outcome.errors.contains(", 200 steps: about ") == quiet.isEmpty, "\(outcome.errors)")
        if quiet.isEmpty {
          #expect(outcome.errors.contains("what lowers them: fewer steps, "), "\(outcome.errors)")
          #expect(outcome.errors.contains("theory.trajectories or theory.batches\n"))
        }
      }
    }
  }

  /// Value of `observable` at `step` in a curves.csv.
  private func value(_ csv: String, _ observable: String, step: Int) -> Double? {
    for line in csv.split(separator: "\n") {
      let fields = line.split(separator: ",").map(String.init)
      if fields[0] == "\(step)", fields[2] == observable { return Double(fields[3]) }
    }
    return nil
  }

  @Test(arguments: ["solve", "train"])
  func curvesAndRecord(_ command: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(command, "small.yaml", "--set", "steps=5", "--seed", "7")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("test_error"))
      let weights = command == "solve" ? "weights.csv, " : ""
      #expect(outcome.output.contains("runs/small/: curves.csv, \(weights)run.yaml"))
      #expect(dmft.has("runs/small/weights.csv") == (command == "solve"))
      #expect(outcome.errorLines.allSatisfy { $0.contains(" % after ") })
      let csv = try dmft.text("runs/small/curves.csv")
      #expect(csv.hasPrefix("step,time,observable,value,standard_error\n"))
      #expect(value(csv, "test_loss", step: 5) != nil)
      #expect(value(csv, "test_loss", step: 6) == nil)
      let record = try dmft.text("runs/small/run.yaml")
      #expect(
        record.contains("command: \"dmft \(command) small.yaml --set steps=5 --seed 7\"\n"))
      #expect(record.contains("\nproblem:\n"))
      #expect(record.contains("\n  steps: 5\n"))
      #expect(record.components(separatedBy: "seed: 7").count == 3)
      #expect(record.contains("wall_time_seconds: ") && record.contains("openblas: "))
    }
  }

  /// Networks, masks, dropout and machines from the command line; paths are averaged and recorded.
  @Test(
    arguments: [
      ("network={kind: softmax, outputs: 2}", ["magnetisation_21", "test_error"]),
      ("network={kind: boltzmann, hidden: 1, variance: 0.5}", ["log_likelihood", "free_energy"]),
      (
        "network={kind: committee, hidden: 1, readout: [1], readout_learning_rate: 0.1}",
        ["readout_1"]
      ),
      ("dropout={inputs: 0.3}", ["test_error"]),
      ("weight_mask={kind: column, density: 0.5, correlation: 0.5}", ["writes"]),
      ("weight_mask={kind: row, density: 0.5}", ["writes"]),
    ])
  func networks(_ set: String, _ observables: [String]) throws {
    try withDmft { dmft in
      for command in ["solve", "train"] {
        var arguments = [
          command, "small.yaml", "--set", set, "--set", "steps=4", "--paths", "2", "--force",
        ]
        if set.contains("softmax") {
          arguments += [
            "--set", "start.overlap=[[0.1], [0]]", "--set", "loss={kind: cross-entropy}",
          ]
        }
        if set.contains("boltzmann") { arguments += ["--set", "loss={kind: likelihood}"] }
        let outcome = try dmft(arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let csv = try dmft.text("runs/small/curves.csv")
        for observable in observables { #expect(csv.contains("\n4,0.8,\(observable),")) }
        #expect(csv.contains(",test_error,") != set.contains("boltzmann"))
        #expect(try dmft.text("runs/small/run.yaml").contains("\n  paths: 2\n"))
      }
    }
  }

  /// A machine does not look at labels: a mixture may go without, and gives the same numbers with
  /// them.
  @Test(arguments: ["solve", "train"])
  func machinesNeedNoLabels(_ command: String) throws {
    try withDmft { dmft in
      let mixture = "kind: mixture, centres: [[1], [-1]], variances: [0.5, 0.3]"
      for (folder, labels) in [("with", ", labels: [1, 2]"), ("without", "")] {
        let outcome = try dmft(
          command, "small.yaml", "--quiet", "--output", folder, "--set",
          "data={\(mixture)\(labels)}",
          "--set", "network={kind: boltzmann, hidden: 2, variance: 0.5}", "--set",
          "loss={kind: likelihood}", "--set", "start.overlap=0.1")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(try dmft.text("\(folder)/run.yaml").contains("labels:") == !labels.isEmpty)
      }
      let csv = try dmft.text("without/curves.csv")
      #expect(try dmft.text("with/curves.csv") == csv)
      #expect(csv.contains("\n8,1.6,test_log_likelihood,") && !csv.contains("nan"))
    }
  }

  @Test func theRecordedProblemGivesTheSameCurves() throws {
    try withDmft { dmft in
      _ = try dmft("train", "small.yaml", "--quiet", "--threads", "1")
      let record = try dmft.text("runs/small/run.yaml")
      let problem = record.components(separatedBy: "\nproblem:\n")[1]
        .split(separator: "\n").map { $0.dropFirst(2) }.joined(separator: "\n")
      try dmft.write(problem, to: "again.yaml")
      let outcome = try dmft("train", "again.yaml", "--quiet", "--threads", "2")
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(
        try dmft.text("runs/again/curves.csv") == dmft.text("runs/small/curves.csv"))
    }
  }

  @Test func kernelsAreWrittenAndExportedBackAndForth() throws {
    try withDmft { dmft in
      let outcome = try dmft("solve", "small.yaml", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      let names = ["correlation", "response", "gradient_covariance", "gradient_response"]
      let exported = try dmft("export", "runs/small")
      #expect(exported.status == 0, "\(exported.errors)")
      let back = try dmft(
        "export", "runs/small", "--kernel-format", "csv", "--output", "text")
      #expect(back.status == 0, "\(back.errors)")
      for name in names {
        let text = try dmft.text("runs/small/kernels/\(name).csv")
        #expect(text.hasPrefix("step,step_prime,time,time_prime,unit,unit_prime,value"))
        #expect(exported.output.contains("runs/small/kernels/\(name).npy"))
        // Only the .npy is left to export from.
        try FileManager.default.removeItem(atPath: dmft.path("runs/small/kernels/\(name).csv"))
      }
      let fromBinary = try dmft(
        "export", "runs/small", "--kernel-format", "csv", "--output", "again")
      #expect(fromBinary.status == 0, "\(fromBinary.errors)")
      for name in names {
        #expect(try dmft.text("again/\(name).csv") == dmft.text("text/\(name).csv"))
      }
      #expect(try dmft("export", "runs/small").status == 64)
      #expect(try dmft("export", "runs/small", "--force").status == 0)
    }
  }

  @Test func kernelsOnDemand() throws {
    try withDmft { dmft in
      let without = try dmft(
        "solve", "small.yaml", "--quiet", "--no-kernels", "--output", "a")
      #expect(without.status == 0, "\(without.errors)")
      #expect(!dmft.has("a/kernels"))
      #expect(try dmft("export", "a").errors.contains("holds no kernels"))
      let binary = try dmft(
        "solve", "small.yaml", "--quiet", "--kernel-format", "npy", "--output", "b")
      #expect(binary.status == 0, "\(binary.errors)")
      #expect(dmft.has("b/kernels/response.npy") && !dmft.has("b/kernels/response.csv"))
      #expect(try dmft("export", "nowhere").status == 64)
    }
  }

  @Test func compareAgreesAndWritesEverything() throws {
    try withDmft { dmft in
      let outcome = try dmft("compare", "small.yaml", "--quiet")
      #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
      let header = outcome.output.split(separator: "\n").first ?? ""
      let columns = header.split(separator: " ").map(String.init)
      #expect(columns == ["observable", "theory", "training", "largest", "rms", "verdict"])
      #expect(outcome.output.contains("theory and training AGREE"))
      #expect(outcome.output.contains("Welch t test"))
      let files = ["comparison.csv", "theory/curves.csv", "training/curves.csv"]
      for file in files { #expect(outcome.output.contains("runs/small/\(file)")) }
      for file in files + ["run.yaml"] { #expect(dmft.has("runs/small/\(file)")) }
      let csv = try dmft.text("runs/small/comparison.csv")
      #expect(
        csv.hasPrefix(
          "observable,step,time,theory,theory_standard_error,training,"
            + "training_standard_error,distance\n"))
      #expect(dmft.has("runs/small/figure.svg") == outcome.errors.isEmpty)
    }
  }

  /// Without test samples training has no test quantities, and the rest is compared, in the same
  /// numbers.
  @Test func compareWithoutTestSamples() throws {
    try withDmft { dmft in
      #expect(try dmft("compare", "small.yaml", "--quiet").status == 0)
      #expect(try dmft.text("runs/small/run.yaml").contains("test_samples: 1200\n"))
      let outcome = try dmft(
        "compare", "small.yaml", "--quiet", "--set", "training.test_samples=0", "--output", "none")
      #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
      for note in [
        "known to one side only, not compared: test_error, test_loss\n",
        "note: training measures no test loss and error: training.test_samples is 0\n",
      ] { #expect(outcome.output.contains(note), "\(outcome.output)") }
      func lines(_ file: String) throws -> [Substring] {
        try dmft.text(file).split(separator: "\n").filter { !$0.contains(",test_") }
      }
      let without = try lines("none/training/curves.csv")
      #expect(try dmft.text("none/training/curves.csv").split(separator: "\n") == without)
      #expect(try without == lines("runs/small/training/curves.csv"))
    }
  }

  @Test func withoutGnuplotOnlyTheFigureIsMissing() throws {
    try withDmft { dmft in
      var bare = dmft
      bare.environment = ["PATH": "/nonexistent"]
      let outcome = try bare("compare", "small.yaml", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("no figure.svg: gnuplot is not in PATH"))
      #expect(!dmft.has("runs/small/figure.svg"))
      #expect(dmft.has("runs/small/comparison.csv") && dmft.has("runs/small/run.yaml"))
    }
  }

  @Test func dimensionsAreExtrapolated() throws {
    try withDmft { dmft in
      let outcome = try dmft("compare", "small.yaml", "--quiet", "--dimensions", "200,400,800")
      #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
      #expect(outcome.output.contains("training extrapolated from d = 200, 400, 800"))
      #expect(
        try dmft.text("runs/small/extrapolation.csv").hasPrefix(
          "observable,step,time,value,standard_error,slope,slope_standard_error\n"))
      for name in ["d200", "d400", "d800"] {
        #expect(dmft.has("runs/small/training/\(name)/curves.csv"))
      }
      #expect(dmft.has("runs/small/training/curves.csv"))
    }
  }
}
