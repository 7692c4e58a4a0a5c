import Foundation
import Testing

/// The paths of the hidden units in `run.yaml`. `[mask.units]`
struct UnitPathRecordTests {
  /// Who learns at each step along each path, [path][step] in units from 1, of lines such as
  /// `  path_1: {0: [1, 3], 4: [2]}` under `heading`.
  static func paths(_ record: String, under heading: String, steps: Int) throws -> [[Set<Int>]] {
    let lines = record.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: heading), "\(record)")
    let inside = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
      .filter { $0.contains("path_") }
    return try inside.enumerated().map { number, line in
      #expect(line.contains("path_\(number + 1): {"))
      var path = Array(repeating: Set<Int>?.none, count: steps)
      for match in line.matches(of: /(\d+): \[([\d, ]*)\]/) {
        let step = try #require(Int(match.1))
        path[step] = Set(match.2.split(separator: ", ").compactMap { Int($0) })
      }
      var last = try #require(path[0])
      return path.map { units in
        last = units ?? last
        return last
      }
    }
  }

  static let masks = [
    "{kind: row, density: 0.4, redraw_every: 2}",
    "{kind: subnet, inputs: 0.5, units: 0.34, redraw_every: 3, seed: 8}",
  ]

  /// The norm of a unit's weights moves at exactly the steps at which the record has it learn,
  /// along one path or along either of two.
  @Test(arguments: ["solve", "train"], masks)
  func unitsMoveWhenTheRecordSaysSo(_ command: String, _ mask: String) throws {
    try withDmft { dmft in
      var first: [Set<Int>] = []
      for count in [1, 2] {
        let outcome = try dmft(
          command, "small.yaml", "--quiet", "--force", "--paths", "\(count)", "--set", "steps=12",
          "--set", "weight_mask=\(mask)", "--set", "start.overlap=0.1", "--set",
          "network={kind: committee, hidden: 3, activation: erf, readout: [1, 0.5, 2]}")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let paths = try Self.paths(
          dmft.text("runs/small/run.yaml"), under: "learning_units:", steps: 12)
        #expect(paths.count == count)
        if count == 1 { first = paths[0] }
        #expect(paths[0] == first)
        let csv = try dmft.text("runs/small/curves.csv")
        for k in 1...3 {
          let norms = csv.split(separator: "\n").map { $0.split(separator: ",") }
            .filter { $0[2] == "norm_\(k)\(k)" }.map { $0[3] }
          try #require(norms.count == 13)
          for step in 0..<12 {
            let learns = paths.contains { $0[step].contains(k) }
            #expect((norms[step] != norms[step + 1]) == learns, "unit \(k), step \(step)")
          }
          // Not all of it is trivial.
          #expect(first.contains { $0.contains(k) } && first.contains { !$0.contains(k) })
        }
      }
    }
  }

  @Test func rulesWithMasksOfTheirOwn() throws {
    try withDmft { dmft in
      let network = "network={kind: committee, hidden: 3, activation: erf, readout: [1, 0.5, 2]}"
      let outcome = try dmft(
        "rules", "small.yaml", "--quiet", "--set", network, "--set", "start.overlap=0.1",
        "--rules", "plain,row:density=0.5,subnet:units=0.34")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let record = try dmft.text("runs/small/run.yaml")
      #expect(!record.contains("\nlearning_units:"))
      #expect(record.contains("\nrule_learning_units:\n  \"row:density=0.5\":\n    path_1: {0: ["))
      #expect(record.contains("\n  \"subnet:units=0.34\":\n    path_1: {0: ["))
      _ = try dmft(
        "train", "small.yaml", "--quiet", "--set", network, "--output", "alone", "--set",
        "weight_mask={kind: row, density: 0.5}")
      let alone = try dmft.text("alone/run.yaml").split(separator: "\n")
      let path = try #require(alone.first { $0.hasPrefix("  path_1:") })
      #expect(record.contains(path))
    }
  }
}
