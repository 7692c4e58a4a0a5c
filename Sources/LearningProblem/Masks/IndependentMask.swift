/// Every site is on with probability `density`, anew at every step. `[mask.independent]`
public struct IndependentMask: Mask, SwitchLaw {
  public static let kind = "independent"
  public static let summary = "on with probability density, drawn anew at every step"
  public static let parameters = [densityParameter]

  public let density: Double
  public let correlation: Double? = 0

  /// Creates the mask with density in (0, 1].
  public init(density: Double) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    self.density = density
  }

  public init(from section: Section) throws {
    self.init(density: try section.number(densityParameter))
  }

  public func probabilityOn(step: Int, memory: Bool) -> Double { density }
  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { false }
}
