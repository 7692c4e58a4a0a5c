internal import Foundation
internal import LearningProblem

/// `dmft export`: the kernels of a solved run in the other format.
public struct KernelExport: Sendable {
  private let source: String
  private let target: String
  private let format: KernelFormat
  private let force: Bool

  /// Prepares the export from the run in `run` to the folder `target`, by default its `kernels`.
  public init(run: String, to target: String? = nil, format: KernelFormat, force: Bool = false) {
    source = run.trimmedPath
    self.target = (target ?? "\(run.trimmedPath)/kernels").trimmedPath
    self.format = format
    self.force = force
  }

  /// Writes the files; returns the text for standard output.
  public func write() throws -> String {
    do {
      return try written()
    } catch {
      throw Failure(error)
    }
  }

  private func written() throws -> String {
    let problem = try RunRecord.problem(at: "\(source)/run.yaml")
    let names = try KernelTable.names.filter { name in
      guard let found = try available(name) else { return false }
      let path = "\(target)/\(name).\(format.rawValue)"
      guard force || !FileManager.default.fileExists(atPath: path) else {
        throw OutputError("\(path) is there already; use --force, --output or another format")
      }
      return !found.isEmpty
    }
    guard !names.isEmpty else {
      throw OutputError("\(source)/kernels holds no kernels; `dmft solve --kernels` writes them")
    }
    let directory = try RunDirectory(target, force: true)
    for name in names {
      guard let from = try available(name),
        let table = try KernelFolder.read("\(source)/kernels", name: name, format: from[0])
      else { continue }
      try KernelFolder.write(
        table, name: name, format: format, grid: problem.grid, to: directory)
    }
    return names.map { "\(target)/\($0).\(format.rawValue)" }.joined(separator: "\n")
  }

  /// Formats in which the run has this kernel; nil if it has none.
  private func available(_ name: String) throws -> [KernelFormat]? {
    let formats = KernelFormat.allCases.filter {
      FileManager.default.fileExists(atPath: "\(source)/kernels/\(name).\($0.rawValue)")
    }
    return formats.isEmpty ? nil : formats
  }
}
