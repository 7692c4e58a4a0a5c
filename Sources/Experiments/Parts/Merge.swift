internal import LearningProblem
internal import RunStorage

/// `dmft merge`: one run of the parts that several commands have computed.
public struct Merge: Sendable {
  /// What is left to be said when the run is written.
  public struct Outcome: Sendable {
    /// For standard output.
    public let text: String
    /// Of the figure; nil if there is nothing to be said.
    public let warning: String?
    /// Whether theory and training agree, where they were compared.
    public let agrees: Bool
  }

  private let study: Study
  private let work: PartsOwner.Work

  /// Opens folders that `--runs`, `--batches` or `--resume` have written; a bad one becomes a
  /// `Failure`.
  public init(_ paths: [String], options: Study.Options) throws {
    do {
      let folders = try paths.map {
        try PartFolder($0.trimmedPath, create: false, note: Study.note)
      }
      let owners = try folders.map(Self.owner)
      for (folder, owner) in zip(folders, owners) {
        if let (what, own, others) = owners[0].difference(from: owner) {
          throw OutputError(
            "\(folder.path) holds parts of another run than \(folders[0].path): \(what) is "
              + "\(others.shown(limit: 200)) there and \(own.shown(limit: 200)) here")
        }
      }
      work = owners[0].work
      study = try Study(
        ProblemSource(text: owners[0].source, name: owners[0].name), overrides: owners[0].overrides,
        options, merging: PartCollection(folders, of: work))
      if let (what, own, others) = try PartsOwner(work, study).difference(from: owners[0]) {
        throw OutputError(
          "\(folders[0].path) holds parts of another run: \(what) is "
            + "\(others.shown(limit: 200)) there and \(own.shown(limit: 200)) now")
      }
    } catch {
      throw Failure(error)
    }
  }

  /// Puts the parts together and writes what one run would have written.
  public func write() throws -> Outcome {
    switch work {
    case .train: return Outcome(text: try study.train(), warning: nil, agrees: true)
    case .solve(let kernels):
      return Outcome(text: try study.solve(kernels: kernels), warning: nil, agrees: true)
    case .compare(let dimensions):
      let verdict = try study.compare(dimensions: dimensions)
      return Outcome(text: verdict.text, warning: verdict.warning, agrees: verdict.agrees)
    }
  }

  private static func owner(of folder: PartFolder) throws -> PartsOwner {
    guard let owner = folder.text(PartsOwner.file).flatMap(PartsOwner.init(json:)) else {
      throw OutputError(
        "\(folder.path) holds no parts of a run (no readable \(PartsOwner.file)); use folders that "
          + "--runs, --batches or --resume wrote")
    }
    return owner
  }
}
