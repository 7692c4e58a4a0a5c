import Experiments
import Foundation
import Testing

struct OutputFolderTests {
  @Test(arguments: [
    "solve", "train", "compare", "rules", "static", "online", "stationary", "aging", "optimise",
    "sensitivity",
  ])
  func anEarlierRunIsRefusedBeforeComputing(_ command: String) throws {
    try withDmft { dmft in
      #expect(try dmft("train", "small.yaml", "--quiet").status == 0)
      let before = try dmft.contents("runs/small")
      let options = required(by: command)
      let outcome = try dmft([command, "small.yaml"] + options)
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("runs/small already holds a run"))
      #expect(outcome.errors.contains("--force"))
      #expect(try dmft.contents("runs/small") == before)
    }
  }

  @Test func forceReplacesTheEarlierRunAndNothingElse() throws {
    try withDmft { dmft in
      #expect([0, 1].contains(try dmft("compare", "small.yaml", "--quiet").status))
      try dmft.write("mine", to: "runs/small/theory/mine.csv")
      let before = try dmft.contents("runs/small")
      let refused = try dmft("train", "small.yaml", "--force", "--quiet")
      #expect(refused.status == 64)
      #expect(refused.errors.contains("runs/small holds theory/mine.csv beside a run"))
      #expect(try dmft.contents("runs/small") == before)
      try FileManager.default.removeItem(atPath: dmft.path("runs/small/theory/mine.csv"))
      let outcome = try dmft("train", "small.yaml", "--force", "--quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(Set(try dmft.contents("runs/small").keys) == ["curves.csv", "run.yaml"])
    }
  }

  /// `dmft train out/measured.yaml --output out --force` would remove what it reads.
  @Test func anInputIsNeverReplaced() throws {
    try withDmft { dmft in
      let rows = (0..<40).map {
        "\($0 * $0 % 17 + 20 * ($0 % 2)),\($0 * 7 % 13),\($0 % 2 == 0 ? "a" : "b")\n"
      }.joined()
      try dmft.write(rows, to: "rows.csv")
      #expect(try dmft("fit", "rows.csv", "--output", "out", "--stand-in").status == 0)
      try dmft.write(
        try dmft.text("out/measured.yaml").replacing("../rows.csv", with: "out/stand-in.csv"),
        to: "elsewhere.yaml")
      let before = try dmft.contents("out")
      for arguments in [
        ["train", "out/measured.yaml", "--output", "out"],
        ["fit", "out/stand-in.csv", "--output", "out"],
        ["train", "out/measured.yaml", "--output", "out", "--set", "data.path=stand-in.csv"],
        // The file of the problem is elsewhere, that of its data is not.
        ["train", "elsewhere.yaml", "--output", "out"],
      ] {
        let outcome = try dmft(arguments + ["--force"])
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("out cannot be replaced by a run that reads out/"))
      }
      #expect(try dmft.contents("out") == before)
      let outside = try dmft("fit", "rows.csv", "--output", ".", "--force")
      #expect(outside.errors.contains(". is the folder of this process"))
      #expect(try dmft.text("rows.csv") == rows)
    }
  }

  /// A file larger than `ulimit -f` allows, where a full disk would end the same way.
  @Test func whatCannotBeWrittenLeavesTheOldRun() throws {
    try withDmft { dmft in
      #expect(try dmft("solve", "small.yaml", "--quiet").status == 0)
      let before = try dmft.contents("runs")
      let limited = try dmft.shell(
        "ulimit -f 8; exec \"$DMFT\" solve small.yaml --quiet --force --set steps=40")
      #expect(limited.status == 70)
      #expect(limited.errorLines.count == 1, "\(limited.errors)")
      #expect(limited.errors.contains("it is larger than files may be here; raise `ulimit -f`"))
      #expect(try dmft.contents("runs") == before)
    }
  }

  /// A file that `run.yaml` does not list would keep a later run out of the folder.
  @Test(
    arguments: [
      ["solve", "small.yaml"], ["solve", "small.yaml", "--kernel-format", "npy"],
      ["train", "small.yaml"], ["compare", "small.yaml", "--dimensions", "50,100"],
      ["rules", "small.yaml", "--rules", "plain,lazy", "--figure", "pdf"],
      ["static", "small.yaml", "--scan", "weight_decay=0.1:1:3", "--figure", "png"],
      ["stationary", "small.yaml", "--set", "sample_mask={kind: full}"],
      ["aging", "small.yaml", "--waiting", "1,3", "--set", "sample_mask={kind: full}"],
      [
        "optimise", "small.yaml", "--over", "learning_rate", "--knots", "2", "--starts", "1",
        "--evaluations", "3", "--check",
      ],
      ["sensitivity", "small.yaml", "--set", "loss.kind=square"],
      ["online", "small.yaml", "--check", "--set", "sample_mask={kind: full}"],
      ["fit", "small.csv", "--stand-in"],
    ])
  func everyFileOfARunIsKnown(_ arguments: [String]) throws {
    try withDmft { dmft in
      let rows = (0..<40).map { row in
        let label = row % 2 == 0 ? "even" : "odd"
        return "\(row * row % 17 + 20 * (row % 2)),\(row * 7 % 13),\(label)\n"
      }.joined()
      try dmft.write(rows, to: "small.csv")
      let options = arguments[0] == "fit" ? [] : ["--quiet"]
      let outcome = try dmft(arguments + options)
      #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
      let files = try dmft.contents("runs/small").keys.sorted()
      let list = "files:\n" + files.map { "  - \"\($0)\"\n" }.joined()
      #expect(files.count > 1)
      #expect(try dmft.text("runs/small/run.yaml").hasPrefix(list + "command: "))
      #expect(try dmft(arguments + options + ["--force"]).status == outcome.status)
      let drawn = arguments.last { ["pdf", "png"].contains($0) } ?? "svg"
      #expect(files.allSatisfy { !$0.hasPrefix("figure") || $0 == "figure.\(drawn)" })
    }
  }

  @Test func belowARegularFileNothingCanBeWritten() throws {
    try withDmft { dmft in
      let outcome = try dmft("solve", "small.yaml", "--output", "small.yaml/run")
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("small.yaml/run cannot be created and written"))
      #expect(try dmft.text("small.yaml") == smallProblem)
    }
  }

  @Test(arguments: ["solve", "train"])
  func aDivergingRunLeavesNothing(_ command: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(
        command, "small.yaml", "--quiet", "--set", "learning_rate=1000", "--set", "steps=200",
        "--set", "loss.kind=square")
      #expect(outcome.status == 70)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("diverged at step"))
      #expect(outcome.errors.contains("smaller learning_rate"))
      #expect(!dmft.has("runs"))
    }
  }
}
