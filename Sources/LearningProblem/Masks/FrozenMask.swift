/// Switches are drawn once and never change: the limit r → 1 of the persistent chain.
/// `[mask.persistent]`
public struct FrozenMask: Mask, SwitchLaw {
  public static let kind = "frozen"
  public static let summary = "drawn once: a fixed random fraction can change, the rest never does"
  public static let parameters = [densityParameter]

  public let density: Double
  public let correlation: Double? = 1

  /// Creates the mask with density in (0, 1].
  public init(density: Double) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    self.density = density
  }

  public init(from section: Section) throws {
    self.init(density: try section.number(densityParameter))
  }

  public func probabilityOn(step: Int, memory: Bool) -> Double {
    step == 0 ? density : memory ? 1 : 0
  }

  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { isOn }
}
