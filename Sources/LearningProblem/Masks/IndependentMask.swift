/// Every site is on with probability `density`, anew at every step. `[mask.independent]`
public struct IndependentMask: Mask {
  public static let kind = "independent"
  public static let summary = "on with probability density, drawn anew at every step"
  public static let parameters = [DensityParameter.schedule]

  public let density: Schedule

  /// Creates the mask with densities in (0, 1].
  public init(density: Schedule) { self.density = density }

  /// Creates the mask with one density in (0, 1].
  public init(density: Double) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    self.density = .constant(density)
  }

  public init(from section: Section) throws {
    self.init(density: try section.schedule(DensityParameter.schedule))
  }

  public var isDrawnAnew: Bool { true }

  /// Always on where the steps integrate a flow, in which gradients count by the density.
  public func law(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw {
    if grid.isIntegration { return AlwaysOn() }
    if let density = density.constant { return IndependentSwitches(density: density) }
    let densities = grid.values(of: density)
    return try VaryingSwitches(
      densities: densities, correlations: densities.map { _ in 0 }, key: "density")
  }
}

/// A switch that is drawn anew at every step.
public struct IndependentSwitches: SteadySwitchLaw {
  public let density: Double
  public let correlation: Double? = 0

  /// Creates the law with density in (0, 1].
  public init(density: Double) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    self.density = density
  }

  public func probabilityOn(step: Int, memory: Bool) -> Double { density }
  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { false }
}
