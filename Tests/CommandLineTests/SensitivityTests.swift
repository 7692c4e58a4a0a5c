import Foundation
import TestSupport
import Testing

/// `dmft sensitivity`, from problem file to result files.
struct SensitivityTests {
  /// Rows of `sensitivity.csv` by control: step, time, value, then derivative and elasticity, each
  /// with its error where there is one.
  private static func rows(_ dmft: DmftProcess, _ folder: String) throws -> [String: [[Double]]] {
    let table = CSVText.lines(try dmft.text("\(folder)/sensitivity.csv"))
    var rows = [String: [[Double]]]()
    for row in table.dropFirst() {
      var numbers = row
      let control = numbers.remove(at: 2)
      rows[control, default: []].append(numbers.compactMap { Double($0) })
    }
    return rows
  }

  private static let controls = [
    "learning_rate", "sample_mask.density", "weight_decay", "weight_mask.density",
  ]

  @Test func exactDerivativesOfAllSteps() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "sensitivity", "small.yaml", "--quiet", "--of", "norm", "--set", "loss.kind=square")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("norm at step 8: ") && !outcome.output.contains("±"))
      #expect(!outcome.output.contains("note:"))
      #expect(outcome.output.contains("1 % more "))
      let table = CSVText.lines(try dmft.text("runs/small/sensitivity.csv"))
      #expect(table[0] == ["step", "time", "control", "value", "derivative", "elasticity"])
      let rows = try Self.rows(dmft, "runs/small")
      #expect(rows.keys.sorted() == Self.controls)
      #expect(rows.values.allSatisfy { $0.map { $0[0] } == (0..<8).map(Double.init) })
      #expect(rows.values.joined().allSatisfy { abs($0[4] - $0[2] * $0[3]) < 1e-15 })
      #expect(try abs(#require(rows["learning_rate"])[3][1] - 0.6) < 1e-12)
      #expect(dmft.has("runs/small/figure.svg") == outcome.errors.isEmpty)
      let record = try dmft.text("runs/small/run.yaml")
      for line in ["observable: \"norm\"", "derivatives: \"adjoint\"", "learning_rate_change: "] {
        #expect(record.contains("  \(line)"), "\(record)")
      }
    }
  }

  /// Dropout of next to nothing has no adjoint, and changes no digit that differences have.
  @Test func differencesByKnotsAreSumsOfExactDerivatives() throws {
    try withDmft { dmft in
      let settings = [
        "loss.kind=square", "sample_mask.kind=persistent", "sample_mask.persistence_time=1.5",
        "weight_mask.density=1", "gradient_scale=mean", "weight_decay=0",
        "learning_rate={kind: linear, steps: [0, 4, 20], values: [0.1, 0.3, 0.2]}",
      ].flatMap { ["--set", $0] }
      func run(_ name: String, _ options: [String]) throws -> [String: [[Double]]] {
        let outcome = try dmft(
          ["sensitivity", "small.yaml", "--quiet", "--output", name, "--at", "6"] + settings
            + options)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("note: differences of 0.1 %") == (name == "differences"))
        return try Self.rows(dmft, name)
      }
      let exact = try run("exact", [])
      let found = try run(
        "differences", ["--set", "dropout.inputs=1e-12", "--step", "0.001"])
      #expect(found.keys.sorted() == Self.controls)
      for control in Self.controls {
        let knots = try #require(found[control])
        let steps = try #require(exact[control])
        #expect(steps.count == 8)
        let shares: [(Double) -> Double] =
          control == "learning_rate"
          ? [
            { max(0, 1 - $0 / 4) }, { $0 < 4 ? $0 / 4 : 1 - ($0 - 4) / 16 },
            { max(0, ($0 - 4) / 16) },
          ] : [{ _ in 1 }]
        #expect(knots.count == shares.count)
        for (knot, share) in zip(knots, shares) {
          let sum = steps.reduce(0) { $0 + share($1[0]) * $1[3] }
          #expect(
            abs(knot[3] - sum) < 1e-5 * max(abs(sum), 1e-2), "\(control): \(knot), \(sum)")
          #expect(knot.count == 5)
        }
      }
      #expect(found["learning_rate"]?.map { $0[0] } == [0, 4, 20])
    }
  }

  @Test func sampledSitesHaveErrors() throws {
    try withDmft { dmft in
      let outcome = try dmft("sensitivity", "small.yaml", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("test_loss at step 8: 0."))
      #expect(outcome.output.contains("±") && outcome.output.contains("loss logistic"))
      let table = CSVText.lines(try dmft.text("runs/small/sensitivity.csv"))
      #expect(
        table[0] == [
          "step", "time", "control", "value", "derivative", "derivative_standard_error",
          "elasticity", "elasticity_standard_error",
        ])
      let rows = try Self.rows(dmft, "runs/small")
      #expect(rows.keys.sorted() == Self.controls && rows.values.allSatisfy { $0.count == 1 })
      for row in rows.values.joined() {
        #expect(row[4] > 0 && row[4] < 0.2 * abs(row[3]), "common random numbers: \(row)")
        #expect(abs(row[6] - row[2] * row[4]) < 1e-15)
      }
    }
  }

  @Test(arguments: [
    (["--of", "loss"], "--of: found loss; allowed: training_loss"),
    (["--at", "9"], "--at: found 9; allowed: a step from 0 to 8"),
    (["--step", "0"], "--step: found 0.0; allowed: a relative change from 0.0001 to 0.3"),
  ])
  func whatCannotBeDoneIsRefused(_ arguments: [String], _ words: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(["sensitivity", "small.yaml", "--quiet"] + arguments)
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!dmft.has("runs/small"))
    }
  }
}
