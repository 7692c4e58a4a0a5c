/// Training a quasi-static analog network dissipates at least 2 M D kT. `[bounds.training]`
///
/// Inference is free (reversible); training is not, because clamping inputs and outputs of D
/// samples overconstrains M parameters. Independent of precision and of the number of operations.
///
/// Source: A. V. Tkachenko, Thermodynamic bounds on energy use in quasi-static deep neural
/// networks, abstract (N D there is M D here).
public enum QuasiStaticTrainingBound {
  /// Joules at `temperature` in kelvin; nil if the number of samples is unknown.
  public static func energyJoules(_ workload: Workload, temperature: Double) -> Double? {
    precondition(temperature > 0, "temperature must be > 0 K, got \(temperature)")
    return workload.samples.map {
      2 * workload.parameters * $0 * ThermalMemory.boltzmannJoulesPerKelvin * temperature
    }
  }
}
