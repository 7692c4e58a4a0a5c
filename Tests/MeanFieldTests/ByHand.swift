import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

/// A number that theory/ gives, and where it is found.
struct ByHand: Sendable {
  let observable: Observable
  let step: Int
  let value: Double

  init(_ observable: Observable, _ step: Int, _ value: Double) {
    (self.observable, self.step, self.value) = (observable, step, value)
  }

  /// m_kp(step), zero-based, of several units.
  static func m(_ k: Int, p: Int = 0, at step: Int = 1, _ value: Double) -> ByHand {
    ByHand(.magnetisation(k, p, single: false), step, value)
  }

  /// C_kl(step, step), zero-based, of several units.
  static func c(_ k: Int, _ l: Int, at step: Int = 1, _ value: Double) -> ByHand {
    ByHand(.norm(k, l, single: false), step, value)
  }
}

extension Solution {
  /// Expects all numbers within `tolerance` and five standard errors, and these below `precision`.
  func expect(
    _ numbers: [ByHand], tolerance: Double = 1e-6, precision: Double = 1,
    _ location: SourceLocation = #_sourceLocation
  ) {
    for number in numbers {
      let found = curve(number.observable).estimates[number.step]
      #expect(
        abs(found.value - number.value) < tolerance + 5 * found.standardError
          && found.standardError < precision,
        "\(number.observable)(\(number.step)) = \(found), by hand \(number.value)",
        sourceLocation: location)
    }
  }
}
