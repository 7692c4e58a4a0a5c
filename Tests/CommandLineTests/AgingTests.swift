import Foundation
import TestSupport
import Testing

/// `dmft aging`, from problem file to result files.
struct AgingTests {
  @Test func exactCurvesAreWrittenBesideTheSteadyState() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "aging", "small.yaml", "--quiet", "--waiting", "40,0,3", "--set", "steps=60", "--set",
        "loss.kind=square", "--set", "weight_decay=0.8")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.output.contains("waiting_step  T_eff, one step") && !outcome.output.contains("±"))
      #expect(outcome.output.contains("\nsteady state "))
      let table = CSVText.lines(try dmft.text("runs/small/aging.csv"))
      #expect(
        table[0] == [
          "waiting_step", "waiting_time", "lag", "lag_time", "correlation", "norm", "displacement",
          "response", "integrated_response", "fluctuation_dissipation_ratio",
          "effective_temperature",
        ])
      #expect(table.count == 1 + 61 + 58 + 21)
      #expect(table[1][0] == "0" && table[1][2] == "0" && table[1][10].isEmpty)
      let first = try #require(table.first { $0[0] == "3" && $0[2] == "1" })
      #expect(Double(first[1]) == 0.6000000000000001 && Double(first[3]) == 0.2)
      #expect(Double(first[7]) == -0.1 && Double(first[8]) == 0.1, "R(t + 1, t) = -ηp")
      #expect(Double(first[9]) == 1)
      let record = try dmft.text("runs/small/run.yaml")
      for key in ["temperature_short_3: ", "temperature_long_0: ", "steady_temperature_long: "] {
        #expect(record.contains("  \(key)"))
      }
      // The file of the steady state is that of `dmft stationary`.
      let steady = try dmft(
        "stationary", "small.yaml", "--quiet", "--output", "steady", "--set", "loss.kind=square",
        "--set", "weight_decay=0.8")
      #expect(steady.status == 0)
      let file = "effective_temperature.csv"
      #expect(try dmft.text("runs/small/\(file)") == dmft.text("steady/\(file)"))
      #expect(dmft.has("runs/small/figure.svg") == outcome.errors.isEmpty)
      if outcome.errors.isEmpty {
        let drawing = try dmft.text("runs/small/figure.svg")
        for words in ["time lag η τ", "integrated response -Σ R", "steady state"] {
          #expect(drawing.contains(">\(words)<"), "\(words)")
        }
      }
    }
  }

  @Test func sampledCurvesHaveErrors() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "aging", "small.yaml", "--quiet", "--waiting", "2", "--lags", "20", "--no-stationary")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("±") && !outcome.output.contains("steady state to"))
      let table = CSVText.lines(try dmft.text("runs/small/aging.csv"))
      #expect(table[0].count == 18 && table[0][5] == "correlation_standard_error")
      #expect(table.count == 8 && (Double(table[2][5]) ?? 0) > 0)
      #expect(!dmft.has("runs/small/effective_temperature.csv"))
      #expect(
        try dmft.text("runs/small/run.yaml").contains("  temperature_long_2_standard_error: "))
    }
  }

  @Test func withoutASteadyStateThereIsANote() throws {
    try withDmft { dmft in
      for (setting, words) in [
        ("update.kind=sign", "update sign in a steady state is not supported"),
        ("weight_decay=0", "samples per weight can be separated"),
      ] {
        let outcome = try dmft(
          "aging", "small.yaml", "--quiet", "--force", "--waiting", "1", "--set", setting)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("note: no steady state to compare with: "))
        #expect(outcome.output.contains(words), "\(outcome.output)")
        #expect(try dmft.text("runs/small/run.yaml").contains(words))
      }
    }
  }

  @Test(arguments: [",", "1,", "-1", "1,1", "2.5", "x", "1e2", "0,1,2,3,4,5,6,7,8,9,10,11,12"])
  func badWaitingTimesAreUsageErrors(_ waiting: String) throws {
    try withDmft { dmft in
      let outcome = try dmft("aging", "small.yaml", "--waiting=\(waiting)")
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("--waiting: found") && outcome.errors.contains("10,100,1000"))
      #expect(!dmft.has("runs"))
    }
  }

  @Test func whatCannotBeWatchedIsRefused() throws {
    try withDmft { dmft in
      for (arguments, status, words) in [
        (["--waiting", "12", "--set", "steps=12"], 65, "waiting for 12 of 12 steps"),
        (["--waiting", "1", "--lags", "19"], 64, "--lags: found 19"),
        (["--waiting", "1", "--set", "replicas=2"], 65, "replicas: 2 here"),
        (
          ["--waiting", "1", "--set", "inputs={kind: groups, shares: [1], variances: [2]}"], 65,
          "waiting times with inputs in groups"
        ),
        ([], 64, "--waiting"),
      ] as [([String], Int32, String)] {
        let outcome = try dmft(["aging", "small.yaml"] + arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!dmft.has("runs"))
      }
    }
  }
}
