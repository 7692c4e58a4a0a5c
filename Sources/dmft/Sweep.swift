internal import ArgumentParser
internal import Experiments
internal import Foundation

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a command over a grid of values, here or on a cluster.",
    discussion: """
      `plan` checks every point and writes a folder; `run` runs what is not done, here; `slurm` \
      makes a job array that does; `status` says how far it is; `collect` makes one table and one \
      figure of all. Each task is a run of its own in DIR/tasks, which appears whole.

      Example: dmft sweep plan problem.yaml --vary samples_per_weight=0.5:8:9:log --vary seed=1:5
      Example: dmft sweep run sweeps/problem
      Example: dmft sweep collect sweeps/problem
      """,
    subcommands: [
      SweepPlanCommand.self, SweepRunCommand.self, SweepSlurmCommand.self,
      SweepStatusCommand.self, SweepCollectCommand.self,
    ])
}

/// Where this program is.
private var executable: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

/// The folder of a sweep that was planned.
struct SweepArgument: ParsableArguments {
  @Argument(help: "The folder of a sweep.", completion: .directory)
  var directory: String
}

struct SweepPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Check every point of a grid and write the folder of a sweep.",
    discussion: """
      KEY is a key of the problem file, or seed for the option --seed. Values are a list, whole \
      numbers FROM:TO, or COUNT numbers FROM:TO:COUNT, with :log equally spaced in ratio. Several \
      keys make all combinations, the last one fastest; with --pair they advance together.

      Behind -- stand options of the command that all tasks have, such as -- --no-kernels or \
      -- --set steps=100. Writes sweep.yaml (the plan), tasks.csv (number and values of each \
      task), problem.yaml with the files that it names, so that later changes elsewhere do not \
      matter, and run.yaml. Points that the command refuses are all listed, and nothing is \
      written then. One task of average size is run and timed, without being kept.

      Example: dmft sweep plan problem.yaml --vary samples_per_weight=0.5:8:9:log \
      --vary weight_mask.density=0.1,0.3,1 --vary seed=1:5 -- --no-kernels
      """)

  @Argument(help: "The problem file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A key and its values; repeatable.", valueName: "key=values"))
  var vary: [String] = []

  @Flag(help: "Let the keys advance together.")
  var pair = false

  @Option(
    help: "What each task does: solve, train, compare, rules, stationary, static or online.")
  var command = SweepCommandName.solve

  @Option(help: "The folder of the sweep (default: sweeps/<file name>).")
  var output: String?

  @Flag(inversion: .prefixedNo, help: "Run one task to say how long all will take.")
  var probe = true

  @Flag(help: "Replace an earlier plan that has no results.")
  var force = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("Options of the command.", valueName: "options"))
  var options: [String] = []

  func run() throws {
    let grid: SweepGrid
    do {
      grid = try SweepGrid(
        vary.map { try ParameterAxis($0, option: "--vary", takes: .any) }, isPaired: pair)
    } catch {
      throw Failure(error)
    }
    let request = try command.request(file: file, options: options)
    if request.common.seed != nil, grid.axes.contains(where: { $0.key == "seed" }) {
      throw ValidationError("--seed behind -- and --vary seed exclude each other.")
    }
    let planner = try SweepPlanner(file: file, request: request, grid: grid)
    let (folder, operations) = try planner.write(to: output, force: force, invocation: .current)
    let time =
      try probe ? SweepProbe(folder, operations: operations).text(executable: executable) : nil
    try StandardOutput.write(line: folder.planned(time: time))
  }
}

