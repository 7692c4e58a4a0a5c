import Foundation
import TestSupport
import Testing

@Suite("dmft bounds")
struct BoundsTests {
  private static let gpt3 = ["bounds", "--operations", "3.14e23", "--parameters", "175e9"]

  /// The columns of a CSV, each with its cells as text.
  private func columns(_ csv: String) -> [String: [String]] {
    let rows = CSVText.lines(csv)
    var columns: [String: [String]] = [:]
    for (index, name) in (rows.first ?? []).enumerated() {
      columns[name] = rows.dropFirst().map { $0.count > index ? $0[index] : "missing" }
    }
    return columns
  }

  /// Runs, expects success, and returns what was printed.
  private func output(_ dmft: DmftProcess, _ arguments: [String]) throws -> String {
    let outcome = try dmft.finish(dmft.start(arguments))
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.output
  }

  private func distance(_ text: String?, _ expected: Double) -> Double {
    text.flatMap(Double.init).map { abs($0 / expected - 1) } ?? .infinity
  }

  @Test func aWorkloadSideBySide() throws {
    try withDmft { dmft in
      let text = try output(dmft, Self.gpt3 + ["--samples", "3e11", "--bit-energy", "1e-15"])
      for words in [
        ["energy_landauer_joules", "8.955e+02", "0.693147", "erases"],
        ["energy_training_joules", "4.320e+02"],
        ["energy_constant_barrier_joules", "1.433e+04", "11.0904"],
        ["energy_device_joules", "5.024e+09"],
        ["energy_lim_joules", "1.825e+07", "gamma 0, 100000 updates"],
        ["energy_lim_joules", "8.465e+07", "gamma 10, infinitely many updates"],
      ] {
        let line = text.split(separator: "\n").first { line in words.allSatisfy(line.contains) }
        #expect(line != nil, "\(words) in one line of\n\(text)")
      }
      #expect(text.contains("298 K, 16 bits (delta = 1.52588e-05)"))
      #expect(text.contains("estimates") && text.contains("65536 kT"))
      #expect(!text.contains("consumed") && !text.contains("CO2"))
      let short = try output(dmft, Self.gpt3)
      #expect(!short.contains("energy_training_joules") && !short.contains("energy_device"))
      #expect(short.contains("The training bound 2 M D kT needs the number of samples."))
    }
  }

