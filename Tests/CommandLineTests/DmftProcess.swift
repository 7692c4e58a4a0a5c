import Foundation

/// The built `dmft`, run as a user would run it.
struct DmftProcess {
  /// What a command left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
    /// Lines on standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  /// Where it runs.
  let folder: String
  /// The environment; nil takes that of the test.
  var environment: [String: String]?

  /// The executable beside the test bundle.
  static var executable: URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("dmft")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    return URL(fileURLWithPath: "dmft")
  }

  /// Starts the command; its output goes to files, which cannot fill up as pipes can.
  func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    if let environment { process.environment = environment }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try sink("stdout")
    process.standardError = try sink("stderr")
    try process.run()
    return process
  }

  /// Waits for the end.
  func finish(_ process: Process) throws -> Outcome {
    process.waitUntilExit()
    defer {
      try? FileManager.default.removeItem(atPath: path("stdout"))
      try? FileManager.default.removeItem(atPath: path("stderr"))
    }
    return Outcome(
      status: process.terminationStatus, output: try text("stdout"), errors: try text("stderr"))
  }

  /// Runs a command to its end.
  func callAsFunction(_ arguments: String...) throws -> Outcome { try self(arguments) }

  /// Runs `dmft`.
  func callAsFunction(_ arguments: [String]) throws -> Outcome {
    try finish(start(arguments))
  }

  /// A file in the folder.
  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The text of a file in the folder.
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// Writes a file in the folder.
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
  }

  /// Whether a file is in the folder.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  private func sink(_ name: String) throws -> FileHandle {
    try write("", to: name)
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
  }
}

/// Runs `body` with `dmft` in a fresh folder that holds `small.yaml`.
func withDmft<Result>(_ body: (DmftProcess) throws -> Result) throws -> Result {
  let folder = NSTemporaryDirectory() + "/dmft-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let dmft = DmftProcess(folder: folder)
  try dmft.write(smallProblem, to: "small.yaml")
  return try body(dmft)
}

/// A problem that takes a moment.
let smallProblem = """
  data: {kind: two-clusters, variance: 0.5}
  samples_per_weight: 2
  network: {kind: perceptron}
  loss: {kind: logistic}
  weight_decay: 0.1
  start: {variance: 0.1, overlap: 0}
  learning_rate: 0.2
  steps: 8
  sample_mask: {kind: independent, density: 0.5}
  weight_mask: {kind: independent, density: 0.5}
  theory: {trajectories: 1000, batches: 4, seed: 1}
  training: {dimension: 600, runs: 8, seed: 2}

  """
