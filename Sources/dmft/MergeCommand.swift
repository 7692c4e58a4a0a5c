internal import ArgumentParser
internal import Experiments

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put together what --runs and --batches of one command have computed.",
    discussion: """
      Reads folders that `dmft train`, `compare` or `solve` wrote with --runs or --batches, or \
      left as OUTPUT.parts, in any order, and writes what one run would have written, bit by bit. \
      Exit code 1 if theory and training are compared and disagree.

      Example: dmft merge runs/problem-runs-1-8 runs/problem-runs-9-16 --output runs/problem
      """)

  @Argument(help: "Folders of parts of one run.", completion: .directory)
  var folders: [String]

  @Option(help: "The folder for results (default: runs/<name of the problem file>).")
  var output: String?

  @OptionGroup var drawing: FigureOption

  @OptionGroup var running: RunningOptions

  func run() throws {
    var options = running.standing(Study.Options(), figure: drawing.figure)
    options.output = output
    let outcome = try Merge(folders, options: options).write()
    try StandardOutput.write(line: outcome.text)
    if let warning = outcome.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    if !outcome.agrees { throw ExitCode(1) }
  }
}
