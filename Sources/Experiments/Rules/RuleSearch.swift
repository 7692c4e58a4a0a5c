internal import Foundation
internal import NumericalKit

/// Where an objective of a rule's own numbers is smallest: linear models on a shrinking region
/// (COBYLA), which jumps of the objective slow down but do not mislead, see `BoundedMinimisation`.
///
/// Finds the nearest minimum if there are several.
public enum RuleSearch {
  /// The learning rate stays within this factor of the first guess.
  public static let reach = 1024.0
  /// The first step: a part of the distance of the bounds, a factor of 4 of the learning rate.
  private static let firstStep = 0.1
  /// The search stops where positions are known to this; of the learning rate 5 %.
  private static let tolerance = 0.0035
  /// The most calls of the objective, for each variable.
  private static let evaluations = 30

  /// The variable that the learning rate is, around a first guess.
  static func learningRate(around guess: Double) -> ControlVariable {
    ControlVariable(
      key: RuleChoice.learningRateKey, lower: guess / reach, upper: guess * reach, isConstant: true)
  }

  /// The best values.
  public struct Result: Sendable, Equatable {
    /// One for each variable.
    public let values: [Double]
    /// The variables that are at a bound.
    public let atLimit: [ControlVariable]
  }

  /// Searches from `start`; what `objective` throws ends the search.
  ///
  /// - Parameters:
  ///   - variables: at least one.
  ///   - start: one value for each.
  ///   - objective: finite.
  public static func best(
    _ variables: [ControlVariable], from start: [Double],
    objective: ([Double]) throws -> Double
  ) throws -> Result {
    func values(_ positions: [Double]) -> [Double] {
      zip(variables, positions).map { $0.value(at: $1) }
    }
    let count = variables.count
    let first = zip(variables, start).map { $0.position(of: $1) }
    let found = try BoundedMinimisation.minimise(
      by: .cobyla, from: first, lower: Array(repeating: 0, count: count),
      upper: Array(repeating: 1, count: count), step: firstStep, tolerance: tolerance,
      evaluations: evaluations * count
    ) { positions in
      // The start is the start itself, not its position's value.
      .init(objective: .init(try objective(positions == first ? start : values(positions))))
    }
    return Result(
      values: found.place == first ? start : values(found.place),
      atLimit: zip(variables, found.place).filter { $1 <= 0 || $1 >= 1 }.map(\.0))
  }
}
