/// Switches are drawn once and never change: the limit r → 1 of the persistent chain.
/// `[mask.persistent]`
public struct FrozenMask: Mask {
  public static let kind = "frozen"
  public static let summary = "drawn once: a fixed random fraction can change, the rest never does"
  public static let parameters = [DensityParameter.constant]

  public let density: Schedule
  private let switches: RedrawnSwitches

  /// Creates the mask with density in (0, 1].
  public init(density: Double) {
    switches = RedrawnSwitches(density: density, period: nil)
    self.density = .constant(density)
  }

  public init(from section: Section) throws {
    self.init(density: try section.number(DensityParameter.constant))
  }

  public func law(on grid: TimeGrid) -> any SwitchLaw { switches }
}
