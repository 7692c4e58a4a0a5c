internal import Energetics

/// The bounds of one workload, side by side.
struct WorkloadBounds {
  /// One bound.
  struct Entry {
    /// The name of its column in CSV.
    let name: String
    /// Joules; nil where something was not given.
    let joules: Double?
    /// What it takes for granted.
    let assumption: String
  }

  /// All but learning in memory.
  let common: [Entry]
  /// Learning in memory, one per schedule.
  let learningInMemory: [Entry]

  init(
    _ workload: Workload, memory: ThermalMemory, bitEnergyJoules: Double?,
    schedules: [NamedSchedule]
  ) {
    let temperature = memory.temperature
    common = [
      Entry(
        name: "energy_landauer_joules",
        joules: LandauerBound.energyJoules(
          erasedBits: workload.operations, temperature: temperature),
        assumption: "every operation erases one bit, at kT ln 2"),
      Entry(
        name: "energy_training_joules",
        joules: QuasiStaticTrainingBound.energyJoules(workload, temperature: temperature),
        assumption: "quasi-static analog network, 2 kT per parameter and sample"),
      Entry(
        name: "energy_constant_barrier_joules",
        joules: ConstantBarrierBound.energyJoules(workload, memory: memory),
        assumption: "every operation and every parameter pays a barrier kT ln(1/delta)"),
      Entry(
        name: "energy_device_joules",
        joules: bitEnergyJoules.map {
          ConstantBarrierBound.energyJoules(workload, bits: memory.bits, bitEnergyJoules: $0)
        },
        assumption: "every operation and every parameter pays the bit energy for each bit"),
    ]
    learningInMemory = schedules.map { named in
      Entry(
        name: Self.learningInMemoryName,
        joules: LearningInMemory(memory: memory, schedule: named.schedule).energyJoules(workload),
        assumption: "every operation is a write driven by \(named.drive); \(named.label)")
    }
  }

  static let learningInMemoryName = "energy_lim_joules"
}
