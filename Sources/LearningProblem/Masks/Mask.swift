/// Which sites (samples, or single weights) are switched on, as a user picks it.
///
/// What a mask means step by step may depend on the size of the steps: it is compiled to the law
/// of a switch on the grid of a problem.
public protocol Mask: Ingredient {
  /// The fraction of sites on at a step, in (0, 1].
  var density: Schedule { get }
  /// τ > 0, from which and the density the correlation of a persistent switch follows; nil where it
  /// does not. `[mask.persistent]`
  var timeConstant: Double? { get }
  /// Whether sites are drawn anew at every step, so that in continuous time they average out.
  /// `[schedule.speed]`
  var isDrawnAnew: Bool { get }
  /// The law of a switch on the steps of `grid`.
  ///
  /// Throws a `Mismatch` about a key of the mask if there is none on this grid.
  func law(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw
}

extension Mask {
  /// Whether every site is always on.
  public var isFull: Bool { density.constant == 1 }
  /// None.
  public var timeConstant: Double? { nil }
  /// Not unless a mask says so.
  public var isDrawnAnew: Bool { false }
  /// Whether nothing but its density is left of the mask in continuous time.
  package var averagesOut: Bool { isFull || isDrawnAnew }
}

/// The key that masks share, and its form where the density may change.
enum DensityParameter {
  static let constant = Parameter(
    "density", .number(.leftOpen(0, 1)), "fraction of sites switched on at a step")
  static let schedule = Parameter(
    "density", .schedule(.leftOpen(0, 1)), "fraction of sites switched on at a step")
}
