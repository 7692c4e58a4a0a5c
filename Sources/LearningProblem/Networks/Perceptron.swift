/// f(h) = h, one unit. `[problem.objective]`
public struct Perceptron: OutputNetwork {
  public static let kind = "perceptron"
  public static let summary = "f(h) = h"
  public static let parameters: [Parameter] = []

  public let hiddenUnits = 1
  public let decisionBoundaries: (thresholds: [Double], signBelow: Double)? = ([0], -1)

  /// Creates the network.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func evaluate(
    _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
  ) -> Double {
    gradient[0] = 1
    hessian[0] = 0
    return fields[0]
  }

  public func output(_ fields: Span<Double>, readout: Span<Double>) -> Double { fields[0] }
}
