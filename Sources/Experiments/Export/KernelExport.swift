internal import Foundation
internal import LearningProblem
internal import RunStorage

/// `dmft export`: the kernels of a solved run in the other format.
public struct KernelExport: Sendable {
  private let source: String
  private let target: String?
  private let format: KernelFormat
  private let force: Bool

  /// Prepares the export from the run in `run` to the folder `target`; nil adds to the run itself.
  public init(run: String, to target: String? = nil, format: KernelFormat, force: Bool = false) {
    source = run.trimmedPath
    self.target = target?.trimmedPath
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
    let names = KernelTable.names.filter { !formats(of: $0).isEmpty }
    guard !names.isEmpty else {
      throw OutputError("\(source)/kernels holds no kernels; `dmft solve --kernels` writes them")
    }
    if target == nil, !force, let name = names.first(where: { formats(of: $0).contains(format) }) {
      throw OutputError(
        "\(path(name)) is there already; use --force, --output or another format")
    }
    let tables = try names.compactMap { name in
      try KernelFolder.read("\(source)/kernels", name: name, format: formats(of: name)[0])
        .map { (name, $0) }
    }
    // Arrays of numbers do not say at which steps they are.
    if let (name, table) = tables.first(where: { $0.1.times < problem.grid.steps }),
      formats(of: name)[0] != .csv || format != .csv
    {
      throw OutputError(
        "\(source)/kernels/\(name): found \(table.times) chosen steps of "
          + "\(problem.grid.steps + 1); allowed: csv, which names the steps, or "
          + "theory.history: all, which keeps all"
      )
    }
    let files = names.flatMap { KernelFolder.files($0, format: format) }
    let inside = "kernels/"
    try RunDirectory.writing(
      to: target ?? source, force: force || target == nil,
      inputs: target == nil ? [] : ["\(source)/run.yaml"]
    ) { directory in
      let record =
        target == nil
        ? try directory.keepRun(except: Set(files.map { inside + $0 }))
        : try RunDirectory.record(in: source)
      for (name, table) in tables {
        try KernelFolder.write(
          table, name: (target == nil ? inside : "") + name, format: format, grid: problem.grid,
          to: directory)
      }
      return ((), record)
    }
    return names.map(path).joined(separator: "\n")
  }

  /// Where a kernel is written to.
  private func path(_ name: String) -> String {
    "\(target ?? "\(source)/kernels")/\(name).\(format.rawValue)"
  }

  /// Formats in which the run has this kernel.
  private func formats(of name: String) -> [KernelFormat] {
    KernelFormat.allCases.filter {
      FileManager.default.fileExists(atPath: "\(source)/kernels/\(name).\($0.rawValue)")
    }
  }
}
