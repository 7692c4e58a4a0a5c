import Experiments
import Foundation
import Observables
import RunStorage
import TestSupport
import Testing

struct RuleFilesTests {
  @Test func oneRowPerRule() throws {
    try withTemporaryFolder { folder in
      let ranking = try SyntheticRules.ranking()
      try writing(to: folder) { run in
        try run.write("rules.csv") { try RulesCSV.write(ranking, to: &$0) }
      }
      let csv = try text("\(folder)/rules.csv")
      #expect(
        csv.hasPrefix(
          "rule,parameters,eta,eta_choice,reached,diverged_at,steps_to_target,"
            + "steps_to_target_standard_error,training_loss,training_loss_standard_error,"))
      let rows = CSVText.rows(csv)
      #expect(rows.map { $0["rule"] } == ["plain", "sign", "clip", "lazy"])
      #expect(rows.map { $0["reached"] } == ["yes", "yes", "yes", "diverged"])
      #expect(rows.map { $0["front"] } == ["yes", "yes", "no", "no"])
      #expect(rows.map { $0["diverged_at"] } == ["", "", "", "7"])
      #expect(rows[2]["parameters"] == "threshold=0.5" && rows[2]["eta"] == "0.1")
      let steps = ranking.outcomes[0].estimate("steps_to_target")
      #expect(rows[0]["steps_to_target"] == steps.map { "\($0.value)" })
      #expect(rows[0]["steps_to_target_standard_error"] == steps.map { "\($0.standardError)" })
      // 0.9, 0.895 and 0.89 to the powers 11.4, 10.9 and 10.3 are 0.3.
      #expect(abs((steps?.value ?? .nan) - 10.9) < 0.1)
      #expect(rows[0]["net_change"] == "" && rows[3]["training_loss"] == "")
      #expect(rows.allSatisfy { $0["agrees"] == "" })
    }
  }

  @Test func differencesFromPlain() throws {
    try withTemporaryFolder { folder in
      let ranking = try SyntheticRules.ranking()
      try writing(to: folder) { run in
        try run.write("differences.csv") {
          try RuleDifferencesCSV.write(ranking, to: &$0)
        }
      }
      let rows = CSVText.rows(try text("\(folder)/differences.csv"))
      #expect(Set(rows.map { $0["rule"] }) == ["sign", "clip"])
      #expect(rows.allSatisfy { $0["reference"] == "plain" })
      let row = rows.first { $0["rule"] == "clip" && $0["quantity"] == "writes" }
      let pair = [0, 2].compactMap { ranking.outcomes[$0].quantities["writes"] }
      let expected = PairedDifference(pair[1], minus: pair[0])
      #expect(row?["difference"] == "\(expected.estimate.value)")
      #expect(row?["standard_error"] == "\(expected.estimate.standardError)")
      #expect(row?["independent_standard_error"] == "\(expected.independentError)")
    }
  }

  @Test func bestRatesCompeteAmongThemselves() throws {
    let target = Target(name: "training_loss", value: 0.3)
    let ranking = RuleRanking(
      [
        try SyntheticRules.outcome("plain", rates: [0.1], target: target),
        try SyntheticRules.outcome("sign", rates: [0.1], energy: 2, target: target),
        try SyntheticRules.outcome(
          "plain", rates: [0.2], energy: 3, target: target, rateChoice: .best),
        try SyntheticRules.outcome(
          "sign", rates: [0.01], target: target, rateChoice: .best),
      ], energy: EnergySum(.absoluteChange), performance: "training_loss", target: target)
    #expect(ranking.outcomes.map(\.front) == [.yes, .no, .yes, .no])
    #expect(ranking.outcomes[3].ending == .unreached(batches: 0))
    #expect(Set(ranking.differences.map(\.outcome.rateChoice)) == [.equal])
  }

  @Test func withoutATargetTheLastValueIsTheOtherCost() throws {
    let ranking = try SyntheticRules.ranking(target: nil)
    #expect(ranking.performance == "training_loss")
    #expect(ranking.outcomes.map(\.front) == [.yes, .yes, .no, .no])
    #expect(ranking.text.contains("diverged at 7"))
    #expect(!ranking.text.contains("reached"))
  }

  @Test func theTableSaysWhatHappened() throws {
    let text = try SyntheticRules.ranking(
      target: Target(name: "training_loss", value: 0.1)
    ).text
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[1].hasPrefix("plain") && lines[1].contains("no (1 of 3 batches did)"))
    #expect(lines[2].hasPrefix("sign") && lines[2].contains("yes"))
    #expect(lines[3].hasPrefix("clip 0.5") && lines[3].contains(" no "))
    #expect(lines[4].hasPrefix("lazy") && lines[4].contains("diverged at 7"))
  }

  /// On the left a curve per rule that ended, each with its mark; on the right marks and front.
  @Test func theFigureHasACurvePerRuleAndTheFront() throws {
    let ranking = try SyntheticRules.ranking()
    let plot = RulesFigure(ranking).plot
    try #require(plot.panels.count == 2)
    let (runs, costs) = (plot.panels[0], plot.panels[1])
    #expect(runs.series.compactMap(\.title) == ["plain", "sign", "clip 0.5"])
    #expect(runs.series.count == 6 && runs.legend == .beside)
    #expect(runs.y.label == "training loss" && costs.y.label == "steps to the target")
    #expect(runs.guides.map(\.place) == [.horizontal(0.3)])
    let marks = costs.series.dropFirst()
    #expect(marks.count == 3 && marks.allSatisfy { $0.points.count == 1 && $0.marker != nil })
    let cheapest = ranking.outcomes.compactMap { $0.estimate("absolute_change")?.value }.min()
    #expect(costs.series[0].line?.isStaircase == true && costs.series[0].points.count == 2)
    #expect(costs.series[0].points.first?.x == cheapest)
  }
}
