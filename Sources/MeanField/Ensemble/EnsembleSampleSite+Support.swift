internal import LearningProblem
internal import Observables

extension EnsembleSampleSite {
  /// Directions of noise, of kicks and of clusters that trajectories have to be more than.
  static func mostFitted(_ dynamics: Dynamics, rows: Int) -> Int {
    let rows = dynamics.hiddenUnits * (rows + 1)
    let known = dynamics.data.clusters.count + TeacherRows.signal(dynamics.data.teacher).count
    return (dynamics.sampleSwitches.isFull ? 2 : 3) * (rows + known)
  }

  /// Refuses what cannot be sampled with that many `rows` of the past.
  static func checkSupport(_ dynamics: Dynamics, _ settings: TheorySettings, rows: Int) throws {
    let least = mostFitted(dynamics, rows: rows)
    let rows = dynamics.hiddenUnits * (rows + 1)
    guard settings.sampling.trajectories > least else {
      throw SolverError.unsupported(
        what:
          "theory.trajectories: \(settings.sampling.trajectories) with "
          + "\(dynamics.grid.steps) steps and \(dynamics.hiddenUnits) hidden unit(s)",
        instead: "more than \(least) trajectories, preferably \(20 * rows) or more")
    }
    guard settings.response == .stein || !dynamics.objective.gradientJumps else {
      throw SolverError.unsupported(
        what:
          "theory.response: tangent where the gradient jumps (update lazy, activation relu, loss "
          + "hinge)",
        instead: "stein")
    }
    let tangentBytes = 8.0 * Double(rows * rows) / 2 * Double(settings.sampling.trajectories)
    guard settings.response == .stein || tangentBytes < 4e9 else {
      throw SolverError.unsupported(
        what: "theory.response: tangent for \(Int(tangentBytes / 1e9)) GB of tangents",
        instead: "stein, fewer steps or fewer trajectories")
    }
  }
}
