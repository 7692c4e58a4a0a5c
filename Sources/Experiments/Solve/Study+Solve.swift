internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables
internal import RunStorage

extension Study {
  /// Which kernels `solve` writes.
  public enum Kernels: Sendable, Codable, Equatable {
    /// None.
    case none
    /// The four kernels; nil takes the standard format for their size.
    case all(KernelFormat?)
  }

  /// `dmft solve`: the theory. Returns the text for standard output.
  public func solve(kernels: Kernels = .all(nil)) throws -> String {
    var keepKernels = false
    if case .all = kernels { keepKernels = true }
    let solver = try prepared(keepKernels: keepKernels)
    if options.isShare { return try computeShare(of: .solve(kernels), solver: solver) }
    let bounds = TestErrorBounds(dynamics)
    let solution = try runInParts(of: .solve(kernels), solver.partNames(of: nil)) {
      try solved(solver, parts: $0)
    } write: { solution, directory in
      try directory.write("curves.csv") {
        try CurvesCSV.write(solution.curves, grid: problem.grid, to: &$0)
      }
      if let densities = solution.weightDensities {
        try directory.write("weights.csv") { try WeightsCSV.write(densities, to: &$0) }
      }
      try write(solution, format: kernels, to: directory)
      return solution.diagnostics.entries + (bounds?.entries ?? [])
    }
    let files =
      "curves.csv, " + (solution.weightDensities == nil ? "" : "weights.csv, ") + "run.yaml"
      + (solution.kernels == nil ? "" : ", kernels/")
    let missing =
      keepKernels && solution.kernels == nil
      ? [
        problem.timing.flow == nil
          ? "no kernels of several paths" : "no kernels where steps grow (time.growth)"
      ] : []
    let notes = (solution.diagnostics.notes + missing).map { "\nnote: \($0)" }.joined()
    return summary(solution.curves, bounds: bounds, files: files) + notes
  }

  /// A solver for the problem; what it does not support becomes a `Failure`.
  func prepared(keepKernels: Bool) throws -> any TheorySolver {
    do {
      return try problem.theorySolver(
        file.theory, paths: file.paths, keepKernels: keepKernels, parallel: parallel)
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// Solves the batches of those numbers, by default all, and says how large a march is that takes
  /// longer than a minute.
  func solved(
    _ solver: any TheorySolver, _ batches: Range<Int>? = nil, parts: any PartKeeper
  ) throws -> Solution {
    try solver.solve(batches, parts: parts, progress: limitedProgress("theory")) {
      if merged == nil { announce("theory", [$0]) }
    }
  }

  private func write(
    _ solution: Solution, format: Kernels, to directory: RunDirectory
  ) throws {
    guard case .all(let wanted) = format, let kernels = solution.kernels else { return }
    for (name, table) in KernelTable.all(kernels, errors: solution.kernelErrors) {
      try KernelFolder.write(
        table, name: "kernels/\(name)",
        // Arrays of numbers do not say at which steps they are.
        format: wanted
          ?? (solution.diagnostics.frame == nil
            ? .standard(steps: problem.grid.steps, units: problem.hiddenUnits) : .csv),
        grid: problem.grid, to: directory)
    }
  }
}

extension Solution.Diagnostics {
  /// Keys and values for `run.yaml`.
  var entries: [(key: String, value: String)] {
    [
      ("sample_site", sampleSite), ("weight_site", weightSite),
      ("trajectories", "\(trajectories)"), ("batches", "\(batches)"),
      ("largest_standard_error", "\(largestStandardError)"),
    ]
      + (flow.map {
        [
          ("flow_step", "\($0.step)"), ("flow_points", "\($0.points)"),
          ("flow_error", "\($0.discretisationError)"),
        ]
      } ?? [])
      + (frame.map {
        [
          ("frame_rows", "\($0.rows)"), ("frame_width", "\($0.width)"),
          ("frame_degree", "\($0.degree)"), ("frame_largest_loss", "\($0.largestLoss)"),
        ]
      } ?? []) + notes.enumerated().map { ("note_\($0 + 1)", $1) }
  }
}
