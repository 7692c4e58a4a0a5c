/// Which sites (samples, or single weights) are switched on, as a user picks it.
///
/// What a mask means step by step may depend on the size of the steps: it is compiled to the law
/// of a switch on the grid of a problem.
public protocol Mask: Ingredient {
  /// The fraction of sites on at a step, in (0, 1].
  var density: Double { get }
  /// The law of a switch on the steps of `grid`.
  ///
  /// Throws a `Mismatch` about a key of the mask if there is none on this grid.
  func law(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw
}

extension Mask {
  /// Whether every site is always on.
  public var isFull: Bool { density == 1 }
}

extension Mask where Self: SwitchLaw {
  /// The mask is its own law, on any grid.
  public func law(on grid: TimeGrid) -> any SwitchLaw { self }
}

/// The key that masks share.
let densityParameter = Parameter(
  "density", .number(.leftOpen(0, 1)), "fraction of sites switched on at a step")
