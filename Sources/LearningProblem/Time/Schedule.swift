/// A setting of the learning rule that may depend on the step: today the same number at all of
/// them.
public enum Schedule: Sendable, Equatable {
  /// A number that holds at every step.
  case constant(Double)

  /// The number at a step, counted from 0.
  public func value(at step: Int) -> Double {
    switch self {
    case .constant(let value): value
    }
  }
}
