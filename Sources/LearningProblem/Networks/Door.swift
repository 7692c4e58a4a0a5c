/// f(h) = h² - L²: positive outside a door of half-width L (Mignacco et al. 2020).
/// `[problem.objective]`
public struct Door: OutputNetwork {
  public static let kind = "door"
  public static let summary = "f(h) = h^2 - width^2"
  public static let parameters = [width]
  static let width = Parameter("width", .number(.positive), "L, half-width of the door")

  /// L > 0.
  public let width: Double
  public let hiddenUnits = 1

  /// Creates the network with half-width L > 0.
  public init(width: Double) {
    precondition(width > 0, "width must be > 0, got \(width)")
    self.width = width
  }

  public init(from section: Section) throws { self.init(width: try section.number(Self.width)) }

  public var decisionBoundaries: (thresholds: [Double], signBelow: Double)? {
    ([-width, width], 1)
  }

  public func evaluate(
    _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
  ) -> Double {
    gradient[0] = 2 * fields[0]
    hessian[0] = 2
    return fields[0] * fields[0] - width * width
  }

  public func output(_ fields: Span<Double>, readout: Span<Double>) -> Double {
    fields[0] * fields[0] - width * width
  }
}
