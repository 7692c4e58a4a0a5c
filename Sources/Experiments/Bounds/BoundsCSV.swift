internal import Energetics

/// The bounds as CSV: one line per workload and schedule of writes, energies in joules.
struct BoundsCSV {
  /// One workload with its name and, if it is published, the energy reported.
  struct Row {
    let name: String
    let workload: Workload
    let reportedJoules: Double?
  }

  let rows: [Row]
  let memory: ThermalMemory
  let bitEnergyJoules: Double?
  let schedules: [NamedSchedule]

  /// The text, header first.
  var text: String {
    var lines: [String] = []
    for row in rows {
      let bounds = WorkloadBounds(
        row.workload, memory: memory, bitEnergyJoules: bitEnergyJoules, schedules: schedules)
      for (schedule, last) in zip(schedules, bounds.learningInMemory) {
        let entries = bounds.common + [last]
        if lines.isEmpty { lines.append(Self.header(entries)) }
        var cells = [row.name, Number.csv(row.workload.operations)]
        cells += [Number.csv(row.workload.parameters), cell(row.workload.samples)]
        cells += [Number.csv(memory.temperature), Number.csv(memory.bits)] + schedule.cells
        cells.append(cell(row.reportedJoules))
        cells += entries.map { cell($0.joules) }
        cells += entries.map { cell(row.reportedJoules, over: $0.joules) }
        lines.append(cells.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func header(_ entries: [WorkloadBounds.Entry]) -> String {
    let names = entries.map(\.name)
    let columns =
      ["workload", "operations", "parameters", "samples", "temperature_kelvin", "bits"]
      + ["rates", "gamma", "updates", "energy_reported_joules"] + names
      + names.map { "reported_over_" + $0.dropFirst("energy_".count).dropLast("_joules".count) }
    return columns.joined(separator: ",")
  }

  private func cell(_ number: Double?) -> String { number.map(Number.csv) ?? "" }

  private func cell(_ number: Double?, over other: Double?) -> String {
    guard let number, let other else { return "" }
    return Number.csv(number / other)
  }
}
