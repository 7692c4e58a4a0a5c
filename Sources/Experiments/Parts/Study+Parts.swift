internal import Foundation
internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import RunStorage
internal import Training

/// Thrown by progress once the time limit of a command is over.
struct TimeLimitReached: Error {}

extension Study.Options {
  /// Whether only a share of the parts is computed.
  var isShare: Bool { runs != nil || batches != nil }

  /// What a share adds to the name of a folder, such as `-runs-1-8`.
  var share: String {
    (batches.map { "-batches-\($0.shareText)" } ?? "")
      + (runs.map { "-runs-\($0.shareText)" } ?? "")
  }
}

extension ClosedRange<Int> {
  /// As one types it: `3-8`, or `3`.
  fileprivate var shareText: String {
    count == 1 ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)"
  }
}

extension Study {
  /// As `run`, for a computation whose parts may be kept or come from elsewhere.
  ///
  /// With `resumes` they are kept in the folder OUTPUT.parts until the run is in its place.
  ///
  /// - Parameters:
  ///   - work: what is computed.
  ///   - names: the names of all parts.
  func runInParts<Result>(
    of work: PartsOwner.Work, _ names: [String],
    compute: (any PartKeeper) throws -> Result,
    write: (Result, RunDirectory) throws -> [(key: String, value: String)]
  ) throws -> Result {
    if let merged {
      do { try merged.require(names) } catch { throw Failure(error, file: path) }
      return try run(
        keptParts: { names.count }, compute: { try compute(merged) }, write: write)
    }
    guard options.resumes || options.isShare else {
      return try run(compute: { try compute(NothingKept()) }, write: write)
    }
    let place = "\(output).parts"
    var folder: PartFolder?
    let result = try run(keptParts: { folder?.given ?? 0 }) {
      let opened = try openParts(place, of: work)
      folder = opened
      let remark = "; finished parts are kept in \(place): the same command goes on with the others"
      return try Interruption.shared.remarking(remark) {
        do {
          return try compute(opened)
        } catch is TimeLimitReached {
          throw unfinished(opened, of: names)
        }
      }
    } write: { result, directory in
      try write(result, directory)
    }
    folder?.remove(and: [PartsOwner.file])
    return result
  }

  /// The folder for parts, made or with what an earlier process left of the same work.
  ///
  /// Throws `OutputError` where parts are those of something else.
  private func openParts(_ place: String, of work: PartsOwner.Work) throws -> PartFolder {
    let folder = try PartFolder(place, create: true, note: Self.note)
    let owner = try PartsOwner(work, self)
    guard let text = folder.text(PartsOwner.file) else {
      guard folder.names.isEmpty else {
        throw OutputError(
          "\(place) holds parts and no readable \(PartsOwner.file); remove it, or use another "
            + "--output")
      }
      try folder.write(PartsOwner.file, owner.json)
      return folder
    }
    guard let other = PartsOwner(json: text) else {
      throw OutputError(
        "\(place)/\(PartsOwner.file) cannot be read; remove \(place), or use another --output")
    }
    if let (what, own, others) = owner.difference(from: other) {
      throw OutputError(
        "\(place) holds parts of another run: \(what) is \(others.shown(limit: 200)) there and "
          + "\(own.shown(limit: 200)) here; remove it, or use another --output")
    }
    return folder
  }

  /// What is said on standard error.
  static let note: @Sendable (String) -> Void = {
    ProgressReporter.standardError("dmft: note: \($0)\n")
  }

  private func unfinished(_ folder: PartFolder, of names: [String]) -> Failure {
    let count = folder.names.intersection(names).count
    return Failure(
      "the time limit is reached; \(count) of \(names.count) parts are finished and kept in "
        + "\(folder.path): the same command goes on with the others",
      status: Failure.unfinished)
  }

  /// Computes the share that the options name, and writes its parts for `dmft merge`; returns the
  /// text for standard output.
  func computeShare(
    of work: PartsOwner.Work, solver: (any TheorySolver)? = nil, dimensions: [Int?] = []
  ) throws -> String {
    var names: [String] = []
    var shares: [String] = []
    let batches = try solver.flatMap { solver in
      try options.batches.map { chosen in
        guard problem.timing.flow?.tolerance == nil else {
          throw Failure(
            UsageError(
              "--batches", found: "a flow with time.tolerance, which needs all batches at once",
              allowed: "no time.tolerance, or --resume"))
        }
        let range = try indices(chosen, "--batches", count: solver.batches)
        names += solver.partNames(of: range)
        shares.append("theory batches \(chosen.shareText) of \(solver.batches)")
        return range
      }
    }
    let runs = try options.runs.map { chosen in
      let range = try indices(chosen, "--runs", count: file.training.runs)
      for dimension in dimensions {
        names += try training.partNames(of: range, dimension: dimension)
      }
      shares.append("training runs \(chosen.shareText) of \(file.training.runs)")
      return range
    }
    let share = shares.joined(separator: "; ")
    _ = try runInParts(of: work, names) { parts in
      if let solver, let batches { _ = try solved(solver, batches, parts: parts) }
      if let runs {
        for dimension in dimensions {
          _ = try recorded(runs, dimension: dimension, parts: parts)
        }
      }
      return parts as? PartFolder
    } write: { folder, directory in
      for file in names.map(PartFolder.file) + [PartsOwner.file] {
        guard let text = folder?.text(file) else {
          throw WriteError("\(output).parts/\(file) was removed during this run")
        }
        try directory.write(file, text: text)
      }
      return [("share", share)]
    }
    return "\(share)\n\nfiles: \(output)/: \(names.count) parts, \(PartsOwner.file), run.yaml\n"
      + "next:  dmft merge \(output) OTHERS... when all are there"
  }

  /// Numbers from 0 of a range from 1; throws a `Failure` if there are not so many.
  private func indices(
    _ range: ClosedRange<Int>, _ option: String, count: Int
  ) throws -> Range<Int> {
    guard range.upperBound <= count else {
      throw Failure(
        UsageError(option, found: range.shareText, allowed: "FIRST-LAST within 1-\(count)"))
    }
    return range.lowerBound - 1..<range.upperBound
  }
}
