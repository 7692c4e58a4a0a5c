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
    var header: [String] = []
    var lines: [[CSVCell]] = []
    for row in rows {
      let bounds = WorkloadBounds(
        row.workload, memory: memory, bitEnergyJoules: bitEnergyJoules, schedules: schedules)
      for (schedule, last) in zip(schedules, bounds.learningInMemory) {
        let entries = bounds.common + [last]
        header = Self.header(entries)
        let workload = [
          row.workload.operations, row.workload.parameters, row.workload.samples,
          memory.temperature, memory.bits,
        ]
        let ratios = entries.map { entry in
          row.reportedJoules.flatMap { reported in entry.joules.map { reported / $0 } }
        }
        lines.append(
          [.text(row.name)] + workload.map(CSVCell.rounded) + schedule.cells
            + ([row.reportedJoules] + entries.map(\.joules) + ratios).map(CSVCell.rounded))
      }
    }
    return CSVWriter.text(header, lines)
  }

  private static func header(_ entries: [WorkloadBounds.Entry]) -> [String] {
    let names = entries.map(\.name)
    return ["workload", "operations", "parameters", "samples", "temperature_kelvin", "bits"]
      + ["rates", "gamma", "updates", "energy_reported_joules"] + names
      + names.map { "reported_over_" + $0.dropFirst("energy_".count).dropLast("_joules".count) }
  }
}
