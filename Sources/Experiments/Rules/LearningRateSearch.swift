internal import Foundation
internal import NumericalKit

/// The learning rate at which an objective is smallest: a walk in factors of 4 from a first guess
/// until the minimum is between two worse rates, then Brent's method in log η.
///
/// Finds the nearest minimum if there are several. The walk stops a factor of 1024 from the guess.
public enum LearningRateSearch {
  /// The factor between two rates of the walk.
  public static let factor = 4.0
  /// The most steps of the walk to either side.
  public static let reach = 5
  /// Brent's method stops where log η is known to this width.
  public static let tolerance = 0.1
  /// Brent's method stops after so many rates.
  public static let evaluations = 8

  /// A learning rate.
  public struct Result: Sendable, Equatable {
    /// η.
    public let learningRate: Double
    /// Whether it is the smallest or largest rate tried.
    public let isAtLimit: Bool
  }

  /// Searches from `start`; what `objective` throws ends the search.
  ///
  /// `objective` must be finite. About 4 + `evaluations` calls.
  public static func best(
    from start: Double, objective: (Double) throws -> Double
  ) throws -> Result {
    precondition(start > 0, "start must be > 0, got \(start)")
    let stride = log(factor)
    var walked: [Int: Double] = [:]
    func value(_ position: Int) throws -> Double {
      if let known = walked[position] { return known }
      let value = try objective(start * pow(factor, Double(position)))
      walked[position] = value
      return value
    }
    var middle = 0
    while abs(middle) < reach {
      let here = try value(middle)
      let below = try value(middle - 1)
      let above = try value(middle + 1)
      if below < here && below <= above {
        middle -= 1
      } else if above < here {
        middle += 1
      } else {
        guard below > here && above > here else { break }  // flat: nothing to gain
        func point(_ position: Int, _ value: Double) -> Minimisation.Point {
          Minimisation.Point(x: Double(position) * stride, value: value)
        }
        let best = try Minimisation.brent(
          lower: point(middle - 1, below), middle: point(middle, here),
          upper: point(middle + 1, above), tolerance: tolerance, evaluations: evaluations
        ) { try objective(start * exp($0)) }
        return Result(learningRate: start * exp(best.x), isAtLimit: false)
      }
    }
    return Result(
      learningRate: start * pow(factor, Double(middle)), isAtLimit: abs(middle) == reach)
  }
}
