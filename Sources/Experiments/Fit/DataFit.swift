internal import DataFitting
internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import RunStorage

/// `dmft fit`: the Gaussian mixture that resembles a file of labelled rows.
public struct DataFit: Sendable {
  /// What is asked for.
  public struct Options: Sendable {
    /// The column of the label: its name or number from 1; nil takes the last.
    public var label: String?
    /// The labels to learn; nil takes all.
    public var classes: [String]?
    /// Whether inputs are whitened within classes.
    public var whitens = false
    /// α in the problem files.
    public var samplesPerWeight: Double?
    /// Whether Gaussian rows with the measured covariances are written as well.
    public var standIn = false
    /// Output folder; nil takes `runs/<file name>`.
    public var output: String?
    /// Whether an earlier run in the folder may be replaced.
    public var force = false
    /// What was typed, for `run.yaml`.
    public var command = ""

    /// The defaults.
    public init() {}
  }

  private let path: String
  private let output: String
  private let options: Options

  /// Prepares the fit of the file at `path`.
  public init(csv path: String, options: Options = Options()) {
    self.path = path
    self.options = options
    output = (options.output ?? "runs/\(path.baseName)").trimmedPath
  }

  /// Fits, writes the files, and returns the text for standard output; errors become a `Failure`.
  public func write() throws -> String {
    do {
      return try written()
    } catch {
      throw Failure(error, file: path)
    }
  }

  private func written() throws -> String {
    let table = try CSVTable(path: path, label: options.label)
    let data = try MeasuredData(
      table, classes: options.classes,
      preparation: MeasuredData.Preparation(whitens: options.whitens))
    try data.requireRowsToWhiten(file: table.file)
    if let alpha = options.samplesPerWeight { try check(alpha, data) }
    let directory = try RunDirectory(output, force: options.force, inputs: [path])
    defer { directory.discard() }
    let start = ContinuousClock.now
    let fit = MixtureFit(data)
    let problem = FittedProblem(fit, samplesPerWeight: options.samplesPerWeight)
    let standIn = options.standIn ? try standIn(table) : nil
    try directory.write("mixture.yaml", text: problem.mixture(source: path.fileName))
    try directory.write(
      "measured.yaml", text: problem.measured(path: pathFromOutput, label: options.label))
    try directory.write("fit.csv") { try FitCSV.write(fit, to: &$0) }
    try directory.write("spectrum.csv") { try FitCSV.writeSpectrum(fit.anisotropy, to: &$0) }
    var files = ["mixture.yaml", "measured.yaml", "fit.csv", "spectrum.csv"]
    if let standIn {
      try directory.write("stand-in.csv") { try FitCSV.write(standIn.0, standIn.1, to: &$0) }
      files.append("stand-in.csv")
    }
    files.append("run.yaml")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let record = RunRecord(command: options.command, problem: nil, wallTimeSeconds: seconds)
    try directory.commit(record: record.yaml)
    return FitReport(fit).text + "\n\nfiles: \(output)/: " + files.joined(separator: ", ")
      + "\nnext:  dmft compare \(output)/mixture.yaml; dmft train \(output)/measured.yaml"
  }

  /// The CSV file as seen from the folder of results.
  private var pathFromOutput: String {
    let folders = output.split(separator: "/").filter { $0 != "." }
    guard !path.hasPrefix("/"), !output.hasPrefix("/"), !folders.contains("..") else {
      return URL(fileURLWithPath: path).standardizedFileURL.path
    }
    return String(repeating: "../", count: folders.count) + path
  }

  /// Gaussian rows in units of the file, before any whitening.
  private func standIn(_ table: CSVTable) throws -> (DenseMatrix, MeasuredData) {
    let raw = try MeasuredData(
      table, classes: options.classes, preparation: MeasuredData.Preparation(scales: false))
    return (StandIn.rows(of: raw), raw)
  }

  private func check(_ alpha: Double, _ data: MeasuredData) throws {
    guard alpha > 0, (alpha * Double(data.dimension)).rounded() <= Double(data.count - 1) else {
      let largest = Double(data.count - 1) / Double(data.dimension)
      throw UsageError(
        "--samples-per-weight", found: "\(alpha)",
        allowed: "> 0 and at most \((largest * 1e4).rounded(.down) / 1e4): \(data.count) rows of "
          + "\(data.dimension) inputs, of which one at least is for the test")
    }
  }
}
