/// Hidden units compete: those with the largest mean-square gradients learn. `[mask.units]`
///
/// The mean squares are macroscopic, so who wins is not random. If units are statistically alike
/// the theory has them draw, and the first win; training lets chance decide: break the symmetry in
/// `start`.
public struct CompetitiveUnitsMask: WeightMask {
  public static let kind = "competitive-units"
  public static let summary = "the hidden units with the largest mean-square gradients learn"
  public static let parameters = [fraction]
  static let fraction = Parameter(
    "fraction", .number(.leftOpen(0, 1)),
    "fraction of the hidden units that learn, rounded to whole units, at least one")

  public let units: UnitSelection

  /// Creates the mask with a fraction in (0, 1].
  public init(fraction: Double) {
    precondition(fraction > 0 && fraction <= 1, "fraction must lie in (0, 1], got \(fraction)")
    units = .strongest(fraction: fraction)
  }

  public func switches(on grid: TimeGrid) -> any SwitchLaw { AlwaysOn() }

  public init(from section: Section) throws {
    self.init(fraction: try section.number(Self.fraction))
  }
}
