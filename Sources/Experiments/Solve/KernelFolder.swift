internal import Foundation
internal import LearningProblem
internal import RunStorage

/// How kernels are written.
public enum KernelFormat: String, Sendable, CaseIterable, Codable {
  /// Text, `KernelCSV`.
  case csv
  /// Binary, `KernelNPY`; errors stand in files of their own, `NAME_standard_error.npy`.
  case npy

  /// Text up to T K = 500, which is 250,000 entries and 12 MB a kernel; else binary.
  public static func standard(steps: Int, units: Int) -> KernelFormat {
    steps * units <= 500 ? .csv : .npy
  }
}

/// The files of one kernel in a folder, in either format.
enum KernelFolder {
  static let errorSuffix = "_standard_error"

  /// The files that a kernel may have in a format.
  static func files(_ name: String, format: KernelFormat) -> [String] {
    switch format {
    case .csv: ["\(name).csv"]
    case .npy: ["\(name).npy", "\(name)\(errorSuffix).npy"]
    }
  }

  /// Writes `folder/name.csv`, or `.npy`.
  static func write(
    _ table: KernelTable, name: String, format: KernelFormat, grid: TimeGrid,
    to directory: RunDirectory
  ) throws {
    switch format {
    case .csv:
      try directory.write("\(name).csv") {
        try KernelCSV.write(table, grid: grid, to: &$0)
      }
    case .npy:
      for (suffix, values) in [("", table.values), (errorSuffix, table.errors)] {
        guard let values else { continue }
        try directory.write("\(name)\(suffix).npy") {
          try KernelNPY.write(values, times: table.times, units: table.units, to: &$0)
        }
      }
    }
  }

  /// Reads `folder/name.csv`, or `.npy`; nil if it is not there.
  static func read(_ folder: String, name: String, format: KernelFormat) throws -> KernelTable? {
    let path = "\(folder)/\(name).\(format.rawValue)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard format == .npy else { return try KernelCSV.read(path) }
    var table = try KernelNPY.read(path)
    let errors = "\(folder)/\(name)\(errorSuffix).npy"
    if FileManager.default.fileExists(atPath: errors) {
      let own = try KernelNPY.read(errors)
      guard own.times == table.times, own.units == table.units else {
        throw OutputError(
          "\(errors): found the shape of \(own.times) times and \(own.units) units; allowed: that "
            + "of \(path), \(table.times) times and \(table.units) units; solve again")
      }
      table.errors = own.values
    }
    return table
  }
}
