internal import Energetics

/// The bounds of published workloads beside the energy that was reported, as a text table.
struct PublishedReport {
  let memory: ThermalMemory
  let bitEnergyJoules: Double?
  let schedules: [NamedSchedule]

  /// The table, its legend, and what to keep in mind.
  var text: String {
    var columns = [("landauer", 0), ("constant_barrier", 2)]
    if bitEnergyJoules != nil { columns.append(("device", 3)) }
    var header = ["workload", "reported_joules"]
    header += columns.flatMap { ["\($0.0)_joules", "ratio"] }
    header += schedules.indices.flatMap { ["lim_\($0 + 1)_joules", "ratio"] }
    var table = TextTable(header)
    for published in PublishedWorkload.all {
      let bounds = WorkloadBounds(
        published.workload, memory: memory, bitEnergyJoules: bitEnergyJoules,
        schedules: schedules)
      var cells = [published.name, Number.scientific(published.reportedJoules)]
      for entry in columns.map({ bounds.common[$0.1] }) + bounds.learningInMemory {
        guard let joules = entry.joules else { continue }
        cells += [Number.scientific(joules), Number.scientific(published.reportedJoules / joules)]
      }
      table.append(cells)
    }
    let legend = schedules.enumerated().map { "lim_\($0 + 1): \($1.label)" }
    return """
      Published workloads, \(memory.conditions); ratio = reported / estimate

      \(table.text)

      \(legend.joined(separator: "\n"))
      \(WorkloadReport.caveat(memory, schedules))\(WorkloadReport.withoutSamples)
      """
  }
}
