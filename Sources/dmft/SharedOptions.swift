public import ArgumentParser
public import Experiments

/// Options of every command that computes.
struct SharedOptions: ParsableArguments {
  @Argument(help: "The problem file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: "The folder for results (default: runs/<file name>).")
  var output: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Change a key of the problem; repeatable.", valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(help: "Replace the seeds of theory and training.")
  var seed: Int?

  @Option(help: "Average over this many random paths of the hidden units (masks row and subnet).")
  var paths: Int?

  @Option(
    help:
      "2: two copies with the same samples and start, mini-batches of their own; their distance.")
  var replicas: Int?

  @OptionGroup var running: RunningOptions

  func validate() throws {
    if let paths, paths < 1 { throw ValidationError("--paths must be at least 1.") }
    if let seed, seed < 0 { throw ValidationError("--seed must be at least 0.") }
    for text in overrides where !text.dropFirst().contains("=") {
      throw ValidationError("--set takes key.path=value, not '\(text)'.")
    }
  }

  /// The study these options describe; a bad problem becomes a `Failure`.
  ///
  /// - Parameters:
  ///   - figure: the format of its figure, if it draws one.
  ///   - options: what else the command takes.
  func study(
    figure: FigureFormat = .svg, _ options: Study.Options = Study.Options()
  ) throws -> Study {
    do {
      return try Study(file: file, options: standing(figure: figure, options))
    } catch {
      throw Failure(error, file: file)
    }
  }

  /// What a study is told of them, on top of what else the command takes.
  func standing(
    figure: FigureFormat = .svg, _ options: Study.Options = Study.Options()
  ) -> Study.Options {
    var options = running.standing(options, figure: figure)
    options.output = output
    options.overrides =
      overrides + (paths.map { ["paths=\($0)"] } ?? [])
      + (replicas.map { ["replicas=\($0)"] } ?? [])
    options.seed = seed
    return options
  }
}

extension Invocation {
  /// What was typed now.
  static var current: Invocation {
    Invocation(
      ["dmft"] + CommandLine.arguments.dropFirst(), commit: SourceCommit.commit,
      hasSourceChanges: SourceCommit.hasChanges)
  }
}

extension KernelFormat: ExpressibleByArgument {}
