import Testing

/// Inputs in groups, from the command line.
struct InputGroupsCommandTests {
  private static let groups =
    "inputs={kind: power-law, capacity: 0.5, source: 0.5, smallest: 0.01, groups: 12}"

  @Test(arguments: [["solve"], ["compare"]])
  func tablesShowTenGroupsAndFilesAllOfThem(command: [String]) throws {
    try withDmft { dmft in
      let outcome = try dmft(
        [command[0], "small.yaml", "--quiet", "--set", Self.groups])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\nnorm_group_10 "))
      #expect(!outcome.output.contains("\nnorm_group_11 "))
      let file = command[0] == "solve" ? "curves.csv" : "comparison.csv"
      #expect(outcome.output.contains("groups of inputs from 11 on: see \(file)"))
      #expect(try dmft.text("runs/small/\(file)").contains("norm_group_12"))
    }
  }

  /// A row of variances for each cluster: what has a theory of them, and what has none.
  @Test func clustersWithVariancesOfTheirOwn() throws {
    try withDmft { dmft in
      let rows =
        "inputs={kind: groups, shares: [0.5, 0.5], variances: [[0.5, 1.5], [1.6, 0.4]]}"
      for command in ["solve", "train", "compare", "rules"] {
        let outcome = try dmft(
          command, "small.yaml", "--quiet", "--set", rows, "--output", "runs/\(command)")
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
        #expect(!outcome.output.contains("Bayes-optimal 0"))
        if command == "solve" {
          #expect(outcome.output.contains("no oracle's or Bayes-optimal error is given"))
        }
      }
      for command in ["static", "online", "stationary"] {
        let outcome = try dmft(command, "small.yaml", "--quiet", "--set", rows)
        #expect(outcome.status != 0, "\(command)")
        #expect(outcome.errors.contains("inputs"), "\(command): \(outcome.errors)")
      }
    }
  }

  @Test func fewGroupsAreAllShown() throws {
    try withDmft { dmft in
      let outcome = try dmft(
        "solve", "small.yaml", "--quiet", "--set",
        "inputs={kind: groups, shares: [0.5, 0.5], variances: [0.5, 1.5]}")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\nnorm_group_2 "))
      #expect(!outcome.output.contains("groups of inputs from"))
    }
  }
}
