internal import ArgumentParser
internal import Experiments

/// Options of all that computes and writes a run, whatever it reads.
struct RunningOptions: ParsableArguments {
  @Option(
    help: """
      Number of threads (default: as many as were granted, the least of cores, affinity mask, \
      cgroup quota and SLURM_CPUS_PER_TASK); results do not depend on it.
      """)
  var threads: Int?

  @Flag(help: "No progress on standard error.")
  var quiet = false

  @Flag(help: "Replace an earlier run in the folder.")
  var force = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  /// What else a study is told, with these, its figure and what was typed.
  func standing(_ others: Study.Options, figure: FigureFormat) -> Study.Options {
    var options = others
    options.threads = threads
    options.quiet = quiet
    options.force = force
    options.figure = figure
    options.invocation = .current
    return options
  }
}
