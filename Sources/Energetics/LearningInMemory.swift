/// Training in a memory whose barriers rise as the rates fall, and whose writes are driven by the
/// energy stored in the parameters themselves.
///
/// An estimate, of the authors' model: every operation is one write, and update n dissipates
/// ΔE_n = ε_n kT/δ per write. That law of ΔE_n is asymptotic in n: see theory/8-physical-bounds.md.
///
/// Source: Chen et al., Eqs. 18 to 24.
public struct LearningInMemory: Sendable {
  /// Temperature and precision.
  public let memory: ThermalMemory
  /// When writes happen.
  public let schedule: any UpdateSchedule

  /// Creates the model.
  public init(memory: ThermalMemory, schedule: any UpdateSchedule) {
    self.memory = memory
    self.schedule = schedule
  }

  /// ΔE_n = ε_n kT/δ in joules: what one write at update n >= 1 dissipates. `[bounds.drive]`
  public func driveJoules(at update: Int) -> Double {
    memory.thermalEnergyJoules * memory.inversePrecision * schedule.learningRate(at: update)
  }

  /// The part of the energy that is dissipated by writes, F Σ ΔE_n r_n / Σ r_n, in joules.
  /// `[bounds.schedule]`
  public func writeEnergyJoules(_ workload: Workload) -> Double {
    workload.operations * memory.thermalEnergyJoules * memory.inversePrecision
      * schedule.meanLearningRate
  }

  /// The part that ends in the barriers, M kT ln(1/δ), in joules; not recovered.
  public func retentionEnergyJoules(_ workload: Workload) -> Double {
    workload.parameters * memory.retentionBarrierJoules
  }

  /// Both parts, in joules.
  public func energyJoules(_ workload: Workload) -> Double {
    writeEnergyJoules(workload) + retentionEnergyJoules(workload)
  }
}
