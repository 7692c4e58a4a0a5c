internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables

/// Derivatives of an observable by the knots of schedules, as differences of solves with the same
/// random numbers.
///
/// Differences are central; from below at numbers that may not be larger, and from above at 0, in
/// steps of a tenth of the relative one. Errors are those of the differences of each batch.
struct SensitivityDifferences {
  /// The most knots.
  private static let mostKnots = 100

  private let file: ProblemFile
  /// Reads the problem with `--set` texts on top of its own.
  private let read: ([String]) throws -> ProblemFile
  private let relativeStep: Double
  private let parallel: ParallelFor
  private let progress: @Sendable (Double) -> Void

  init(
    _ file: ProblemFile, relativeStep: Double, parallel: ParallelFor,
    read: @escaping ([String]) throws -> ProblemFile,
    progress: @escaping @Sendable (Double) -> Void
  ) {
    self.file = file
    self.read = read
    self.relativeStep = relativeStep
    self.parallel = parallel
    self.progress = progress
  }

  /// A knot of a control.
  private struct Knot {
    let control: Control
    let number: Section.NumberRead
    let index: Int
    let step: Int
    let value: Double
  }

  private var knots: [Knot] {
    let steps = file.problem.grid.steps
    return Control.allCases.flatMap { control -> [Knot] in
      guard let number = file.numbers[control.rawValue],
        case .schedule = number.parameter.form
      else { return [] }
      return number.value.knots(of: steps).enumerated().map { index, knot in
        Knot(control: control, number: number, index: index, step: knot.step, value: knot.value)
      }
    }
  }

  /// The derivatives of the observable of a name at a step.
  ///
  /// - Throws: `UsageError` for a name that no curve has, what solves throw.
  func sensitivity(of name: String, at step: Int, reason: String) throws -> Sensitivity {
    let knots = knots
    guard knots.count <= Self.mostKnots else {
      throw SolverError.unsupported(
        what: "differences by \(knots.count) numbers of schedules",
        instead: "schedules of kind linear or piecewise, at most \(Self.mostKnots) numbers in all")
    }
    let solves = Double(1 + 2 * knots.count)
    let start = try recordings(file.problem, done: 0, of: solves)
    guard let observable = start.first?.observables.first(where: { $0.name == name }) else {
      throw UsageError(
        "--of", found: name,
        allowed: (start.first?.observables ?? []).map(\.name).joined(separator: ", "))
    }
    func values(_ recordings: [Recording]) -> [Double] {
      recordings.map { $0.values(observable)[step].value }
    }
    let base = values(start)
    let grid = file.problem.grid
    var entries = [Sensitivity.Entry]()
    for (number, knot) in knots.enumerated() {
      let h = relativeStep * (knot.value == 0 ? 0.1 : abs(knot.value))
      let rule: [(shift: Double, weight: Double)] =
        if knot.value == 0 {
          [(0, -1.5), (1, 2), (2, -0.5)]
        } else if !knot.number.parameter.allows(knot.value + h) {
          [(0, 1.5), (-1, -2), (-2, 0.5)]
        } else {
          [(-1, -0.5), (1, 0.5)]
        }
      var sums = base.map { _ in 0.0 }
      var done = Double(1 + 2 * number)
      for (shift, weight) in rule {
        let moved =
          shift == 0
          ? base
          : values(
            try recordings(
              problem(knot, knot.value + shift * h), done: done, of: solves))
        if shift != 0 { done += 1 }
        DenseVector.add(weight / h, moved, to: &sums)
      }
      entries.append(
        Sensitivity.Entry(
          control: knot.control, step: knot.step,
          time: grid.time(at: min(knot.step, grid.steps)),
          value: knot.value, derivative: Estimate(mean: sums)))
    }
    return Sensitivity(
      observable: observable, step: step, value: Estimate(mean: base), entries: entries,
      method: .differences(relativeStep: relativeStep, reason: reason))
  }

  private func problem(_ knot: Knot, _ value: Double) throws -> Problem {
    let grid = file.problem.grid
    let moved = knot.number.value.moving(knot: knot.index, to: value, of: grid.steps)
    do {
      return try read([
        ScheduleSetting.text(
          knot.control.rawValue, steps: Array(0..<grid.steps),
          values: moved.constant.map { [$0] } ?? grid.values(of: moved))
      ]).problem
    } catch let error as ProblemError {
      throw SolverError.unsupported(
        what: "\(knot.control.rawValue) \(Number.short(value)) at step \(knot.step) (\(error))",
        instead: "a smaller --step")
    }
  }

  /// What each batch measures of a problem.
  private func recordings(
    _ problem: Problem, done: Double, of solves: Double
  ) throws -> [Recording] {
    let progress = progress
    return try MeanFieldSolver(problem, file.theory, paths: file.paths, parallel: parallel)
      .solve(progress: { progress((done + $0) / solves) }).recordings
  }
}
