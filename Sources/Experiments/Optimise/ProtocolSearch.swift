internal import LearningProblem
internal import NumericalKit

/// Looks for the best protocol of a family, from several starts.
struct ProtocolSearch: Sendable {
  /// Sizes of the steps at which a search stops, relative.
  static let tolerance = 1e-7
  /// Limits count as met up to this part of them.
  static let slack = 1e-6
  /// Variables up to which sequential quadratic programming is fast.
  private static let fewVariables = 150

  let trials: ProtocolTrials
  let request: OptimiseRequest
  /// The seed of random starts.
  let seed: UInt64

  /// One solve of a search.
  struct Entry: Sendable {
    let phase: String
    let start: Int
    let evaluation: Int
    let objective: Double
    let violation: Double
    /// The best objective of this search so far that meets the limits; nil if there is none.
    let best: Double?
  }

  /// The best protocol of a family.
  struct Outcome: Sendable {
    let family: ProtocolFamily
    let positions: [Double]
    let value: Double
    let violation: Double
    /// What each start ended with.
    let starts: [BoundedMinimisation.Result]
    let method: BoundedMinimisation.Method
    let history: [Entry]

    /// The distance between the best two starts that meet the limits, relative; nil if one does.
    var spread: Double? {
      let values = starts.filter { $0.violation <= violation }.map(\.value).sorted()
      guard values.count > 1 else { return nil }
      return (values[1] - values[0]) / max(abs(values[0]), .leastNormalMagnitude)
    }
  }

  /// How a family is searched.
  func method(_ family: ProtocolFamily) -> BoundedMinimisation.Method {
    let limited = !request.goal.limits.isEmpty
    func suits(_ method: BoundedMinimisation.Method) -> Bool {
      (!method.needsGradients || trials.hasGradients) && (!limited || method.takesInequalities)
        && (method != .bobyqa || family.count > 1)
    }
    if let method = request.method, suits(method) { return method }
    guard trials.hasGradients else { return suits(.bobyqa) ? .bobyqa : .cobyla }
    if family.count <= Self.fewVariables { return .slsqp }
    return limited ? .mma : .lbfgs
  }

  /// Searches a family from given protocols, and as many random ones as are missing.
  func best(
    _ family: ProtocolFamily, phase: String, from known: [[Double]],
    progress: @Sendable (Double) -> Void
  ) throws -> Outcome {
    let method = method(family)
    var random = RandomStream(
      seed: seed, purpose: .protocolStart, index: UInt64(family.count))
    var starts = Array(known.prefix(request.starts))
    while starts.count < request.starts { starts.append(randomProtocol(family, &random)) }
    var history: [Entry] = []
    var results: [BoundedMinimisation.Result] = []
    for (number, start) in starts.enumerated() {
      var count = 0
      var best: Double?
      let result = try BoundedMinimisation.minimise(
        by: method, from: start, lower: Array(repeating: 0, count: family.count),
        upper: Array(repeating: 1, count: family.count), tolerance: Self.tolerance,
        slack: slack, evaluations: request.evaluations
      ) { positions in
        let evaluation = try trials.evaluation(
          family, positions, asksGradient: method.needsGradients)
        count += 1
        let value = evaluation.objective.value
        if evaluation.violation <= slack { best = min(best ?? value, value) }
        history.append(
          Entry(
            phase: phase, start: number + 1, evaluation: count, objective: value,
            violation: evaluation.violation, best: best))
        let part = min(1, Double(count) / Double(request.evaluations))
        progress((Double(number) + part) / Double(starts.count))
        return evaluation
      }
      results.append(result)
      progress(Double(number + 1) / Double(starts.count))
    }
    let best = BoundedMinimisation.best(of: results, slack: slack)
    return Outcome(
      family: family, positions: best.place, value: best.value, violation: best.violation,
      starts: results, method: method, history: history)
  }

  /// What a limit may be exceeded by.
  var slack: Double { Self.slack * (request.goal.limits.map(\.value).max() ?? 0) }

  /// Each control on a straight line between two random values.
  private func randomProtocol(
    _ family: ProtocolFamily, _ random: inout RandomStream
  ) -> [Double] {
    family.nodes.flatMap { nodes -> [Double] in
      let ends = (random.uniform(), random.uniform())
      let last = Double(max(nodes.last ?? 0, 1))
      return nodes.map { ends.0 + (ends.1 - ends.0) * Double($0) / last }
    }
  }
}
