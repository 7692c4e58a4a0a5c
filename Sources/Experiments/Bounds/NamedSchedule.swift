internal import Energetics
internal import Foundation

/// A schedule of writes, and what tables say of it.
struct NamedSchedule {
  let schedule: any UpdateSchedule
  /// `polynomial`, `exponential` or `run`.
  let rates: String
  let gamma: Double?
  let updates: Int?

  /// Such as `polynomial, gamma 0.5, 100000 updates`.
  var label: String {
    let count = updates.map { "\($0) updates" } ?? "infinitely many updates"
    return (gamma.map { "\(rates), gamma \(Number.short($0)), " } ?? "\(rates), ") + count
  }

  /// The cells `rates,gamma,updates` of a CSV.
  var cells: [CSVCell] {
    [.text(rates), .rounded(gamma), updates.map(CSVCell.whole) ?? .text("inf")]
  }

  /// What drives a write, in the words of tables.
  var drive: String {
    gamma == nil
      ? "the variance of the weights, kT/delta times the learning rate in the end"
      : "kT/delta times the learning rate"
  }

  private init(gamma: Double, updates: Int?, exponential: Bool) {
    rates = exponential ? "exponential" : "polynomial"
    self.gamma = gamma
    self.updates = updates
    schedule =
      exponential
      ? ExponentialSchedule(gamma: gamma, updates: updates)
      : PolynomialSchedule(gamma: gamma, updates: updates)
  }

  private init(_ measured: MeasuredSchedule) {
    rates = "run"
    gamma = nil
    updates = measured.updates
    schedule = measured
  }

  /// The number of updates where none is asked for and a finite one is needed (Chen et al.).
  static let standardUpdates = 100_000

  /// The schedules of a request that was found valid; by default the two ends of the range that
  /// Chen et al. report: slow rates that stop after 100000 updates, and fast ones.
  static func all(_ request: BoundsRequest) throws -> [NamedSchedule] {
    if let run = request.schedule { return [NamedSchedule(try RunSchedule.read(run: run))] }
    let updates = request.updates.map { Int($0) }
    let gammas = request.gamma.isEmpty ? [0, 10] : request.gamma
    return gammas.map { gamma in
      let needed = request.barrier || gamma == 0 ? updates ?? standardUpdates : updates
      return NamedSchedule(gamma: gamma, updates: needed, exponential: request.exponential)
    }
  }
}
