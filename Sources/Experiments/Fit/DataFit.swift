internal import DataFitting
internal import Foundation
internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import RunStorage
internal import Training

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
    /// Seed of these rows.
    public var standInSeed: UInt64 = 1
    /// Output folder; nil takes `runs/<file name>`.
    public var output: String?
    /// Whether an earlier run in the folder may be replaced.
    public var force = false
    /// What was typed, for `run.yaml`.
    public var invocation = Invocation()

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
      preparation: MeasuredData.Preparation(whitens: options.whitens, asksForRows: true))
    try checkSize(data)
    if let alpha = options.samplesPerWeight { try check(alpha, data) }
    let (fit, files) = try RunDirectory.writing(
      to: output, force: options.force, inputs: [path]
    ) { directory in
      let start = ContinuousClock.now
      let result = try fitted(table, data, to: directory)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let record = RunRecord(options.invocation, problem: nil, wallTimeSeconds: seconds)
      return (result, record.yaml)
    }
    return FitReport(fit).text + "\n\nfiles: \(output.shown())/: "
      + (files + ["run.yaml"]).joined(separator: ", ")
      + "\nnext:  dmft solve \(output.shown())/"
      + "\(fit.groups == nil ? "mixture" : "groups").yaml; dmft train "
      + "\(output.shown())/measured.yaml"
  }

  /// The fit and the files that were written of it.
  private func fitted(
    _ table: CSVTable, _ data: MeasuredData, to directory: RunDirectory
  ) throws -> (fit: MixtureFit, files: [String]) {
    let fit = MixtureFit(data)
    let problem = FittedProblem(fit, samplesPerWeight: options.samplesPerWeight)
    let mixture = problem.mixture(source: path.fileName)
    try readBack(mixture, problem)
    if let groups = fit.groups {
      _ = try groups.model.groups(
        directions: data.signals.count, probabilities: data.clusters.map(\.probability))
    }
    let standIn = options.standIn ? try standIn(table) : nil
    try directory.write("mixture.yaml", text: mixture)
    try directory.write(
      "measured.yaml", text: problem.measured(path: pathFromOutput, label: options.label))
    if let groups = fit.groups {
      try directory.write(
        "groups.yaml", text: problem.mixture(source: path.fileName, groups: "groups.csv"))
      try directory.write("groups.csv") { try FitCSV.write(groups, to: &$0) }
    }
    try directory.write("fit.csv") { try FitCSV.write(fit, to: &$0) }
    try directory.write("spectrum.csv") { try FitCSV.writeSpectrum(fit.anisotropy, to: &$0) }
    if let standIn {
      try directory.write("stand-in.csv") { try FitCSV.write(standIn.0, standIn.1, to: &$0) }
    }
    return (fit, directory.files)
  }

  /// The CSV file as seen from the folder of results.
  private var pathFromOutput: String {
    let folders = output.split(separator: "/").filter { $0 != "." }
    let isLinked = folders.indices.contains { last in
      let folder = folders[...last].joined(separator: "/")
      return (try? FileManager.default.destinationOfSymbolicLink(atPath: folder)) != nil
    }
    guard !path.hasPrefix("/"), !output.hasPrefix("/"), !folders.contains(".."), !isLinked else {
      return absolutePath
    }
    return String(repeating: "../", count: folders.count) + path
  }

  private var absolutePath: String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// Refuses what the theory, or this machine, cannot take.
  private func checkSize(_ data: MeasuredData) throws {
    guard data.dimension > 1 else {
      throw ProblemError(
        file: path, path: "", found: "a single input that varies",
        allowed: "at least 2 columns that vary, preferably 50 or more: the theory is that of many")
    }
    let needed = MixtureFit.memory(dimension: data.dimension, classes: data.classes.count)
    let granted = Machine.grantedMemory
    guard needed < granted.bytes else {
      throw ProblemError(
        file: path, path: "",
        found: "\(data.dimension) inputs, whose covariances need \(ByteCount.text(needed))",
        allowed: "fewer inputs, for \(granted)")
    }
  }

  /// Refuses a fit whose problem files `dmft solve` or `dmft train` would refuse: they are read and
  /// prepared as these do.
  private func readBack(_ mixture: String, _ problem: FittedProblem) throws {
    do {
      let model = try ProblemFile(yaml: mixture, name: "mixture.yaml")
      _ = try MeanFieldSolver(model.problem, model.theory)
      let rows = try ProblemFile(
        yaml: problem.measured(path: absolutePath, label: options.label), name: "measured.yaml")
      _ = try DirectTraining(rows.problem, rows.training)
    } catch {
      throw ProblemError(
        file: path, path: "", found: "rows of which no problem can be made (\(error))",
        allowed: "classes whose distance is not far from their deviations; take other --classes, "
          + "scale the columns, or use --whiten")
    }
  }

  /// Gaussian rows in units of the file, before any whitening.
  private func standIn(_ table: CSVTable) throws -> (DenseMatrix, MeasuredData) {
    let raw = try MeasuredData(
      table, classes: options.classes, preparation: MeasuredData.Preparation(scales: false))
    return (StandIn.rows(of: raw, seed: options.standInSeed), raw)
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
