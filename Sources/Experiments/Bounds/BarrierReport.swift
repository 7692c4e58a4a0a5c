internal import Energetics

/// The height of the barrier against the update, E_n/kT, one curve per schedule. `[bounds.barrier]`
struct BarrierReport {
  let memory: ThermalMemory
  let schedules: [NamedSchedule]

  /// One line per schedule and update.
  var csv: String {
    let rows = schedules.flatMap { named in
      let model = LearningInMemory(memory: memory, schedule: named.schedule)
      return Self.updates(named).map { n in
        let numbers = [
          named.schedule.rate(at: n), model.driveJoules(at: n) / memory.thermalEnergyJoules,
          model.barrierInUnitsOfKT(at: n), model.barrierJoules(at: n),
        ]
        return named.cells + [.whole(n)] + numbers.map(CSVCell.rounded)
      }
    }
    return CSVWriter.text(
      [
        "rates", "gamma", "updates", "update", "rate", "drive_kt", "barrier_kt",
        "energy_barrier_joules",
      ], rows)
  }

  /// Updates in rows, schedules in columns; all schedules have the same updates.
  var text: String {
    var table = TextTable(["update"] + schedules.indices.map { "barrier_\($0 + 1)_kt" })
    for n in schedules.first.map(Self.updates) ?? [] {
      let heights = schedules.map {
        LearningInMemory(memory: memory, schedule: $0.schedule).barrierInUnitsOfKT(at: n)
      }
      table.append(["\(n)"] + heights.map(Number.short))
    }
    let legend = schedules.enumerated().map { "barrier_\($0 + 1): \($1.label)" }
    return """
      Height of the barrier in units of kT, \(memory.conditions)

      \(table.text)

      \(legend.joined(separator: "\n"))
      To keep a value to precision delta takes \(Number.short(memory.constantBarrier)) kT. A \
      negative height: the drive is too weak for the rate.
      """
  }

  /// 1, 2, 5, 10, ... and the last update.
  private static func updates(_ named: NamedSchedule) -> [Int] {
    let last = named.updates ?? NamedSchedule.standardUpdates
    var result: [Int] = []
    var decade = 1
    while decade < last {
      result += [1, 2, 5].map { $0 * decade }.filter { $0 < last }
      decade *= 10
    }
    return result + [last]
  }
}
