internal import LearningProblem
internal import Observables

extension EnsembleSampleSite {
  /// Refuses what cannot be sampled.
  static func checkSupport(_ problem: Problem) throws {
    let rows = problem.hiddenUnits * (problem.grid.steps + 1)
    let known = problem.data.clusters.count + TeacherRows.signal(problem.data.teacher).count
    let least = (problem.sampleMask.isFull ? 2 : 3) * (rows + known)
    guard problem.theory.trajectories > least else {
      throw SolverError.unsupported(
        what:
          "theory.trajectories: \(problem.theory.trajectories) with \(problem.grid.steps) steps "
          + "and \(problem.hiddenUnits) hidden unit(s)",
        instead: "more than \(least) trajectories, preferably \(20 * rows) or more")
    }
    guard problem.theory.response == .stein || !problem.objective.gradientJumps else {
      throw SolverError.unsupported(
        what:
          "theory.response: tangent where the gradient jumps (update lazy, activation relu, loss "
          + "hinge)",
        instead: "stein")
    }
    let tangentBytes = 8.0 * Double(rows * rows) / 2 * Double(problem.theory.trajectories)
    guard problem.theory.response == .stein || tangentBytes < 4e9 else {
      throw SolverError.unsupported(
        what: "theory.response: tangent for \(Int(tangentBytes / 1e9)) GB of tangents",
        instead: "stein, fewer steps or fewer trajectories")
    }
  }
}
