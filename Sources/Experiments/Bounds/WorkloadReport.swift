internal import Energetics

/// The bounds of one workload as a text table.
struct WorkloadReport {
  let workload: Workload
  let memory: ThermalMemory
  let bitEnergyJoules: Double?
  let schedules: [NamedSchedule]

  /// The table, and what to keep in mind.
  var text: String {
    let bounds = WorkloadBounds(
      workload, memory: memory, bitEnergyJoules: bitEnergyJoules, schedules: schedules)
    var table = TextTable(["estimate", "joules", "kT_per_operation", "assumes"])
    for entry in bounds.common + bounds.learningInMemory {
      guard let joules = entry.joules else { continue }
      let perOperation = joules / workload.operations / memory.thermalEnergyJoules
      table.append([
        entry.name, Number.scientific(joules), Number.short(perOperation), entry.assumption,
      ])
    }
    let samples = workload.samples.map { ", \(Number.short($0)) samples" } ?? ""
    return """
      \(Number.short(workload.operations)) operations, \(Number.short(workload.parameters)) \
      parameters\(samples), \(memory.conditions)

      \(table.text)

      \(Self.caveat(memory, schedules))\(workload.samples == nil ? Self.withoutSamples : "")
      """
  }

  /// Why a bound is missing.
  static let withoutSamples = "\nThe training bound 2 M D kT needs the number of samples."

  /// What every table of bounds must say.
  static func caveat(_ memory: ThermalMemory, _ schedules: [NamedSchedule]) -> String {
    let first = schedules.map { $0.schedule.learningRate(at: 1) }.reduce(0, max)
    return """
      These are estimates, each under its own assumptions: none of them bounds another.
      Over a constant barrier a write costs \(Number.short(memory.constantBarrier)) kT; the first \
      write of learning in memory costs up to \(Number.short(first * memory.inversePrecision)) kT.
      """
  }
}

extension ThermalMemory {
  /// Such as `298 K, 16 bits (delta = 1.52588e-05)`.
  var conditions: String {
    "\(Number.short(temperature)) K, \(Number.short(bits)) bits "
      + "(delta = \(Number.short(1 / inversePrecision)))"
  }

  /// ln(1/δ).
  var constantBarrier: Double { retentionBarrierJoules / thermalEnergyJoules }
}
