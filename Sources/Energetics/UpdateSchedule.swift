internal import Foundation

/// When the writes of a training run happen, and how hard they are driven.
///
/// Update n = 1, 2, ... has the rate r_n in [0, 1], the fraction of its maximum at which parameters
/// are written, and the learning rate ε_n in units of the largest one, at least 0, which sets the
/// energy per write. A new schedule is a file that conforms; the conformance test adds its terms
/// one by one.
public protocol UpdateSchedule: Sendable {
  /// N, the number of updates; nil for infinitely many.
  var updates: Int? { get }
  /// ln r_n, for rates that a Double cannot hold; -infinity where nothing is written.
  func logarithmOfRate(at update: Int) -> Double
  /// ε_n.
  func learningRate(at update: Int) -> Double
  /// Σ ε_n r_n / Σ r_n over all updates; relative error 1e-12.
  var meanLearningRate: Double { get }
}

extension UpdateSchedule {
  /// r_n.
  public func rate(at update: Int) -> Double { exp(logarithmOfRate(at: update)) }

  /// Stops unless update n is one of this schedule.
  func check(_ update: Int) {
    precondition(
      update >= 1 && update <= updates ?? .max, "update \(update) of 1...\(updates ?? .max)")
  }
}
