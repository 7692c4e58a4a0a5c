internal import Foundation

/// Runs gnuplot, if there is one.
public enum Gnuplot {
  /// The first gnuplot in PATH.
  public static var path: String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/gnuplot" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// Draws `plot` into `figure.svg` (or what `format` says) in `directory`; nil, or in one sentence
  /// what went wrong.
  ///
  /// The script reaches gnuplot through a file of the same folder, removed afterwards.
  public static func draw(
    _ plot: Plot, as format: FigureFormat = .svg, in directory: RunDirectory
  ) throws -> String? {
    let name = format.fileName
    guard let path else {
      return "no \(name): gnuplot is not in PATH; install the package gnuplot-nox (or gnuplot)"
    }
    let scriptName = ".\(name).gp"
    let scriptPath = "\(directory.path)/\(scriptName)"
    Leftovers.shared.begin(file: scriptPath) {}
    defer {
      Leftovers.shared.end(file: scriptPath) {
        try? FileManager.default.removeItem(atPath: scriptPath)
      }
    }
    try directory.write(scriptName, text: GnuplotScript(plot, format: format).text)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [scriptPath]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return "no \(name): \(path) could not be started"
    }
    let drawing = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, !drawing.isEmpty else {
      return "no \(name): \(path) failed with status \(process.terminationStatus)"
    }
    try directory.write(name) { try $0.write(drawing) }
    return nil
  }
}
