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

  /// A command on its way.
  struct Running {
    let process: Process
    /// Tells its output from that of others.
    fileprivate let name: String
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
  func start(_ arguments: [String], executable: URL = executable) throws -> Running {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = (environment ?? ProcessInfo.processInfo.environment)
      .merging(["DMFT": Self.executable.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    let name = UUID().uuidString
    process.standardOutput = try sink("\(name).out")
    process.standardError = try sink("\(name).err")
    try process.run()
    return Running(process: process, name: name)
  }

  /// Waits for the end.
  func finish(_ running: Running) throws -> Outcome {
    running.process.waitUntilExit()
    let files = ["\(running.name).out", "\(running.name).err"]
    defer { for file in files { try? FileManager.default.removeItem(atPath: path(file)) } }
    return Outcome(
      status: running.process.terminationStatus, output: try text(files[0]),
      errors: try text(files[1]))
  }

  /// Runs a command to its end.
  func callAsFunction(_ arguments: String...) throws -> Outcome { try self(arguments) }

  /// Runs `dmft`.
  func callAsFunction(_ arguments: [String]) throws -> Outcome {
    try finish(start(arguments))
  }

  /// Runs a line of shell with the path of `dmft` in `DMFT`.
  func shell(_ line: String) throws -> Outcome {
    try finish(
      start(["-c", line], executable: URL(fileURLWithPath: "/bin/bash")))
  }

  /// Keys of `run.yaml` that differ between two runs of the same problem on the same machine.
  private static let varying: Set = [
    "command", "started", "threads", "threads_granted_by", "wall_time_seconds",
    "peak_memory_bytes", "kept_parts", "merged_command",
  ]

  /// All files below a folder and their bytes; of `run.yaml`, what does not differ between two runs
  /// of the same problem.
  func contents(_ folder: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path(folder)) {
      let file = path("\(folder)/\(name)")
      guard let data = FileManager.default.contents(atPath: file) else { continue }
      guard name.hasSuffix("run.yaml") else {
        contents[name] = data
        continue
      }
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        .filter { !Self.varying.contains(String($0.prefix { $0 != ":" })) }
      contents[name] = Data(lines.joined(separator: "\n").utf8)
    }
    return contents
  }

  /// The names in a folder, hidden ones too.
  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
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

/// What a command needs beside a problem file.
func required(by command: String) -> [String] {
  switch command {
  case "aging": ["--waiting", "1"]
  case "optimise": ["--over", "learning_rate"]
  default: []
  }
}