struct SweepRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the tasks of a sweep that are not done.",
    discussion: """
      Each task is a process of its own, with a folder in DIR/tasks that appears whole or not at \
      all. Finished tasks are skipped. Those that fail are noted in DIR/failures and stop nothing; \
      they are tried again with --retry, those that a signal ended always. Ctrl-C and SIGTERM end \
      the tasks in flight in order; run again to continue. Several runs of one sweep, also on \
      several machines with one file system, share the tasks.

      Exit code 70 if any of the tasks failed.

      Example: dmft sweep run sweeps/problem --jobs 4 --threads-per-task 2
      """)

  @OptionGroup var sweep: SweepArgument

  @Option(help: "Tasks by number, such as 3,7-20 (default: all).")
  var tasks: String?

  @Option(help: "A part of all tasks: 3/50 are the tasks 3, 53, 103, ...")
  var share: String?

  @Option(help: "How many tasks at once (default: as cores and memory allow).")
  var jobs: Int?

  @Option(help: "Threads of each task.")
  var threadsPerTask = 1

  @Flag(help: "Try those again that failed.")
  var retry = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
    if threadsPerTask < 1 { throw ValidationError("--threads-per-task must be at least 1.") }
    if tasks != nil, share != nil {
      throw ValidationError("--tasks and --share exclude each other.")
    }
  }

  func run() throws {
    var options = SweepRunner.Options()
    do {
      if let tasks { options.tasks = try TaskSelection(tasks: tasks) }
      if let share { options.tasks = try TaskSelection(share: share) }
    } catch {
      throw Failure(error)
    }
    options.jobs = jobs
    options.threads = threadsPerTask
    options.retries = retry
    options.quiet = quiet
    let runner = SweepRunner(
      try SweepFolder(sweep.directory), options: options, executable: executable)
    try StandardOutput.write(line: runner.run())
  }
}

struct SweepSlurmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm",
    abstract: "Write a job array of Slurm that runs what is missing.",
    discussion: """
      Writes DIR/sweep.sbatch, to be read and changed before it is submitted. Element I of N runs \
      the tasks I, I + N, ... one after the other, on as many threads as it has cores, and is \
      told to end in order before its time limit. What is written to standard error goes to \
      DIR/slurm. Submitted or requeued again it runs what is missing by then.

      Example: dmft sweep slurm sweeps/problem --time 04:00:00 --cpus-per-task 4 --submit
      """)

  @OptionGroup var sweep: SweepArgument

  @Option(help: "The most elements of the array.")
  var arraySize = 50

  @Option(help: "The time limit of an element, as sbatch takes it.")
  var time = "01:00:00"

  @Option(help: "The partition (default: that of the cluster).")
  var partition: String?

  @Option(help: "Cores and threads of a task.")
  var cpusPerTask = 1

  @Option(help: "Memory of an element, such as 4G (default: that of the cluster).")
  var memory: String?

  @Flag(help: "Try those again that failed.")
  var retry = false

  @Flag(help: "Submit the script with sbatch.")
  var submit = false

  func validate() throws {
    if arraySize < 1 { throw ValidationError("--array-size must be at least 1.") }
    if cpusPerTask < 1 { throw ValidationError("--cpus-per-task must be at least 1.") }
  }

  func run() throws {
    var options = SlurmScript.Options()
    options.arraySize = arraySize
    options.time = time
    options.partition = partition
    options.cores = cpusPerTask
    options.memory = memory
    options.retries = retry
    let script = try SlurmScript(
      SweepFolder(sweep.directory), options: options, executable: executable)
    try StandardOutput.write(line: script.write(submits: submit))
  }
}

struct SweepStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how far a sweep is.",
    discussion: "Example: dmft sweep status sweeps/problem")

  @OptionGroup var sweep: SweepArgument

  func run() throws {
    try StandardOutput.write(line: try SweepFolder(sweep.directory).status())
  }
}

struct SweepCollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Make one table and one figure of a sweep.",
    discussion: """
      Writes into DIR/collected: sweep.csv (a row a task: its values, every observable at its last \
      step with its standard error, exit code, wall time), curves.csv (all curves, the values of \
      the task first), a figure and run.yaml. What is missing has empty cells and is named.

      The figure shows one observable: its curves coloured by the key that is varied, or, for two \
      keys, a map of its last values. Seeds are averaged over; a third key stays at its first \
      value. --by names the keys to show.

      Example: dmft sweep collect sweeps/problem --figure test_error \
      --by samples_per_weight,weight_mask.density
      """)

  @OptionGroup var sweep: SweepArgument

  @Option(
    help: ArgumentHelp(
      "The observable of the figure (default: test_error, or the first).", valueName: "observable"))
  var figure: String?

  @Option(help: ArgumentHelp("One key or two to show.", valueName: "key[,key]"))
  var by: String?

  @Option(help: "Format of the figure: svg, pdf or png.")
  var figureFormat = FigureFormat.svg

  func run() throws {
    let collection = SweepCollection(
      try SweepFolder(sweep.directory), observable: figure,
      keys: by.map { $0.split(separator: ",").map(String.init) } ?? [], format: figureFormat,
      invocation: .current)
    let result = try collection.write()
    if let warning = result.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    try StandardOutput.write(line: result.text)
  }
}
