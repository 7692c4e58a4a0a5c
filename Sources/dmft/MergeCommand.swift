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

  @Option(help: "Number of threads (default: as many as were granted).")
  var threads: Int?

  @Flag(help: "No progress on standard error.")
  var quiet = false

  @Flag(help: "Replace an earlier run in the folder.")
  var force = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  func run() throws {
    var options = Study.Options()
    options.output = output
    options.threads = threads
    options.quiet = quiet
    options.force = force
    options.figure = drawing.figure
    options.invocation = .current
    let outcome = try Merge(folders, options: options).write()
    try StandardOutput.write(line: outcome.text)
    if let warning = outcome.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    if !outcome.agrees { throw ExitCode(1) }
  }
}
