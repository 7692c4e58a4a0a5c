/// A law of switches that a user can pick, for samples and for single weights.
public protocol Mask: SwitchLaw, Ingredient {}

/// The key that masks share.
let densityParameter = Parameter(
  "density", .number(.leftOpen(0, 1)), "fraction of sites switched on at a step")
