/// Whole hidden units are switched off for learning, by chance. `[mask.units]`
public struct RowMask: WeightMask {
  public static let kind = "row"
  public static let summary =
    "each hidden unit learns or not: one path that theory and training share"
  public static let parameters = [densityKey, RedrawParameter.key, UnitSeed.key]
  static let densityKey = Parameter(
    "density", .number(.leftOpen(0, 1)), "probability that a hidden unit learns at a step")

  public let units: UnitSelection

  /// Creates the mask; `period` nil draws the units once.
  public init(density: Double, period: Int? = 1, seed: UInt64 = 1) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    units = .random(density: density, period: period, seed: seed)
  }

  public func switches(on grid: TimeGrid) -> any SwitchLaw { AlwaysOn() }

  public init(from section: Section) throws {
    self.init(
      density: try section.number(Self.densityKey),
      period: try RedrawParameter.period(from: section), seed: try UnitSeed.read(from: section))
  }
}

/// The seed of the path of the hidden units.
enum UnitSeed {
  static let key = Parameter(
    "seed", .integer(0...Int.max), "seed of the path of the hidden units", default: "1")

  static func read(from section: Section) throws -> UInt64 { UInt64(try section.integer(key)) }
}
