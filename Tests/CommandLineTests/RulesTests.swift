import Foundation
import TestSupport
import Testing

/// `dmft rules`, from problem file to result files.
struct RulesTests {
  private func number(_ text: String?) -> Double { text.flatMap { Double($0) } ?? .nan }

  @Test func ranksRulesToATarget() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--target", "training_loss=0.6", "--rules",
        "plain,masked:density=0.02", "--rules", "top-fraction:fraction=0.5")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("rule minus plain"))
      #expect(outcome.errorLines.contains { $0.hasPrefix("rules: 100 %") })
      for file in ["rules.csv", "differences.csv", "run.yaml", "rules/01-plain/curves.csv"] {
        #expect(dmft.has("runs/small/\(file)"), "\(file)")
      }
      let rows = CSVText.rows(try dmft.text("runs/small/rules.csv"))
      #expect(rows.map { $0["rule"] } == ["plain", "masked", "top-fraction"])
      #expect(rows.map { $0["reached"] } == ["yes", "no", "yes"])
      // Half of the synapses are on, of which competition lets half change.
      let ratios = [0, 2].map { row in
        number(rows[row]["writes"]) / number(rows[row]["steps_to_target"])
      }
      #expect(abs(ratios[0] - 0.5) < 0.01 && abs(ratios[1] - 0.25) < 0.01)
      #expect(abs(number(rows[0]["training_loss"]) - 0.6) < 1e-9)
      #expect(number(rows[0]["absolute_change"]) > 0)
      let record = try dmft.text("runs/small/run.yaml")
      #expect(record.contains("target: \"training_loss=0.6\""))
      let again = try dmft(
        "rules", "small.yaml", "--quiet", "--rules", "plain", "--output", "runs/small")
      #expect(again.status == 64 && again.errors.contains("already holds a run"))
    }
  }

  /// Rules are compared with the same random numbers, so that nothing is solved in closed form.
  @Test func allSitesAreSampled() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--rules", "plain", "--set", "loss.kind=square", "--set",
        "sample_mask={kind: full}", "--set", "weight_mask={kind: full}")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let row = try #require(
        CSVText.rows(try dmft.text("runs/small/rules/01-plain/curves.csv")).last {
          $0["observable"] == "activity"
        })
      #expect(number(row["standard_error"]) > 0, "\(row)")
    }
  }

  @Test func theStandardRulesRunToTheEnd() throws {
    try withDmft { dmft in
      let outcome = try dmft("rules", "small.yaml", "--quiet", "--set", "steps=4")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/rules.csv"))
      #expect(rows.count == 14)
      #expect(rows.allSatisfy { number($0["training_loss"]) < 0.7 && $0["reached"] == "" })
      #expect(rows.contains { $0["front"] == "yes" })
      let rates = Set(rows.map { $0["eta_choice"] })
      #expect(rates == ["equal", "own"])
    }
  }

  @Test func bestRatesAreASecondTable() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--eta", "best", "--rules", "plain,sign", "--performance",
        "test_error", "--set", "theory.trajectories=400")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/rules.csv"))
      #expect(rows.map { $0["eta_choice"] } == ["equal", "equal", "best", "best"])
      for row in 0..<2 {
        let equal = number(rows[row]["test_error"])
        #expect(number(rows[row + 2]["test_error"]) < equal)
        #expect(number(rows[row + 2]["eta"]) > 0.2)
      }
    }
  }

  /// A sum has a column of its own, of which activity is a part; rules may be ranked by activity.
  @Test func energiesMayBeSums() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--rules", "plain,sign", "--energy",
        "absolute_change + 0.1*activity")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("; energy = absolute_change + 0.1*activity"))
      for row in CSVText.rows(try dmft.text("runs/small/rules.csv")) {
        let sum = number(row["absolute_change"]) + 0.1 * number(row["activity"])
        #expect(abs(number(row["energy"]) - sum) < 1e-12 * sum, "\(row)")
        #expect(number(row["energy_standard_error"]) > 0)
      }
      #expect(try dmft.text("runs/small/differences.csv").contains(",energy,"))
      #expect(
        try dmft.text("runs/small/run.yaml").contains("absolute_change + 0.1*activity"))
      let activity = try dmft(
        "rules", "small.yaml", "--force", "--quiet", "--rules", "plain,sign", "--energy",
        "activity")
      #expect(activity.status == 0 && activity.output.contains("has less activity and"))
      let missing = try dmft.finish(
        dmft.start(["rules", "small.yaml", "--force", "--energy", "writes+reliability_cost"]))
      #expect(missing.status == 65 && missing.errors.contains("reliability_cost in the theory"))
    }
  }

  @Test func aDivergingRuleIsARow() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--target", "training_loss=0.6", "--rules",
        "plain,sign:learning_rate=1e5")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/rules.csv"))
      #expect(rows[1]["reached"] == "diverged" && rows[1]["diverged_at"] == "1")
      #expect(rows[1]["training_loss"] == "" && rows[1]["front"] == "no")
      #expect(outcome.output.contains("diverged at 1"))
    }
  }

  @Test(
    "where nothing is compared with the reference there is no table of differences",
    arguments: [
      (["plain:learning_rate=1e9", "sign"], "plain, which the others are compared with, diverged"),
      (["plain"], "there is no rule beside plain"),
      (["plain", "sign:learning_rate=1e9"], "no other rule ended as plain did"),
    ])
  func nothingToCompare(_ rules: [String], _ reason: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--rules", rules.joined(separator: ","))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("note: no differences.csv: \(reason)"), "\(outcome.output)")
      #expect(!outcome.output.contains("runs/small/differences.csv"))
      #expect(!dmft.has("runs/small/differences.csv"))
      #expect(try dmft.text("runs/small/run.yaml").contains(reason))
      #expect(CSVText.rows(try dmft.text("runs/small/rules.csv")).count == rules.count)
    }
  }

  @Test("where every rule diverges the command fails, and an earlier result stays")
  func nothingLeftToRank() throws {
    try withDmft { dmft in
      let first = try dmft("rules", "small.yaml", "--quiet", "--rules", "plain")
      #expect(first.status == 0, "\(first.errors)")
      let before = try dmft.contents("runs/small")
      let outcome = try dmft(
        "rules", "small.yaml", "--force", "--quiet", "--rules", "plain,masked:density=0.5", "--set",
        "learning_rate=3", "--set", "weight_decay=8", "--set", "sample_mask={kind: full}")
      #expect(outcome.status == 70 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("the last of 2 rules diverged at step"))
      #expect(try dmft.contents("runs/small") == before)
    }
  }

  @Test func aTargetReachedBeforeARuleDivergesIsReached() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--target", "test_error=0.3", "--rules", "plain", "--set",
        "loss.kind=square", "--set", "learning_rate=20", "--set", "steps=60", "--set",
        "sample_mask={kind: full}", "--set", "weight_mask={kind: full}", "--set",
        "theory.trajectories=400")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/rules.csv"))
      #expect(rows[0]["reached"] == "yes")
      #expect(number(rows[0]["steps_to_target"]) < 2)
    }
  }

  @Test func checkTrainsEveryRule() throws {
    try withDmft { dmft in
      let outcome = try dmft("rules", "small.yaml", "--quiet", "--check", "--rules", "plain,sign")
      #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
      let rows = CSVText.rows(try dmft.text("runs/small/rules.csv"))
      #expect(rows.map { $0["agrees"] } == ["yes", "yes"])
      // Twelve dimensions are far from infinitely many.
      let tiny = try dmft(
        "rules", "small.yaml", "--quiet", "--check", "--rules", "plain", "--set",
        "training.dimension=12", "--set", "training.runs=400", "--output", "tiny")
      #expect(tiny.status == 1)
      #expect(tiny.output.contains("DISAGREES"))
      #expect(try dmft.text("tiny/rules.csv").hasSuffix(",no\n"))
    }
  }

  @Test(
    arguments: [
      (["--rules", "nonsense"], "--rules: found 'nonsense'; allowed: plain, clip"),
      (["--rules", "clip"], "allowed: clip:threshold=VALUE with a number > 0\n"),
      (["--rules", "plain,plain"], "--rules: found plain twice"),
      (["--target", "training_loss"], "--target: found 'training_loss'; allowed: OBSERVABLE="),
      (["--target", "training_loss=low"], "--target: found 'training_loss=low'"),
      (["--target", "happiness=0.1"], "happiness, which is not recorded; allowed: training_loss"),
      (["--target", "writes=3"], "writes, which does not fall; allowed: training_loss"),
      (["--target", "test_error=-0.1"], "which is never reached; allowed: a number >= 0"),
      (["--target", "training_loss=3"], "which is met before the first step; allowed: a number <"),
      (
        ["--energy", "writes+2*joules"], "--energy: found '2*joules' in 'writes+2*joules'; allowed:"
      ),
      (["--energy", "writes+-2*activity"], "found the price '-2' of activity in"),
      (["--performance", "writes"], "--performance: found writes, which does not fall"),
    ])
  func badRequestsSayWhatIsAllowed(_ arguments: [String], _ says: String) throws {
    try withDmft { dmft in
      let outcome = try dmft.finish(dmft.start(["rules", "small.yaml"] + arguments))
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("runs"))
    }
  }

  @Test func aRuleMayNotFitTheProblem() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "rules", "small.yaml", "--rules", "plain:learning_rate=3", "--set",
        "sample_mask={kind: persistent, density: 0.5, persistence_time: 1.0}")
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("sample_mask.persistence_time: found 1.0; allowed:"))
      #expect(outcome.errors.contains("rule plain"))
      #expect(!dmft.has("runs"))
    }
  }
}
