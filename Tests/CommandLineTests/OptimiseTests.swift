import Foundation
import TestSupport
import Testing

/// `dmft optimise`, from problem file to result files.
struct OptimiseTests {
  private let square = ["--set", "loss.kind=square", "--set", "weight_decay=0.3"]

  private func number(_ text: String?) -> Double { text.flatMap { Double($0) } ?? .nan }

  /// The test loss of one step is a parabola in its rate: three solves tell where it is smallest.
  @Test func oneStepHasTheRateOfAParabola() throws {
    try withDmft { dmft in
      let fixed = square + ["--quiet", "--force", "--set", "steps=1"]
      func loss(_ rate: Double) throws -> Double {
        let outcome = try dmft(
          ["solve", "small.yaml", "--output", "solve", "--set", "learning_rate=\(rate)"] + fixed)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = CSVText.rows(try dmft.text("solve/curves.csv"))
        let last = rows.last { $0["observable"] == "test_loss" }
        return number(last?["value"])
      }
      let (a, b, c) = (try loss(0.1), try loss(0.2), try loss(0.3))
      let best = 0.2 - 0.1 * (c - a) / (2 * (a - 2 * b + c))
      let outcome = try dmft(
        ["optimise", "small.yaml", "--over", "learning_rate=0.001:10"] + fixed)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let row = CSVText.rows(try dmft.text("runs/small/protocol.csv"))[0]
      #expect(abs(number(row["learning_rate"]) / best - 1) < 1e-3)
      #expect(abs(number(row["constant learning_rate"]) / best - 1) < 1e-3)
      #expect(try abs(loss(number(row["learning_rate"])) / loss(best) - 1) < 1e-6)
    }
  }

