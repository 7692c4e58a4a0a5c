import Foundation
import Testing

/// `dmft online`, and the least test errors that every command reports.
struct OnlineTests {
  private let fresh = [
    "--set", "sample_mask={kind: independent, density: 0.5}", "--set",
    "weight_mask={kind: full}", "--set", "steps=6", "--quiet",
  ]

  @Test func bothTheories() throws {
    try withDmft { dmft in
      let outcome = try dmft(["online", "small.yaml"] + fresh)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("batches") && outcome.output.contains("one by one"))
      #expect(outcome.output.contains("test error bounds: Bayes-optimal"))
      for file in ["curves.csv", "single/curves.csv"] {
        let csv = try dmft.text("runs/small/\(file)")
        #expect(csv.hasPrefix("step,time,observable,value,standard_error\n"))
        for name in ["test_loss", "test_error", "magnetisation", "norm", "bayes_test_error"] {
          #expect(csv.contains("\n6,") && csv.contains(",\(name),"))
        }
        #expect(!csv.contains("training_loss"))
      }
      #expect(
        try dmft.text("runs/small/curves.csv") != dmft.text("runs/small/single/curves.csv"))
      let record = try dmft.text("runs/small/run.yaml")
      #expect(record.contains("  samples_per_weight_seen: 6.0\n"))
      // The bounds are those of all samples seen, not of one step's 2.
      #expect(outcome.output.contains("Bayes-optimal 0.") && outcome.output.contains("at alpha 6,"))
      #expect(
        record.contains("  bayes_test_error: 0.") && record.contains("  oracle_test_error: 0."))
      #expect(!dmft.has("runs/small/comparison.csv"))
    }
  }

  @Test func check() throws {
    try withDmft { dmft in
      let outcome = try dmft(["online", "small.yaml", "--check"] + fresh)
      #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
      #expect(outcome.output.components(separatedBy: "theory and training AGREE").count == 3)
      for file in [
        "comparison.csv", "training/curves.csv", "single/comparison.csv",
        "single/training/curves.csv",
      ] {
        #expect(dmft.has("runs/small/\(file)"))
      }
      #expect(try dmft.text("runs/small/run.yaml").contains("  agree: true\n"))
      // A later run without --check removes them.
      _ = try dmft(["online", "small.yaml", "--force"] + fresh)
      #expect(!dmft.has("runs/small/single/comparison.csv"))
      #expect(dmft.has("runs/small/single/curves.csv"))
    }
  }

  @Test func persistentMasksAreRefused() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "online", "small.yaml", "--set",
        "sample_mask={kind: persistent, density: 0.5, correlation: 0.5}")
      #expect(outcome.status == 65 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("none comes back"))
      #expect(!dmft.has("runs"))
    }
  }

  @Test(arguments: ["solve", "train", "compare", "rules"])
  func everyCommandNamesTheLeastErrors(_ command: String) throws {
    try withDmft { dmft in
      let rules = command == "rules" ? ["--rules", "plain"] : []
      let outcome = try dmft(
        [
          command, "small.yaml", "--set", "steps=2", "--set",
          "data={kind: two-clusters, variance: 0.5}",
          "--set", "samples_per_weight=2", "--set", "start.overlap=0", "--quiet",
        ] + rules)
      #expect(outcome.status <= 1, "\(outcome.errors)")
      #expect(
        outcome.output.contains(
          "test error bounds: Bayes-optimal 0.10295 at alpha 2, oracle 0.07865\n"))
      let record = try dmft.text("runs/small/run.yaml")
      #expect(record.contains("  bayes_test_error: 0.1029516"))
      #expect(record.contains("  oracle_test_error: 0.0786496"))
    }
  }
}
