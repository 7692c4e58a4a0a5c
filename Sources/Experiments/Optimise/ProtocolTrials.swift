internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables

/// Solves the problem with protocols: values of what is asked for, all with the same random
/// numbers, and gradients where the march has an adjoint.
struct ProtocolTrials: Sendable {
  /// Reads the problem with `--set` texts on top of its own.
  let read: @Sendable (_ overrides: [String]) throws -> ProblemFile
  /// The problem as it is.
  let file: ProblemFile
  /// What is asked for.
  let sums: ProtocolSums
  let parallel: ParallelFor
  /// Whether closed equations alone give what is asked for.
  private let asksClosedOnly: Bool
  /// What stands for the objective where a protocol has none, times 2 where it ends at once.
  private let forbidden: Double
  /// The gradients of the march; nil if it has none.
  private let gradients: ProtocolGradient?

  /// Solves the problem as it is; throws for names that are not recorded.
  init(
    _ file: ProblemFile, _ goal: ProtocolGoal, _ controls: [ControlVariable], parallel: ParallelFor,
    read: @escaping @Sendable (_ overrides: [String]) throws -> ProblemFile
  ) throws {
    self.read = read
    self.file = file
    self.parallel = parallel
    let steps = file.problem.grid.steps
    let step = goal.step ?? steps
    guard (1...steps).contains(step) else {
      throw UsageError("--at", found: "\(step)", allowed: "a step from 1 to \(steps)")
    }
    // All steps must fit; the first one tells what is recorded.
    _ = try MeanFieldSolver(file.problem, file.theory, paths: file.paths, parallel: parallel)
    let first = try file.problem.with { $0.timing = .steps($0.timing.grid.first(1)) }
    func recorded(_ sites: TheorySettings.Sites) throws -> Recording {
      var settings = file.theory
      settings.sites = sites
      settings.sampling.batches = 2
      return try MeanFieldSolver(first, settings, paths: file.paths, parallel: parallel)
        .solve().recordings[0]
    }
    let all = try recorded(file.theory.sites)
    sums = try goal.sums(in: all, at: step)
    let afterOne = try goal.sums(in: all, at: 1)
    var closed: Recording?
    if [.auto, .closed].contains(file.theory.sites) {
      do {
        closed = try recorded(.closed)
      } catch SolverError.unsupported {
        closed = nil
      }
    }
    asksClosedOnly = closed.flatMap(afterOne.everything.value) != nil
    forbidden = 1e3 * max(1, abs(afterOne.objective.value(in: all) ?? 0))
    gradients =
      asksClosedOnly
      ? ProtocolGradient(sums, controls, ifKnown: afterOne.everything, of: first) : nil
  }

  /// Whether gradients are known.
  var hasGradients: Bool { gradients != nil }

  /// The objective and the limits of a protocol; what diverges or is refused is bad, and finite.
  func evaluation(
    _ family: ProtocolFamily, _ positions: [Double], asksGradient: Bool
  ) throws -> BoundedMinimisation.Evaluation {
    let steps = family.steps
    do {
      let file = try read(family.overrides(positions))
      if asksGradient, let gradients {
        return try gradients.evaluation(file.problem, family, positions)
      }
      var recordings = try recordings(file, closed: asksClosedOnly)
      if asksClosedOnly, sums.everything.value(in: recordings[0]) == nil {
        recordings = try self.recordings(file, closed: false)
      }
      func mean(_ sum: ObservedSum) -> Double {
        recordings.reduce(0) { $0 + (sum.value(in: $1) ?? .nan) } / Double(recordings.count)
      }
      let objective = mean(sums.objective)
      let limits = sums.limits.map { mean($0.sum) - $0.value }
      guard objective.isFinite, limits.allSatisfy(\.isFinite) else {
        return bad(family, 1, asksGradient)
      }
      return BoundedMinimisation.Evaluation(
        objective: .init(objective), inequalities: limits.map { .init($0) })
    } catch SolverError.diverged(let step, _) {
      return bad(family, 1 + max(0, 1 - Double(step) / Double(steps)), asksGradient)
    } catch SolverError.inconsistent(let step) {
      return bad(family, 1 + max(0, 1 - Double(step) / Double(steps)), asksGradient)
    } catch is ProblemError {  // an admissible range of persistent masks, for example
      return bad(family, 2, asksGradient)
    } catch SolverError.unsupported {
      return bad(family, 2, asksGradient)
    }
  }

  private func bad(
    _ family: ProtocolFamily, _ factor: Double, _ asksGradient: Bool
  ) -> BoundedMinimisation.Evaluation {
    let value = BoundedMinimisation.Value(
      factor * forbidden, gradient: asksGradient ? Array(repeating: 0, count: family.count) : [])
    return BoundedMinimisation.Evaluation(
      objective: value, inequalities: sums.limits.map { _ in value })
  }

  /// What the theory of a protocol finds, with random numbers that no search has seen.
  func solution(_ file: ProblemFile) throws -> Solution {
    var settings = file.theory
    settings.sampling.seed &+= 1
    return try MeanFieldSolver(file.problem, settings, paths: file.paths, parallel: parallel)
      .solve()
  }

  private func recordings(_ file: ProblemFile, closed: Bool) throws -> [Recording] {
    var settings = file.theory
    if closed { settings.sites = .closed }
    return try MeanFieldSolver(file.problem, settings, paths: file.paths, parallel: parallel)
      .solve().recordings
  }
}
