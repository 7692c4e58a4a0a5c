/// Every write, and the final storage of every parameter, pays a barrier of constant height.
///
/// Source: Z. Chen, F. Ahsan, J. Leugering, G. Cauwenberghs, S. Chakrabartty, Estimation of
/// energy-dissipation lower bounds for neuromorphic learning-in-memory, Eqs. 17 and A.1.
public enum ConstantBarrierBound {
  /// (F + M) kT ln(1/δ) in joules: each value is P bits, overwritten at Landauer's limit.
  /// `[bounds.constant]`
  public static func energyJoules(_ workload: Workload, memory: ThermalMemory) -> Double {
    (workload.operations + workload.parameters) * memory.retentionBarrierJoules
  }

  /// (F + M) P E_bit in joules, for a device that spends `bitEnergyJoules` >= 0 on a bit: about
  /// 1e-15 to 1e-12 J in memories of today. `[bounds.device]`
  public static func energyJoules(
    _ workload: Workload, bits: Double, bitEnergyJoules: Double
  ) -> Double {
    precondition(
      bits > 0 && bitEnergyJoules >= 0, "\(bits) bits at \(bitEnergyJoules) J cannot be written")
    return (workload.operations + workload.parameters) * bits * bitEnergyJoules
  }
}
