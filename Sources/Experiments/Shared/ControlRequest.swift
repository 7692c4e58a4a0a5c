internal import LearningProblem
package import MaskedDMFT

/// A control as one asks for it, `KEY` or `KEY=LOWER:UPPER`.
public struct ControlRequest: Sendable, Equatable {
  /// The option by which it is asked for.
  let option: String
  /// The key in the problem file.
  public let key: String
  /// The bounds; nil takes those that fit the number in the file.
  public let bounds: ClosedRange<Double>?
  /// Whether it stays the same number at all steps.
  public let isConstant: Bool

  /// Reads what was typed after `option`; throws a `UsageError`.
  public init(parsing text: String, option: String, isConstant: Bool) throws {
    let allowed =
      "KEY or KEY=LOWER:UPPER with numbers LOWER < UPPER, such as learning_rate=0.01:2"
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let key = sides.first, !key.isEmpty else {
      throw UsageError(option, found: "'\(text)'", allowed: allowed)
    }
    self.option = option
    self.key = String(key)
    self.isConstant = isConstant
    guard sides.count == 2 else {
      bounds = nil
      return
    }
    let ends = sides[1].split(separator: ":", omittingEmptySubsequences: false)
      .map(Magnitude.number)
    guard ends.count == 2, let lower = ends[0], let upper = ends[1], lower < upper else {
      throw UsageError(option, found: "'\(text)'", allowed: allowed)
    }
    bounds = lower...upper
  }

  /// Sections of the problem file in which nothing belongs to the learning rule.
  private static let fixed = [
    "data", "inputs", "loss", "start", "samples_per_weight", "time", "theory", "training",
  ]

  /// The variable of a problem; throws a `UsageError` where the file has no such number, or the
  /// bounds are not allowed there.
  package func variable(in file: ProblemFile) throws -> ControlVariable {
    let known = file.numbers.filter { key, _ in
      !Self.fixed.contains(String(key.prefix { $0 != "." }))
    }
    guard let number = known[key] else {
      throw UsageError(
        option, found: "\(key), which is no number of this problem's learning rule",
        allowed: known.keys.sorted().joined(separator: ", "))
    }
    if !isConstant {
      guard case .schedule = number.parameter.form else {
        throw UsageError(
          option, found: "\(key), which takes one number for all steps", allowed: "--tune \(key)")
      }
    }
    let sizes = file.problem.grid.values(of: number.value).map { abs($0) }
    return try variable(number.parameter, size: sizes.max() ?? 0)
  }

  /// The variable of a number that may be what `parameter` says and is as large as `size`; throws a
  /// `UsageError` where the bounds are not allowed.
  func variable(_ parameter: Parameter, size: Double) throws -> ControlVariable {
    let bounds = try bounds ?? standardBounds(parameter, size: size)
    for end in [bounds.lowerBound, bounds.upperBound] where !parameter.allows(end) {
      throw UsageError(
        option, found: "a bound of \(key) at \(end)", allowed: parameter.allowed(for: end))
    }
    return ControlVariable(
      key: key, lower: bounds.lowerBound, upper: bounds.upperBound, isConstant: isConstant)
  }

  /// A hundredth to 1 for what lies between 0 and 1; a hundredth to ten times of what is positive;
  /// from 0 on to 1, or ten times, of what may be 0.
  private func standardBounds(
    _ parameter: Parameter, size: Double
  ) throws -> ClosedRange<Double> {
    if parameter.allows(0.01), parameter.allows(0.99), !parameter.allows(1.01) {
      return 0.01...(parameter.allows(1) ? 1 : 0.99)
    }
    if parameter.allows(0), parameter.allows(1), !parameter.allows(-1) {
      return 0...max(1, 10 * size)
    }
    guard !parameter.allows(-1), size > 0, parameter.allows(size / 100),
      parameter.allows(10 * size)
    else {
      throw UsageError(option, found: "\(key) without bounds", allowed: "\(key)=LOWER:UPPER")
    }
    return (size / 100)...(10 * size)
  }
}
