internal import Foundation
public import RunStorage

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
  /// The user's settings of gnuplot are ignored, and it is stopped after `limit`: figures take a
  /// twentieth of a second. `gnuplot` is the program, by default the first in PATH.
  public static func draw(
    _ plot: Plot, as format: FigureFormat = .svg, limit: Duration = .seconds(10),
    gnuplot: String? = Gnuplot.path, in directory: RunDirectory
  ) throws -> String? {
    let name = format.fileName
    guard let path = gnuplot else {
      return "no \(name): gnuplot is not in PATH; install the package gnuplot-nox (or gnuplot)"
    }
    let script = GnuplotScript(plot, format: format).text
    switch try ExternalProgram.run(path, ["-d", "-"], input: script, limit: limit, in: directory) {
    case .notStarted: return "no \(name): \(path) could not be started"
    case .late: return "no \(name): \(path) did not end within \(limit / .seconds(1)) s"
    case .failed(let status): return "no \(name): \(path) failed with status \(status)"
    case .done(let drawing):
      guard format.isComplete(drawing) else {
        return "no \(name): \(path) wrote something else than a whole \(format.rawValue)"
      }
      try directory.write(name) { try $0.write(drawing) }
      return nil
    }
  }
}
