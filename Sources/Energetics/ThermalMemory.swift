internal import Foundation

/// A memory that holds every parameter to some precision, at some temperature.
///
/// All bounds are multiples of kT. Misuse (temperature or bits out of range) is a precondition.
public struct ThermalMemory: Sendable, Equatable {
  /// Boltzmann's constant k in J/K, exact since the SI of 2019.
  public static let boltzmannJoulesPerKelvin = 1.380649e-23

  /// T in kelvin, > 0.
  public let temperature: Double
  /// P, the precision of a parameter in bits: it is wrong with probability δ = 2^-P; 1 to 128.
  public let bits: Double

  /// Creates a memory; `temperature` in kelvin, `bits` need not be whole.
  public init(temperature: Double, bits: Double) {
    precondition(
      temperature > 0 && temperature.isFinite, "temperature must be > 0 K, got \(temperature)")
    precondition((1...128).contains(bits), "bits must be from 1 to 128, got \(bits)")
    self.temperature = temperature
    self.bits = bits
  }

  /// kT in joules.
  public var thermalEnergyJoules: Double { Self.boltzmannJoulesPerKelvin * temperature }

  /// 1/δ = 2^P.
  public var inversePrecision: Double { exp2(bits) }

  /// E∞ = kT ln(1/δ) in joules: the lowest barrier that keeps a value to precision δ.
  /// `[bounds.retention]`
  ///
  /// Source: Bennett's modified Landauer limit, Chen et al., Eq. 17.
  public var retentionBarrierJoules: Double { thermalEnergyJoules * bits * log(2) }
}
