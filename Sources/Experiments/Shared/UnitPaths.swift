internal import LearningProblem

/// Who learns, step by step, under a mask that draws hidden units: lines of `run.yaml`.
/// `[mask.units]`
///
/// One line for each path, such as `path_1: {0: [1, 3], 4: [2]}`: from step 0 units 1 and 3 learn,
/// from step 4 on unit 2 alone. Steps count from 0, units and paths from 1, as in `curves.csv`.
/// Nothing is left out: equal steps in a row are one entry. No lines where nothing is drawn.
enum UnitPaths {
  /// The lines of all paths of a problem.
  static func lines(_ problem: Problem, paths: Range<Int>) -> [String] {
    guard let paths = try? Dynamics.along(paths: paths, of: problem) else { return [] }
    return paths.enumerated().compactMap { number, dynamics in
      guard let runs = LearningUnits(dynamics).runs else { return nil }
      let entries = runs.map {
        "\($0.step): [\($0.units.map { "\($0 + 1)" }.joined(separator: ", "))]"
      }
      return "path_\(number + 1): {\(entries.joined(separator: ", "))}"
    }
  }
}
