public import LearningProblem

/// Why a solve or a training run stopped.
public enum SolverError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Weights became non-finite or grew beyond 1e6 times their start.
  case diverged(step: Int, solver: String)
  /// The moments that the theory found are not those of any distribution of weights.
  case inconsistent(step: Int)
  /// The problem asks for something that this solver does not do; `instead` says what to use.
  case unsupported(what: String, instead: String)
  /// A solver found no solution; `instead` says what to try.
  case notConverged(what: String, instead: String)

  /// A result is no number: `value` says what it is instead, `step` where, if it has one.
  case notFinite(quantity: String, step: Int?, value: Double)

  /// One sentence with advice.
  public var description: String {
    switch self {
    case .diverged(let step, let solver):
      "the \(solver) diverged at step \(step): the norm of the weights is not finite or above 1e6 "
        + "times its start; use a smaller learning_rate (in a flow, time.step), gradient_scale: "
        + "sum, or more weight_decay"
    case .inconsistent(let step):
      "the theory lost its consistency at step \(step): the moments of the weights are no longer "
        + "those of any distribution; use more trajectories, a smaller learning_rate or "
        + "theory.sites: ensemble-both"
    case .notFinite(let quantity, let step, let value):
      "\(quantity)\(step.map { " at step \($0)" } ?? "") came out "
        + (value.isNaN ? "as no number" : "infinite") + ", and nothing was "
        + "written; use a smaller learning_rate (in a flow, time.step), or numbers of less extreme "
        + "size"
    case .unsupported(let what, let instead):
      "\(what) is not supported; use \(instead)"
    case .notConverged(let what, let instead):
      "\(what); use \(instead)"
    }
  }

  /// The factor on max(1, norm at the start) beyond which a path counts as divergent.
  public static let largestGrowth = 1e6
}

extension Problem {
  /// Throws `SolverError.unsupported` where the inputs are real data, of which there is no theory.
  public func requireModel() throws {
    guard data.measured != nil else { return }
    throw SolverError.unsupported(
      what: "a theory of real data (data: \(data.kind))",
      instead:
        "`dmft fit FILE`, which makes a mixture of the file, for the theory, and `dmft train` "
        + "for the data")
  }

  /// Throws `SolverError.unsupported` where the inputs are in groups, for what `solver` names.
  public func requireAlikeInputs(_ solver: String) throws {
    guard !(inputs is AlikeInputs) else { return }
    throw SolverError.unsupported(
      what: "inputs.kind: \(inputs.kind) in \(solver)",
      instead: "solve, train, compare, rules or static, or inputs.kind: alike")
  }

  /// Throws `SolverError.unsupported` where a number changes from step to step, for what `solver`
  /// names.
  public func requireConstantRule(_ solver: String) throws {
    guard let key = scheduledKeys.first else { return }
    throw SolverError.unsupported(
      what: "a schedule of \(key) in \(solver)",
      instead: "a number, or solve, train, compare, rules or online")
  }

  /// Refuses what is not one model learning in steps, as steady states and one-pass learning are.
  public func requireSteps() throws {
    try requireModel()
    guard timing.flow == nil else {
      throw SolverError.unsupported(
        what: "time.kind: flow here", instead: "learning_rate and steps, small if need be")
    }
    guard copies == 1 else {
      throw SolverError.unsupported(
        what: "replicas: 2 here", instead: "solve, train or compare, or replicas: 1")
    }
  }
}
