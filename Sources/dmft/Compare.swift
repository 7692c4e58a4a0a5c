internal import ArgumentParser
internal import Experiments

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Solve, train, and compare in joint standard errors.",
    discussion: """
      Writes comparison.csv, figure.svg, theory/curves.csv, training/curves.csv and run.yaml. \
      Exit code 1 if theory and training disagree. With --dimensions the training is extrapolated \
      to infinite dimension, linearly in 1/d, and its finite-size bias reported.

      Example: dmft compare problem.yaml --dimensions 500,1000,2000
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @OptionGroup var resuming: ResumeOptions

  @OptionGroup var runs: RunsOption

  @OptionGroup var batches: BatchesOption

  @Option(
    help: ArgumentHelp("Train at each of these dimensions.", valueName: "d1,d2,..."),
    transform: Self.dimensions)
  var dimensions: [Int] = []

  func run() throws {
    let chosen = try resuming.options(runs: runs.runs, batches: batches.batches)
    let verdict = try options.study(figure: drawing.figure, chosen).compare(dimensions: dimensions)
    try StandardOutput.write(line: verdict.text)
    if let warning = verdict.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    if !verdict.agrees { throw ExitCode(1) }
  }

  private static func dimensions(_ text: String) throws -> [Int] {
    let numbers = text.split(separator: ",").map { Int($0) ?? 0 }
    guard Set(numbers).count == numbers.count, numbers.count >= 2,
      numbers.allSatisfy({ $0 >= 2 })
    else { throw ValidationError("two or more different dimensions >= 2, such as 500,1000,2000") }
    return numbers
  }
}
