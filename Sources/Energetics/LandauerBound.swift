internal import Foundation

/// Landauer's limit: erasing a bit dissipates at least kT ln 2. `[bounds.landauer]`
///
/// Source: R. Landauer, IBM J. Res. Dev. 5, 183 (1961).
public enum LandauerBound {
  /// Joules for `erasedBits` >= 0 at `temperature` in kelvin.
  public static func energyJoules(erasedBits: Double, temperature: Double) -> Double {
    precondition(erasedBits >= 0 && temperature > 0, "\(erasedBits) bits at \(temperature) K")
    return erasedBits * ThermalMemory.boltzmannJoulesPerKelvin * temperature * log(2)
  }
}
