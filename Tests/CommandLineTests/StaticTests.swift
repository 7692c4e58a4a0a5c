import Foundation
import TestSupport
import Testing

struct StaticTests {
  /// The cells of a CSV file, by the names of its first line.
  private func rows(_ dmft: DmftProcess, _ file: String) throws -> [[String: String]] {
    CSVText.rows(try dmft.text(file))
  }

  /// α = 2, Δ = 1/2, λ = 0.1, logistic. `[limit.static]`
  @Test func onePointIsPrintedAndWritten() throws {
    try withDmft { dmft in
      let outcome = try dmft("static", "small.yaml", "--quiet")
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      for word in [
        "1.666885", "3.91006", "0.11660220", "6.66281", "files: runs/small/: static.csv",
      ] {
        #expect(outcome.output.contains(word))
      }
      // A mini-batch of half of the samples, summed: the decay counts twice.
      #expect(outcome.output.contains("note: this is the minimum over all samples"))
      #expect(outcome.output.contains("weight_decay 0.2"))
      let row = try #require(try rows(dmft, "runs/small/static.csv").first)
      #expect(row["regime"] == "regularised" && row["margin"] == "")
      #expect(abs((Double(row["norm"] ?? "") ?? 0) - 3.910060) < 1e-6)
      #expect(try dmft.text("runs/small/run.yaml").contains("residual:"))
      #expect(!dmft.has("runs/small/figure.svg"))
    }
  }

  @Test func aScanCrossesTheThreshold() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "static", "small.yaml", "--quiet", "--set", "weight_decay=0", "--scan",
        "samples_per_weight=2:10:5")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = try rows(dmft, "runs/small/static.csv")
      #expect(rows.map { $0["samples_per_weight"] } == ["2.0", "4.0", "6.0", "8.0", "10.0"])
      #expect(
        rows.map { $0["regime"] }
          == Array(repeating: "maximum-margin", count: 3)
          + Array(repeating: "unregularised", count: 2))
      #expect(rows[0]["norm"] == "inf" && rows[0]["training_error"] == "0")
      let errors = rows.compactMap { $0["test_error"].flatMap(Double.init) }
      #expect(errors.count == 5 && errors == errors.sorted(by: >))
      #expect(try dmft.text("runs/small/figure.svg").contains("α* = 6.66282"))
    }
  }

  @Test func anyNumericKeyCanBeScanned() throws {
    try withDmft { dmft in
      for scan in ["data.variance=0.1:10:4:log", "weight_decay=1e-4:1:3:log"] {
        let outcome = try dmft("static", "small.yaml", "--quiet", "--force", "--scan", scan)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let key = String(scan.prefix { $0 != "=" })
        #expect(try rows(dmft, "runs/small/static.csv").allSatisfy { $0[key] != nil })
      }
    }
  }

  @Test(
    arguments: [
      ("samples_per_weight=2:1:5", 64, "FROM < TO"), ("samples_per_weight=1:2:0", 64, "COUNT"),
      ("weight_decay=0:1:5:log", 64, "> 0 with log"), ("samples_per_weight=1:2", 64, "KEY="),
      ("=1:2:3", 64, "KEY="), ("samples_per_weight=1:2:3:lin", 64, "COUNT:log"),
      ("nonsense=1:2:3", 65, "nonsense: found an unknown key"),
      ("loss.kind=1:2:3", 65, "loss.kind: found 1.0"),
      ("data.variance=-1:1:3", 65, "data.variance: found -1.0"),
    ])
  func aBadScanIsRefused(_ scan: String, status: Int, says: String) throws {
    try withDmft { dmft in
      let outcome = try dmft("static", "small.yaml", "--scan", scan)
      #expect(Int(outcome.status) == status)
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("runs"))
    }
  }

  /// The hinge loss at α = 2, Δ = 1/2, λ = 0.1 and 0. `[static.margin]`
  @Test func theExampleRuns() throws {
    try withDmft { dmft in
      try dmft.write(try dmft("example", "soft-margin").output, to: "soft-margin.yaml")
      let soft = try dmft("static", "soft-margin.yaml", "--quiet")
      #expect(soft.status == 0 && soft.output.contains("1.32746635"), "\(soft.errors)")
      #expect(!soft.output.contains("note:"))
      let hard = try dmft(
        "static", "soft-margin.yaml", "--quiet", "--force", "--set", "weight_decay=0")
      #expect(hard.output.contains("maximum-margin") && hard.output.contains("0.421683286"))
    }
  }

  @Test func whatIsNotConvexIsRefused() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "static", "small.yaml", "--set", "network={kind: door, width: 0.7}")
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("network.kind door") && outcome.errors.contains("dmft solve"))
      #expect(!dmft.has("runs"))
    }
  }
}
