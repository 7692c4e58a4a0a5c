internal import Energetics

/// `dmft bounds`: physical bounds on the energy of training, as text or CSV.
public struct BoundsStudy: Sendable {
  private let request: BoundsRequest

  /// Checks the request; throws a `Failure` for options that cannot be taken.
  public init(_ request: BoundsRequest) throws {
    do {
      try request.validate()
    } catch {
      throw Failure(error)
    }
    self.request = request
  }

  /// What goes to standard output; throws a `Failure` if the run of a schedule cannot be read.
  public func text() throws -> String {
    let memory = ThermalMemory(temperature: request.temperature, bits: request.bits)
    let schedules: [NamedSchedule]
    do {
      schedules = try NamedSchedule.all(request)
    } catch {
      throw Failure(error)
    }
    if request.barrier {
      let report = BarrierReport(memory: memory, schedules: schedules)
      return request.csv ? report.csv : report.text
    }
    if request.csv {
      return BoundsCSV(
        rows: rows, memory: memory, bitEnergyJoules: request.bitEnergyJoules, schedules: schedules
      ).text
    }
    guard let workload = given else {
      return PublishedReport(
        memory: memory, bitEnergyJoules: request.bitEnergyJoules, schedules: schedules
      ).text
    }
    return WorkloadReport(
      workload: workload, memory: memory, bitEnergyJoules: request.bitEnergyJoules,
      schedules: schedules
    ).text
  }

  /// The workload of the command line, nil for the published ones.
  private var given: Workload? {
    guard let operations = request.operations, let parameters = request.parameters else {
      return nil
    }
    return Workload(operations: operations, parameters: parameters, samples: request.samples)
  }

  private var rows: [BoundsCSV.Row] {
    given.map { [BoundsCSV.Row(name: "command line", workload: $0, reportedJoules: nil)] }
      ?? PublishedWorkload.all.map {
        BoundsCSV.Row(name: $0.name, workload: $0.workload, reportedJoules: $0.reportedJoules)
      }
  }
}
