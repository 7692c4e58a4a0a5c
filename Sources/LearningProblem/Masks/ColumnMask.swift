/// Whole inputs are switched off for learning: an input's weights to all hidden units share a
/// switch. `[mask.structure]`
public struct ColumnMask: WeightMask {
  public static let kind = "column"
  public static let summary =
    "an input's weights to all hidden units share one switch; drawn at every step unless correlated"
  public static let parameters = PersistentMask.parameters

  private let mask: any Mask
  public var sharesInputs: Bool { true }
  public var switchDensity: Schedule? { mask.density }
  public var timeConstant: Double? { mask.timeConstant }

  /// Creates the mask; switches are drawn anew at every step unless correlated.
  public init(density: Double, correlation: Double = 0) {
    mask =
      correlation == 0
      ? IndependentMask(density: density)
      : PersistentMask(density: density, correlation: correlation)
  }

  public func switches(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw {
    try mask.law(on: grid)
  }

  public init(from section: Section) throws {
    let isPersistent = section.has("correlation") || section.has("persistence_time")
    mask =
      isPersistent ? try PersistentMask(from: section) : try IndependentMask(from: section)
  }
}