  /// What is written is the problem with the protocol, which gives what was promised, within the
  /// budget; and the protocol is no worse than the best constant values.
  @Test func theProtocolIsAProblemThatKeepsItsPromise() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [
          "optimise", "small.yaml", "--quiet", "--over", "learning_rate", "--over",
          "sample_mask.density=0.05:1", "--price", "samples_used=0.01", "--budget",
          "squared_change=0.05", "--starts", "2",
        ] + square)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("objective: test_loss + 0.01 samples_used at step 8, "))
      #expect(outcome.output.contains("squared_change <= 0.05\n"))
      let record = try dmft.text("runs/small/run.yaml")
      func entry(_ key: String) -> Double {
        let line = record.split(separator: "\n").first { $0.hasPrefix("  \(key): ") }
        return number(line.map { String($0.dropFirst(key.count + 4)) })
      }
      let gain = entry("gain")
      let difference = entry("constant") - entry("protocol")
      #expect(gain > 1e-4)
      #expect(abs(difference - gain) < 1e-9)
      let solved = try dmft("solve", "runs/small/protocol.yaml", "--output", "again", "--quiet")
      #expect(solved.status == 0, "\(solved.errors)")
      let rows = CSVText.rows(try dmft.text("again/curves.csv")).filter { $0["step"] == "8" }
      func value(_ name: String) -> Double {
        number(rows.first { $0["observable"] == name }?["value"])
      }
      let objective = value("test_loss") + 0.01 * value("samples_used")
      #expect(abs(objective - entry("protocol")) < 1e-9)
      let change = value("squared_change")
      #expect(change < 0.05 * (1 + 1e-5) && change > 0.049)
      let samples = CSVText.rows(try dmft.text("runs/small/protocol.csv"))
        .map { number($0["sample_mask.density"]) }
      #expect(abs(samples.reduce(0, +) - value("samples_used")) < 1e-9)
      // The figure has the controls and both ways.
      if dmft.has("runs/small/figure.svg") {
        let drawing = try dmft.text("runs/small/figure.svg")
        for words in ["best constant", "best protocol", "passes over the samples"] {
          #expect(drawing.contains(">\(words)<"), "\(words)")
        }
      }
      let history = CSVText.rows(try dmft.text("runs/small/history.csv"))
      #expect(Set(history.map { $0["phase"] }) == ["constant", "protocol"])
      #expect(Set(history.map { $0["start"] }) == ["1", "2"])
      let best = history.filter { $0["phase"] == "protocol" }.map { number($0["best"]) }
        .filter(\.isFinite).min()
      #expect(abs((best ?? 0) - entry("protocol")) < 1e-12, "the best start is taken")
    }
  }

  /// Sampled sites have no gradients: the same random numbers in all solves, others in the report.
  @Test func sampledProblemsAreOptimisedToo() throws {
    try withDmft { dmft in
      let options = [
        "optimise", "small.yaml", "--quiet", "--over", "learning_rate", "--tune",
        "weight_mask.density=0.1:1", "--knots", "2", "--starts", "1", "--evaluations", "12",
      ]
      let outcome = try dmft(options)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("bobyqa (NLopt) without gradients, 3 numbers, 1 starts"))
      #expect(outcome.output.contains("±"))
      let first = try dmft.contents("runs/small")
      let best =
        CSVText.rows(try dmft.text("runs/small/history.csv"))
        .filter { $0["phase"] == "constant" }.map { number($0["best"]) }.min() ?? 0
      let record = try dmft.text("runs/small/run.yaml")
      let reported =
        record.split(separator: "\n").first { $0.hasPrefix("  constant: ") }
        .map { number(String($0.dropFirst(12))) } ?? 0
      #expect(reported != best, "no search has seen the numbers of the report")
      #expect(abs(reported - best) < 0.01)
      #expect(try dmft(options + ["--force"]).status == 0)
      #expect(try dmft.contents("runs/small") == first, "the seed decides everything")
      #expect(try dmft(options + ["--force", "--seed", "7"]).status == 0)
      #expect(try dmft.contents("runs/small")["history.csv"] != first["history.csv"])
      let yaml = try dmft.text("runs/small/protocol.yaml")
      #expect(yaml.contains("column: learning_rate") && !yaml.contains("column: weight_mask"))
      let methodless = try dmft(options + ["--force", "--method", "slsqp"])
      #expect(methodless.status == 64 && methodless.errors.contains("which needs gradients"))
    }
  }

  @Test func limitsAreKeptWithoutGradientsToo() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [
          "optimise", "small.yaml", "--quiet", "--over", "learning_rate", "--budget",
          "squared_change=0.02", "--method", "cobyla", "--knots", "2", "--starts", "1",
        ] + square)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/protocol/curves.csv"))
      let change = number(
        rows.last { $0["observable"] == "squared_change" }?["value"])
      #expect(change > 0.019 && change < 0.0201, "\(change)")
    }
  }

  @Test func aBoundThatDecidesIsSaid() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [
          "optimise", "small.yaml", "--quiet", "--minimise", "writes", "--over",
          "weight_mask.density=0.2:1", "--starts", "1",
        ] + square)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.output.contains(
          "weight_mask.density is at its lower bound 0.2 at 8 of 8 steps: the objective would "
            + "fall further beyond it"), "\(outcome.output)")
    }
  }

  /// The best constant mini-batch is full and needs no probes; that of the protocol is not.
  @Test func anExactSideIsComparedWithASampledOne() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [
          "optimise", "small.yaml", "--quiet", "--starts", "1", "--over",
          "sample_mask.density=0.5:1", "--tune", "learning_rate=0.05:0.1", "--price",
          "samples_used=0.003", "--set", "weight_mask={kind: full}", "--set", "start.variance=0.5",
        ] + square)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/protocol.csv"))
      #expect(rows.allSatisfy { number($0["constant sample_mask.density"]) == 1 })
      #expect(rows.contains { number($0["sample_mask.density"]) < 0.95 })
    }
  }

  @Test func limitsThatNothingKeepsEndTheSearch() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [
          "optimise", "small.yaml", "--quiet", "--target", "test_loss=0.0001", "--minimise",
          "squared_change", "--over", "learning_rate", "--starts", "1", "--evaluations", "20",
        ] + square)
      #expect(outcome.status == 70 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("no protocol keeps the limits"))
      #expect(!dmft.has("runs"))
    }
  }

  @Test func trainingTellsWhetherTheGainIsReal() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [
          "optimise", "small.yaml", "--quiet", "--over", "learning_rate=0.01:1", "--over",
          "sample_mask.density=0.05:1", "--price", "samples_used=0.05", "--starts", "1", "--check",
        ] + square)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("it is real; theory and training agree on both"))
      #expect(dmft.has("runs/small/constant/training/curves.csv"))
      let record = try dmft.text("runs/small/run.yaml")
      #expect(record.contains("  gain_in_training: ") && record.contains("  agree: true\n"))
    }
  }

  @Test(
    arguments: [
      (["--over", "learning_rate", "--minimise", "wrong"], "found wrong, which the theory"),
      (["--over", "learning_rate", "--budget", "wrong=1"], "--budget: found wrong"),
      (["--over", "learning_rate", "--at", "9"], "--at: found 9; allowed: a step from 1 to 8"),
      ([], "--over: found nothing"),
      (["--over", "learning_rate", "--tune", "learning_rate"], "learning_rate twice"),
      (["--over", "learning_rate", "--knots", "0"], "--knots: found 0"),
      (
        ["--over", "learning_rate", "--budget", "writes=1", "--method", "bobyqa"],
        "allowed: mma, slsqp or cobyla"
      ),
    ])
  func badRequestsAreRefused(_ options: [String], _ says: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(["optimise", "small.yaml"] + options)
      #expect(outcome.status == 64 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("runs"))
    }
  }
}
