internal import MeanField
internal import Observables
internal import Training

/// What each task of a sweep does: a command of `dmft` with its own options.
public enum SweptCommand: Sendable {
  /// `dmft solve`.
  case solve(Study.Kernels)
  /// `dmft train`.
  case train
  /// `dmft compare`, at these dimensions.
  case compare([Int])
  /// `dmft rules`.
  case rules(RuleRequest)
  /// `dmft stationary`.
  case stationary
  /// `dmft static`.
  case `static`
  /// `dmft online`, with or without training.
  case online(check: Bool)
}

/// What a command is about to take, as far as that is known beforehand.
public struct TaskDemand: Sendable {
  /// Multiplications and additions; nil where they are not counted.
  var operations: Double?
  /// Bytes at the biggest moment; 0 where they are not counted.
  var bytes: Double
}

extension Study {
  /// Refuses what `command` would refuse before it computes anything, as a `Failure`; returns what
  /// it would take.
  func demand(of command: SweptCommand) throws -> TaskDemand {
    switch command {
    case .solve(let kernels):
      var keepKernels = false
      if case .all = kernels { keepKernels = true }
      return try demandOfTheory(keepKernels: keepKernels)
    case .train: return try demandOfTraining(nil)
    case .compare(let dimensions):
      let theory = try demandOfTheory(keepKernels: false)
      let trainings = try (dimensions.isEmpty ? [nil] : dimensions.map(Optional.some))
        .map(demandOfTraining)
      let all = [theory] + trainings
      let operations = all.compactMap(\.operations)
      return TaskDemand(
        operations: operations.count == all.count ? operations.reduce(0, +) : nil,
        bytes: all.map(\.bytes).max() ?? 0)
    case .rules(let request):
      let trials = trials(of: request)
      let costs = try planned(request, trials).plan.choices.map(trials.cost)
      return TaskDemand(
        operations: request.searches ? nil : costs.reduce(0) { $0 + $1.operations }, bytes: 0)
    case .stationary: _ = try preparedStationary()
    case .static: _ = try preparedStatic(scan: nil)
    case .online(let check): _ = try preparedOnline(check: check)
    }
    return TaskDemand(operations: nil, bytes: 0)
  }

  private func demandOfTheory(keepKernels: Bool) throws -> TaskDemand {
    let solver = try prepared(keepKernels: keepKernels)
    return TaskDemand(
      operations: (solver as? MeanFieldSolver)?.cost.operations, bytes: solver.memory)
  }

  private func demandOfTraining(_ dimension: Int?) throws -> TaskDemand {
    try checkTraining(dimension: dimension)
    return TaskDemand(
      operations: try training.operations(dimension: dimension),
      bytes: try training.work(dimension: dimension).bytes)
  }
}
