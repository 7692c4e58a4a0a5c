internal import ArgumentParser
internal import Experiments

struct Bounds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Physical bounds on the energy of training, in joules, side by side.",
    discussion: """
      Prints a table, or CSV with --csv, and writes no file. The bounds (Landauer, quasi-static \
      training, constant barrier, learning in memory) are estimates, each under its own \
      assumptions, which the table names. Give a workload with --operations and --parameters, or \
      take --workloads for seven published ones beside the energy that was reported, or --barrier \
      for the height of the energy barrier against the update.

      Learning in memory takes update rates n^-(1 + gamma), by default two: gamma 0 with 100000 \
      updates, and gamma 10 with infinitely many. With --schedule the rates are the fraction of \
      the weights that a run of `dmft solve` or `dmft train` wrote at each step: they say when the \
      operations happen, not how many they are. A write is then driven by the variance of the \
      run's own weights, on the scale that its learning rate has in the end.

      Example: dmft bounds --operations 3.14e23 --parameters 175e9 --samples 3e11
      Example: dmft bounds --workloads --csv
      Example: dmft bounds --barrier --gamma 0.5 --updates 1e5
      """)

  @Option(parsing: .unconditional, help: "Operations of the whole training (FLOPs), 1 or more.")
  var operations: Double?

  @Option(parsing: .unconditional, help: "Trained parameters, 1 or more.")
  var parameters: Double?

  @Option(
    parsing: .unconditional,
    help: "Samples (or tokens) in the training set, 1 or more; only the training bound needs them.")
  var samples: Double?

  @Option(parsing: .unconditional, help: "Temperature in kelvin, 1e-12 to 1e9.")
  var temperature = BoundsRequest().temperature

  @Option(
    parsing: .unconditional,
    help: "Bits per parameter, 1 to 128: a parameter is wrong with probability delta = 2^-bits.")
  var bits = BoundsRequest().bits

  @Option(
    parsing: .unconditionalSingleValue,
    help: "Decay of the update rates, 0 to 1000; repeatable. 0 needs --updates.")
  var gamma: [Double] = []

  @Option(
    parsing: .unconditional,
    help: "Updates of each parameter, a whole number (default: infinitely many).")
  var updates: Double?

  @Flag(help: "Update rates e^(-gamma n) and learning rates 1/n instead of powers and 1/sqrt n.")
  var exponential = false

  @Option(
    help: ArgumentHelp("Take the update rates from this run.", valueName: "run-dir"),
    completion: .directory)
  var schedule: String?

  @Option(
    parsing: .unconditional,
    help: "Joules a device spends on a bit; 1e-15 to 1e-12 today. Adds energy_device_joules.")
  var bitEnergy: Double?

  @Flag(help: "Seven published workloads beside the energy reported.")
  var workloads = false

  @Flag(help: "Height of the barrier E_n/kT against the update n.")
  var barrier = false

  @Flag(help: "CSV instead of a text table.")
  var csv = false

  func run() throws { try StandardOutput.write(line: BoundsStudy(request).text()) }

  private var request: BoundsRequest {
    var request = BoundsRequest()
    request.operations = operations
    request.parameters = parameters
    request.samples = samples
    request.temperature = temperature
    request.bits = bits
    request.gamma = gamma
    request.updates = updates
    request.exponential = exponential
    request.schedule = schedule
    request.bitEnergyJoules = bitEnergy
    request.workloads = workloads
    request.barrier = barrier
    request.csv = csv
    return request
  }
}
