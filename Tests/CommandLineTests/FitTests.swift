import Foundation
import NumericalKit
import Testing

/// `dmft fit`, and training on real rows.
struct FitTests {
  /// Two classes around (±2, 0, ...) and a constant column, as a CSV file.
  private func rows(_ count: Int = 120, dimension: Int = 10) -> String {
    var stream = RandomStream(seed: 9, purpose: .check)
    var text = (1...dimension).map { "x\($0)," }.joined() + "flat,kind\n"
    for row in 0..<count {
      for j in 0..<dimension {
        let centre = j > 0 ? 0 : row % 2 == 0 ? 2.0 : -2
        text += "\(centre + (j % 2 == 0 ? 1 : 3) * stream.normal()),"
      }
      text += "7,\(row % 2 == 0 ? "yes" : "no")\n"
    }
    return text
  }

  /// One class has its large variances where the other one has its small ones.
  @Test func classesOfDifferentShapeGetColumnsOfTheirOwn() throws {
    try withDmft { dmft in
      var stream = RandomStream(seed: 4, purpose: .check)
      var text = (1...10).map { "x\($0)," }.joined() + "kind\n"
      for row in 0..<200 {
        for j in 0..<10 {
          let isWide = (j + row) % 2 == 0
          text += "\((row % 2 == 0 ? 0.5 : -0.5) + (isWide ? 2 : 1) * stream.normal()),"
        }
        text += "\(row % 2 == 0 ? "yes" : "no")\n"
      }
      try dmft.write(text, to: "rows.csv")
      let fit = try dmft("fit", "rows.csv", "--samples-per-weight", "3")
      #expect(fit.output.contains("each class has variances of its own"), "\(fit.output)")
      #expect(
        try dmft.text("runs/rows/groups.csv").hasPrefix(
          "share,variance_1,variance_1_error,variance_2,variance_2_error,signal_error,signal\n0.1,")
      )
      #expect(try dmft.text("runs/rows/fit.csv").contains("\nshape_difference,"))
      let solve = try dmft("solve", "runs/rows/groups.yaml", "--quiet", "--set", "steps=5")
      #expect(solve.status == 0 && solve.output.contains("norm_group_10"), "\(solve.errors)")
    }
  }

  @Test func whatItWritesIsSolvedAndTrained() throws {
    try withDmft { dmft in
      try dmft.write(rows(), to: "rows.csv")
      let fit = try dmft("fit", "rows.csv", "--samples-per-weight", "3")
      #expect(fit.status == 0 && fit.errors.isEmpty, "\(fit.errors)")
      for word in [
        "120 rows of 10 inputs, 2 classes", "note: 1 constant columns dropped: flat",
        "corrections are of order 1/10", "participation ratio", "not isotropic", "excess kurtosis",
        "yes    1      60    0.500 ± 0.046",
      ] { #expect(fit.output.contains(word), "\(fit.output)") }
      let names = try FileManager.default.contentsOfDirectory(atPath: dmft.path("runs/rows"))
      #expect(
        names.sorted() == [
          "fit.csv", "groups.csv", "groups.yaml", "measured.yaml", "mixture.yaml", "run.yaml",
          "spectrum.csv",
        ])
      // The inputs are independent: they are groups themselves.
      #expect(fit.output.contains("groups of inputs as they are"), "\(fit.output)")
      #expect(try dmft.text("runs/rows/groups.yaml").contains("path: groups.csv, basis: inputs}"))
      #expect(
        try dmft.text("runs/rows/groups.csv").hasPrefix(
          "share,variance,variance_error,signal_error,signal\n0.1,"))
      let grouped = try dmft(
        "solve", "runs/rows/groups.yaml", "--quiet", "--set", "steps=5", "--output", "grouped")
      #expect(grouped.status == 0 && grouped.output.contains("norm_group_10"), "\(grouped.errors)")
      #expect(try dmft.text("runs/rows/spectrum.csv").split(separator: "\n").count == 11)
      #expect(try dmft.text("runs/rows/fit.csv").contains("\nprobability_yes,0.5,0.0456"))

      let solve = try dmft("solve", "runs/rows/mixture.yaml", "--quiet", "--set", "steps=5")
      #expect(solve.status == 0, "\(solve.errors)")
      let train = try dmft("train", "runs/rows/measured.yaml", "--quiet")
      #expect(train.status == 0, "\(train.errors)")
      #expect(train.output.contains("test_error"))
      let record = try dmft.text("runs/measured/run.yaml")
      #expect(record.contains("dimension: 10") && record.contains("kind: csv"))
      // The whole problem is in the record.
      let again = try dmft("fit", "rows.csv")
      #expect(again.status == 64 && again.errors.contains("runs/rows already holds a run"))
    }
  }

  /// A class may be called anything: its cells are quoted where they must be.
  @Test func namesOfClassesAreQuoted() throws {
    try withDmft { dmft in
      let text = rows().replacing("yes", with: "\"a,\"\"b\"\"\"")
      try dmft.write(text, to: "rows.csv")
      #expect(try dmft("fit", "rows.csv").status == 0)
      let lines = try dmft.text("runs/rows/fit.csv").split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("\"probability_a,\"\"b\"\"\",0.5,0.0456") })
    }
  }

  /// Names of classes: what `fit` writes with them is YAML, which the program reads back.
  @Test(arguments: [
    "a'b\"\"c\\d", "\u{1b}[31mred", "two\nlines", "- a: {b", "null", "#", "1e400", "0x1",
    "\u{2028}\u{FEFF}\u{85}", "\u{E0001}", "\u{FFFE}", "\"\"\u{301}",
  ])
  func classesMayBeCalledAnything(_ name: String) throws {
    try withDmft { dmft in
      try dmft.write(rows().replacing("yes", with: "\"\(name)\""), to: "rows.csv")
      let fit = try dmft("fit", "rows.csv", "--stand-in")
      #expect(fit.status == 0, "\(fit.errors)")
      #expect(fit.output.unicodeScalars.allSatisfy { $0.value > 31 || $0 == "\n" })
      for (command, file) in [("solve", "mixture"), ("train", "measured")] {
        let outcome = try dmft(command, "runs/rows/\(file).yaml", "--quiet", "--set", "steps=2")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let again = try dmft("fit", "runs/rows/stand-in.csv", "--output", "again")
      #expect(again.status == 0, "\(again.errors)")
      let classes = { (path: String) in
        try dmft.text(path).split(separator: "\n").first { $0.hasPrefix("  classes:") }
      }
      #expect(try classes("again/measured.yaml") == classes("runs/rows/measured.yaml"))
    }
  }

  /// The file is found from the folder of results, also where a link led to that.
  @Test func theRowsAreFoundFromALinkedFolder() throws {
    try withDmft { dmft in
      try dmft.write(rows(), to: "rows.csv")
      let files = FileManager.default
      try files.createDirectory(
        atPath: dmft.path("far/away"), withIntermediateDirectories: true)
      try files.createSymbolicLink(
        atPath: dmft.path("near"), withDestinationPath: dmft.path("far/away"))
      #expect(try dmft("fit", "rows.csv", "--output", "near/fit").status == 0)
      let train = try dmft(
        "train", "far/away/fit/measured.yaml", "--quiet", "--set", "steps=2")
      #expect(train.status == 0, "\(train.errors)")
    }
  }

  /// What no problem file can hold is refused before anything is written.
  @Test(arguments: [
    ("x,flat,y\n1,7,u\n2,7,u\n5,7,v\n6,7,v\n", "a single input that varies; allowed: at least 2"),
    (
      "x,z,y\n1,1e13,u\n2,-1e13,u\n500,1e13,v\n600,-1e13,v\n",
      "classes: found class means no further apart"
    ),
  ])
  func whatTheTheoryCannotTakeIsRefused(table: String, says: String) throws {
    try withDmft { dmft in
      try dmft.write(table, to: "rows.csv")
      let fit = try dmft("fit", "rows.csv")
      #expect(fit.status == 65 && fit.errors.contains(says), "\(fit.errors)")
      #expect(fit.errorLines.count == 1 && !dmft.has("runs"))
    }
  }

  /// Thousands of inputs and four rows cost what four rows cost.
  @Test(.timeLimit(.minutes(1))) func manyInputsOfFewRows() throws {
    try withDmft { dmft in
      var stream = RandomStream(seed: 11, purpose: .check)
      let lines = (0..<4).map { row in
        (0..<3000).map { _ in "\(Double(row % 2) + stream.normal())," }.joined()
          + (row % 2 == 0 ? "u" : "v")
      }
      try dmft.write(lines.joined(separator: "\n"), to: "rows.csv")
      let fit = try dmft("fit", "rows.csv")
      #expect(fit.status == 0, "\(fit.errors)")
      let whitened = try dmft("fit", "rows.csv", "--whiten", "--output", "white")
      #expect(whitened.status == 65 && whitened.errors.contains("4 rows of 3000 inputs"))
    }
  }

  /// Isotropic classes, one twice as wide as the other; and classes wide in different directions.
  @Test(arguments: [true, false]) func classesMayDiffer(inVariance: Bool) throws {
    try withDmft { dmft in
      var stream = RandomStream(seed: 10, purpose: .check)
      let lines = (0..<400).map { row in
        let inputs = (0..<60).map { j in
          let wide = row % 2 == (inVariance ? 0 : j % 2)
          return (j > 0 || row % 2 == 0 ? 0.0 : 12) + (wide ? 2 : 1) * stream.normal()
        }
        return inputs.map { "\($0)," }.joined() + (row % 2 == 0 ? "no" : "yes")
      }
      try dmft.write(lines.joined(separator: "\n") + "\n", to: "rows.csv")
      let fit = try dmft("fit", "rows.csv")
      #expect(fit.status == 0 && fit.errors.isEmpty, "\(fit.errors)")
      #expect(fit.output.contains("not isotropic") != inVariance, "\(fit.output)")
      let says =
        inVariance
        ? "isotropic within sampling noise: the theory applies as it is"
        : "one variance per class only; --whiten does not help, since classes differ in shape"
      #expect(fit.output.contains(says), "\(fit.output)")
      #expect(try dmft.text("runs/rows/fit.csv").contains("\nclass_sphericity,"))
    }
  }

  @Test func whiteningAndStandInsAreWrittenDown() throws {
    try withDmft { dmft in
      try dmft.write(rows(), to: "rows.csv")
      let fit = try dmft(
        "fit", "rows.csv", "--whiten", "--stand-in", "--classes", "no,yes", "--label", "kind",
        "--output", "white")
      #expect(fit.status == 0, "\(fit.errors)")
      #expect(
        fit.output.contains("whitened with their own covariance")
          && fit.output.contains("stand-in.csv"))
      let measured = try dmft.text("white/measured.yaml")
      #expect(measured.contains("whiten: true") && measured.contains("classes: [\"no\", \"yes\"]"))
      #expect(measured.contains("label: \"kind\""))
      #expect(try dmft.text("white/mixture.yaml").contains("whitened within classes"))
      let standIn = try dmft.text("white/stand-in.csv").split(separator: "\n")
      #expect(standIn.count == 121 && standIn[1].hasSuffix("\"yes\""))
      let train = try dmft(
        "train", "white/measured.yaml", "--quiet", "--set", "data.path=white/stand-in.csv",
        "--set", "data.label=label", "--set", "steps=3")
      #expect(train.status == 0, "\(train.errors)")
    }
  }

  /// A file named in a problem file is looked for beside it first.
  @Test func pathsAreRelativeToTheProblemFile() throws {
    try withDmft { dmft in
      try FileManager.default.createDirectory(
        atPath: dmft.path("study"), withIntermediateDirectories: true)
      try dmft.write(rows(), to: "study/rows.csv")
      try dmft.write("not,a,table\n", to: "rows.csv")
      let text = smallProblem.replacingOccurrences(
        of: "{kind: two-clusters, variance: 0.5}", with: "{kind: csv, path: rows.csv}"
      ).replacingOccurrences(of: "dimension: 600, ", with: "")
      try dmft.write(text, to: "study/rows.yaml")
      let train = try dmft("train", "study/rows.yaml", "--quiet")
      #expect(train.status == 0, "\(train.errors)")
    }
  }

  /// What is put in the place of the data of `small.yaml`, other changes, and the message.
  static let bad: [(data: String, changes: [String], says: String)] = [
    ("path: rows.csv", ["samples_per_weight=11.95"], "allowed: at most 11.9: the other rows"),
    ("path: rows.csv", ["training.dimension=9"], "training.dimension: found 9; allowed: 10"),
    (
      "path: rows.csv", ["training.test_samples=9"],
      "training.test_samples: found 9 with data csv; allowed: no such key: all rows"
    ),
    ("path: none.csv", [], "none.csv: found no such file"),
    ("path: broken.csv", [], "broken.csv:2: b: found 'x'; allowed: a finite number"),
    ("path: rows.csv, label: nothing", [], "label: found nothing; allowed: the name of a column"),
    ("path: rows.csv, classes: [yes, maybe]", [], "classes: found maybe; allowed: 2 to 16"),
    ("path: rows.csv, classes: yes", [], "data.classes: found yes; allowed: a list of texts"),
    ("path: rows.csv, whiten: 2", [], "data.whiten: found 2; allowed: one of false, true"),
    ("label: kind", [], "data.path: found nothing"),
    (
      "path: rows.csv, label: three", [],
      "data.classes: found [1.0, 2.0, 3.0]; allowed: 1 and -1 for a perceptron network"
    ),
  ]

  @Test(arguments: bad.indices) func badDataAreRefused(_ index: Int) throws {
    let (data, changes, says) = Self.bad[index]
    try withDmft { dmft in
      var table = rows()
      if data.contains("three") {
        table = "a,b,three\n1,0,p\n2,0,p\n5,1,q\n6,1,q\n1,4,r\n2,4,r\n"
      }
      try dmft.write(table, to: "rows.csv")
      try dmft.write("a,b,y\n1,x,u\n", to: "broken.csv")
      let text = smallProblem.replacingOccurrences(
        of: "{kind: two-clusters, variance: 0.5}", with: "{kind: csv, \(data)}"
      ).replacingOccurrences(of: "dimension: 600, ", with: "")
      try dmft.write(text, to: "bad.yaml")
      let outcome = try dmft(
        ["train", "bad.yaml", "--output", "results"] + changes.flatMap { ["--set", $0] })
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!dmft.has("results"))
    }
  }

  @Test(arguments: [
    "solve", "compare", "rules", "static", "online", "stationary", "aging", "optimise",
  ])
  func theTheoryRefusesRealData(_ command: String) throws {
    try withDmft { dmft in
      try dmft.write(rows(), to: "rows.csv")
      let text = smallProblem.replacingOccurrences(
        of: "{kind: two-clusters, variance: 0.5}", with: "{kind: csv, path: rows.csv}"
      ).replacingOccurrences(of: "dimension: 600, ", with: "")
      try dmft.write(text, to: "rows.yaml")
      let options = required(by: command)
      let outcome = try dmft([command, "rows.yaml", "--output", "results"] + options)
      #expect(outcome.status == 65 && outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("rows.yaml: a theory of real data (data: csv)"))
      #expect(outcome.errors.contains("`dmft fit FILE`"))
      #expect(!dmft.has("results"))
    }
  }

  @Test func badFitsLeaveNothing() throws {
    try withDmft { dmft in
      try dmft.write(rows(), to: "rows.csv")
      try dmft.write("1,2,u\n3,4,v\n", to: "short.csv")
      let short = try dmft("fit", "short.csv")
      #expect(short.status == 65 && short.errors.contains("of u (1 rows), v (1 rows)"))
      let alpha = try dmft("fit", "rows.csv", "--samples-per-weight", "12")
      #expect(alpha.status == 64 && alpha.errors.contains("at most 11.9"), "\(alpha.errors)")
      #expect(try dmft("fit", "none.csv").status == 65)
      try dmft.write("1,1,u\n1,1,u\n-1,-1,v\n-1,-1,v\n", to: "alike.csv")
      let alike = try dmft("fit", "alike.csv", "--whiten")
      #expect(alike.status == 65 && alike.errors.contains("rows are all alike"), "\(alike.errors)")
      try dmft.write("1,2,u\n1e200,3,u\n3,4,v\n", to: "huge.csv")
      let huge = try dmft("fit", "huge.csv")
      #expect(huge.status == 65 && huge.errors.contains("huge.csv:2"), "\(huge.errors)")
      let lines = rows().split(separator: "\n").prefix(61).joined(separator: "\n")
      try dmft.write(lines, to: "few.csv")
      let few = try dmft("fit", "few.csv", "--whiten")
      #expect(
        few.status == 65 && few.errors.contains("at least 10 rows per input"), "\(few.errors)")
      #expect(!dmft.has("runs"))
    }
  }
}