  @Test func theReadmeShowsWhatIsPrinted() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    try withDmft { dmft in
      let text = try output(dmft, Self.gpt3 + ["--samples", "3e11"])
      #expect(
        readme.contains("\n$ dmft \(Self.gpt3.joined(separator: " ")) --samples 3e11\n" + text))
    }
  }

  @Test func aWorkloadAsCSV() throws {
    try withDmft { dmft in
      let arguments = ["bounds", "--operations", "1e28", "--parameters", "1e15", "--csv"]
      let csv = columns(
        try output(dmft, arguments + ["--gamma", "0.5", "--gamma", "5", "--samples", "10"]))
      #expect(csv["workload"] == ["command line", "command line"])
      #expect(csv["gamma"] == ["0.5", "5"] && csv["updates"] == ["inf", "inf"])
      #expect(distance(csv["energy_lim_joules"]?[0], 1.69782293301e12) < 1e-9)
      #expect(distance(csv["energy_lim_joules"]?[1], 2.68222430851e12) < 1e-9)
      #expect(distance(csv["energy_training_joules"]?[0], 2e16 * 4.11433402e-21) < 1e-9)
      #expect(csv["energy_reported_joules"] == ["", ""] && csv["reported_over_lim"] == ["", ""])
      let finite = columns(try output(dmft, arguments + ["--gamma", "0", "--updates", "1e5"]))
      #expect(distance(finite["energy_lim_joules"]?[0], 5.81206959554e11) < 1e-9)
      #expect(finite["samples"] == [""] && finite["energy_training_joules"] == [""])
      let fast = columns(try output(dmft, arguments + ["--exponential", "--gamma", "1"]))
      let expected = 0.78813316748443347936 * 1e28 * 65536 * 4.11433402e-21 + 4.5629424e-5
      #expect(distance(fast["energy_lim_joules"]?[0], expected) < 1e-9)
      #expect(fast["rates"] == ["exponential"])
    }
  }

  @Test func temperatureAndBits() throws {
    try withDmft { dmft in
      let csv = columns(
        try output(dmft, Self.gpt3 + ["--csv", "--temperature", "149", "--bits", "8"]))
      #expect(csv["temperature_kelvin"]?[0] == "149" && csv["bits"]?[0] == "8")
      #expect(distance(csv["energy_constant_barrier_joules"]?[0], 14327.6392659 / 4) < 1e-9)
    }
  }

  @Test func publishedWorkloads() throws {
    try withDmft { dmft in
      let csv = columns(try output(dmft, ["bounds", "--workloads", "--csv"]))
      let names = [
        "T5", "Meena", "GShard-600B", "Switch Transformer", "GPT-3", "LaMDA",
        "brain-scale (extrapolated)",
      ]
      #expect(csv["workload"] == names.flatMap { [$0, $0] })
      #expect(csv["energy_reported_joules"]?[8] == "4.6332e+12")
      #expect(distance(csv["energy_lim_joules"]?[8], 1.825e7) < 1e-3)
      #expect(distance(csv["energy_lim_joules"]?[9], 8.465e7) < 1e-3)
      #expect(distance(csv["reported_over_lim"]?[8], 4.6332e12 / 1.82498985e7) < 1e-7)
      #expect(distance(csv["reported_over_constant_barrier"]?[8], 3.23374976e8) < 1e-7)
      let text = try output(dmft, ["bounds", "--workloads"])
      for name in names { #expect(text.contains("\n\(name) ")) }
      let gpt3 = text.split(separator: "\n").first { $0.hasPrefix("GPT-3 ") } ?? ""
      #expect(
        gpt3.split(separator: " ").dropFirst() == [
          "4.633e+12", "8.955e+02", "5.174e+09", "1.433e+04", "3.234e+08", "1.825e+07",
          "2.539e+05", "8.465e+07", "5.473e+04",
        ])
    }
  }

  @Test func barrierHeights() throws {
    try withDmft { dmft in
      let arguments = ["bounds", "--barrier", "--gamma", "0.5"]
      let csv = columns(try output(dmft, arguments + ["--csv"]))
      let updates = try #require(csv["update"])
      #expect(updates.prefix(4) == ["1", "2", "5", "10"] && updates.last == "100000")
      for (update, height) in [("10", 4.147025), ("1000", 11.05478), ("100000", 17.96254)] {
        let row = try #require(updates.firstIndex(of: update))
        #expect(distance(csv["barrier_kt"]?[row], height) < 1e-6)
      }
      #expect(distance(csv["energy_barrier_joules"]?[0], 0.693147180559945 * 4.11433402e-21) < 1e-9)
      #expect(distance(csv["drive_kt"]?[3], 65536 / 10.0.squareRoot()) < 1e-9)
      #expect(distance(csv["rate"]?[3], pow(10, -1.5)) < 1e-9)
      let text = try output(dmft, arguments + ["--gamma", "2", "--updates", "300"])
      #expect(text.contains("\n10      4.14702       7.6009"), "\(text)")
      #expect(text.contains("\n300 "))
    }
  }

  @Test func theScheduleOfARun() throws {
    try withDmft { dmft in
      _ = try dmft("solve", "small.yaml", "--quiet", "--no-kernels")
      let csv = columns(try output(dmft, Self.gpt3 + ["--csv", "--schedule", "runs/small"]))
      #expect(csv["rates"] == ["run"] && csv["updates"] == ["8"] && csv["gamma"] == [""])
      // Half of the weights at each of 8 steps, at a constant learning rate.
      let curves = CSVText.rows(try dmft.text("runs/small/curves.csv"))
      let norms = curves.filter { $0["observable"] == "norm" && $0["step"] != "0" }
        .compactMap { $0["value"].flatMap(Double.init) }
      let last = try #require(norms.last)
      let mean = norms.reduce(0) { $0 + $1 / last } / 8
      #expect(norms.count == 8)
      let expected = 4.11433402e-21 * (3.14e23 * 65536 * mean + 175e9 * 11.090354888959125)
      #expect(distance(csv["energy_lim_joules"]?[0], expected) < 1e-9)
      let barrier = columns(
        try output(dmft, ["bounds", "--barrier", "--csv", "--schedule", "runs/small"]))
      #expect(barrier["update"] == ["1", "2", "5", "8"])
      #expect(distance(barrier["barrier_kt"]?[0], log(4)) < 1e-9)
    }
  }

  /// Two hidden units of mean norms 2, 3, 2, 2; learning rates 0.1, 0.4, 0.4, 0.2, of which steps
  /// 2 and 3 were recorded as one.
  @Test("a drive by hand from curves that were recorded here and there [bounds.run]")
  func theDriveOfARun() throws {
    try withDmft { dmft in
      try FileManager.default.createDirectory(
        atPath: dmft.path("run"), withIntermediateDirectories: true)
      let curves = [
        ("norm_11", ["1", "2", "1", "1"]), ("norm_22", ["3", "4", "3", "3"]),
        ("norm_12", ["9", "9", "9", "9"]), ("writes", ["0", "0.5", "1", "1.25"]),
      ]
      let lines = curves.flatMap { name, values in
        zip(["0,0", "1,0.1", "3,0.9", "4,1.1"], values).map { "\($0),\(name),\($1),0" }
      }
      try dmft.write(
        (["step,time,observable,value,standard_error"] + lines).joined(separator: "\n"),
        to: "run/curves.csv")
      let csv = columns(
        try output(dmft, ["bounds", "--barrier", "--csv", "--schedule", "run"]))
      #expect(csv["update"] == ["1", "2", "4"] && csv["rate"] == ["0.5", "0.25", "0.25"])
      // ε_N = 1/2, and variances 3, 2.5, 2, 2.
      for (row, drive) in [0.75, 0.625, 0.5].enumerated() {
        #expect(distance(csv["drive_kt"]?[row], 65536 * drive) < 1e-9)
      }
      let text = try output(dmft, Self.gpt3 + ["--schedule", "run"])
      #expect(text.contains("the first write of learning in memory costs up to 49152 kT"))
      #expect(text.contains("driven by the variance of the weights"))
    }
  }

  @Test(
    arguments: [
      (["--temperature", "0"], "--temperature: found 0.0; allowed: kelvin, from 1e-12"),
      (["--temperature", "-3"], "--temperature: found -3.0"),
      (["--temperature", "5e-324"], "--temperature: found 5e-324; allowed: kelvin, from 1e-12"),
      (["--temperature", "nan"], "--temperature: found nan"),
      (["--operations", "-1"], "--operations: found -1.0; allowed: a count from 1"),
      (["--parameters", "inf"], "--parameters: found inf"),
      (["--samples", "0"], "--samples: found 0.0"),
      (["--bits", "0.5"], "--bits: found 0.5; allowed: from 1 to 128"),
      (["--gamma", "-0.1"], "--gamma: found -0.1; allowed: 0, or a number from 1e-12 to 1000"),
      (["--gamma", "1e-13"], "--gamma: found 1e-13"),
      (["--gamma", "0"], "--gamma: found 0 without --updates"),
      (["--updates", "0"], "--updates: found 0.0; allowed: a whole number from 1"),
      (["--updates", "1.5"], "--updates: found 1.5"),
      (["--bit-energy", "-1"], "--bit-energy: found -1.0; allowed: joules, from 1e-24"),
      (["--bit-energy", "1e-320"], "--bit-energy: found 1e-320"),
      (["--workloads"], "--operations: found 3.14e+23; allowed: not with --workloads"),
      (["--barrier"], "--operations: found 3.14e+23; allowed: not with --barrier"),
      (["--exponential"], "--exponential: found no --gamma"),
      (["--schedule", "runs/nowhere"], "runs/nowhere/curves.csv cannot be read"),
      (["--schedule", "runs/small", "--gamma", "1"], "--schedule: found also --gamma"),
    ])
  func badOptionsAreRefused(_ options: [String], _ says: String) throws {
    try withDmft { dmft in
      let given = options.first.map { Self.gpt3.contains($0) } ?? false
      let base = given ? ["bounds", "--operations=1", "--parameters=1"] : Self.gpt3
      let outcome = try dmft.finish(dmft.start(base + options))
      #expect(outcome.status == 64)
      #expect(outcome.errors.hasPrefix("dmft: \(says)"), "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty)
    }
  }

  @Test(arguments: [
    ([], "--operations: found nothing"), (["--operations", "1"], "--parameters: found nothing"),
    (["--barrier", "--workloads"], "--barrier: found --workloads"),
    (["--barrier", "--bit-energy", "1e-15"], "--bit-energy: found 1e-15; allowed: not with"),
  ])
  func missingOrContradictoryOptions(_ options: [String], _ says: String) throws {
    try withDmft { dmft in
      let outcome = try dmft.finish(dmft.start(["bounds"] + options))
      #expect(outcome.status == 64)
      #expect(outcome.errors.hasPrefix("dmft: \(says)"), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  /// Every option at both ends of its range, with all others at each of theirs.
  @Test("extremes give numbers")
  func extremes() throws {
    try withDmft { dmft in
      for counts in ["1", "1e60"] {
        for temperature in ["1e-12", "1e9"] {
          for bits in ["1", "128"] {
            for rates in [
              ["--gamma", "1e-12"], ["--gamma", "1000"], ["--gamma", "0", "--updates", "1e15"],
              ["--gamma", "1000", "--updates", "1"], ["--exponential", "--gamma", "1e-12"],
              ["--exponential", "--gamma", "1000", "--updates", "1e15"],
            ] {
              let memory = ["--temperature", temperature, "--bits", bits] + rates
              let csv = try output(
                dmft,
                ["bounds", "--operations", counts, "--parameters", counts, "--samples", counts]
                  + ["--bit-energy", "1e-24", "--csv"] + memory)
              let barrier = try output(dmft, ["bounds", "--barrier", "--csv"] + memory)
              for table in [csv, barrier] {
                for (name, cells) in columns(table) where name != "updates" {
                  let areFinite = cells.allSatisfy { Double($0)?.isFinite ?? true }
                  #expect(areFinite, "\(name) in \(table)")
                }
              }
            }
          }
        }
      }
    }
  }

  @Test func aWordForANumber() throws {
    try withDmft { dmft in
      let outcome = try dmft("bounds", "--operations", "many", "--parameters", "1")
      #expect(outcome.status == 64 && outcome.errors.contains("many"))
    }
  }

  /// A `curves.csv` of one step.
  private static func run(writes: String, norms: String?, last time: String = "0.1") -> String {
    let curves = [("writes", writes)] + (norms.map { [("norm", $0)] } ?? [])
    let rows = curves.flatMap { name, values in
      zip(["0,0", "1,\(time)"], values.split(separator: ",")).map { "\($0),\(name),\($1),0" }
    }
    return (["step,time,observable,value,standard_error"] + rows).joined(separator: "\n")
  }

  @Test func aRunWithoutWritesIsBadData() throws {
    try withDmft { dmft in
      try FileManager.default.createDirectory(
        atPath: dmft.path("run"), withIntermediateDirectories: true)
      for (text, says) in [
        ("step,time,observable,value,standard_error\n0,0,norm,1,0\n", "writes: found norm"),
        ("not a table", "curves.csv:1: found 'not a table'"),
        (Self.run(writes: "0,0.5", norms: "1,0"), "norm: found 0.0 in the end, after 1.0"),
        (Self.run(writes: "0,0.5", norms: "1,1e-13"), "norm: found 1e-13 in the end, after 1.0"),
        (Self.run(writes: "0,0.5", norms: "1,-1"), "norm: found values below 0"),
        (Self.run(writes: "0,0.5", norms: nil), "norm: found writes; allowed: a run that recorded"),
        (Self.run(writes: "0,0.5", norms: "1,2", last: "0"), "time: found times that do not"),
        (Self.run(writes: "0,1.5", norms: "1,2"), "writes at step 1: found an increase of 1.5"),
        (Self.run(writes: "0,0", norms: "1,2"), "writes: found no change in 1 steps"),
      ] {
        try dmft.write(text, to: "run/curves.csv")
        let outcome = try dmft("bounds", "--workloads", "--schedule", "run")
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("run/curves.csv") && outcome.errors.contains(says))
        #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty)
      }
    }
  }
}
