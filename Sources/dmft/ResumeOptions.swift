internal import ArgumentParser
internal import Experiments

/// Options of the commands whose parts may be kept, to go on later.
struct ResumeOptions: ParsableArguments {
  @Flag(
    help: """
      Keep finished parts (batches of the theory, training runs) in OUTPUT.parts until the run is \
      complete, and go on with those that are there.
      """)
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Stop after this time with exit code 75; the finished parts are kept.",
      valueName: "90s|55m|2h"),
    transform: Self.duration)
  var timeLimit: Duration?

  /// The options of a study with these and those of a share of its parts.
  func options(
    runs: ClosedRange<Int>? = nil, batches: ClosedRange<Int>? = nil
  ) throws -> Study.Options {
    guard timeLimit == nil || resume || runs != nil || batches != nil else {
      throw ValidationError("--time-limit keeps nothing without --resume: give both.")
    }
    var options = Study.Options()
    options.resumes = resume
    options.timeLimit = timeLimit
    options.runs = runs
    options.batches = batches
    return options
  }

  private static func duration(_ text: String) throws -> Duration {
    let seconds = ["s": 1.0, "m": 60, "h": 3600, "d": 86400]
    guard let unit = text.last.flatMap({ seconds[String($0)] }),
      let count = Double(text.dropLast()), count > 0, count * unit <= 1e9
    else {
      throw ValidationError("found '\(text)'; allowed: a time > 0 such as 90s, 55m, 2h or 1.5d")
    }
    return .seconds(count * unit)
  }
}

/// The option of commands that may train a share of the runs.
struct RunsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Train these runs alone, from 1; `dmft merge` puts all together.", valueName: "first-last"),
    transform: { try shareRange($0) })
  var runs: ClosedRange<Int>?
}

/// The option of commands that may solve a share of the batches.
struct BatchesOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Solve these batches of the theory alone, from 1; `dmft merge` puts all together.",
      valueName: "first-last"),
    transform: { try shareRange($0) })
  var batches: ClosedRange<Int>?
}

/// The range that `3-8` or `3` stands for.
private func shareRange(_ text: String) throws -> ClosedRange<Int> {
  guard let ranges = NumberRanges(text)?.ranges, ranges.count == 1 else {
    throw ValidationError("found '\(text)'; allowed: FIRST-LAST from 1 on, such as 1-8")
  }
  return ranges[0]
}
