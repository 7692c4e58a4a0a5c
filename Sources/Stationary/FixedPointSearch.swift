internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Finds the kernels that both sites of a steady state agree on. `[stationary.iteration]`
///
/// The window is doubled until R and C_f have decayed at its end. Where the larger windows would
/// not change it, it is given up early: cost grows with the square of the window.
struct FixedPointSearch {
  /// Lags of the first window.
  static let firstWindow = 64
  /// Sweeps on one window.
  static let mostSweeps = 300
  /// Sweeps without one that is closer to a fixed point than all before, after which there is none.
  private static let mostIdleSweeps = 60
  /// Sweeps on a window that is too short: its kernels are but a start for the next.
  private static let mostOutgrownSweeps = 12
  /// Sweeps in a row that find R too slow for every window, until it is believed.
  private static let tellingSweeps = 4
  /// Lags from which on the tail of R says how fast it decays.
  private static let tellingWindow = 2 * firstWindow
  /// A response this large at negative lags, in units of that at positive ones, is that of an
  /// unstable rule; aliases of a response that decays stay below 1.
  private static let unstableTail = 2.0

  let weightSite: LinearWeightSite
  var sampleSite: any StationarySampleSite

  /// The fixed point found from `start`, with no fewer lags than it has.
  mutating func run(from start: StationaryGradients) throws -> StationaryState {
    var gradients = start
    var lags = max(sampleSite.firstWindow, start.covariance.count)
    var sweeps = 0
    var unstableWindows = 0
    while true {
      let window = LagWindow(lags: lags)
      gradients = gradients.resized(lags)
      var acceleration = AndersonAcceleration()
      var outgrown = false
      var slowSweeps = 0
      var (least, idleSweeps) = (Double.infinity, 0)
      var isStable = true
      for sweep in 1...Self.mostSweeps {
        let weights = try weightSite.respond(to: gradients, in: window)
        let image = try sampleSite.respond(to: weights, in: window)
        sweeps += 1
        let residual = image.distance(to: gradients)
        isStable =
          residual.isFinite && weights.responseTail < Self.unstableTail
          && weights.frozen + abs(weights.correlation[0]) <= Magnitude.largest
        guard residual.isFinite else { break }
        let tail =
          sampleSite.isExact
          ? max(weights.responseTail, weights.correlationTail) : weights.responseTail
        outgrown = tail > sampleSite.tailTolerance
        let isSlow =
          isStable && lags >= Self.tellingWindow && !forgetsInTime(weights.responseTail, lags)
        slowSweeps = isSlow ? slowSweeps + 1 : 0
        if outgrown && (residual < 1e-2 || sweep == Self.mostOutgrownSweeps) { break }
        if slowSweeps == Self.tellingSweeps { break }
        idleSweeps = residual < least ? 0 : idleSweeps + 1
        least = min(least, residual)
        if idleSweeps == Self.mostIdleSweeps { break }
        if residual <= sampleSite.tolerance {
          try checkPower(weights, window)
          let training = sampleSite.observe(weights, in: window)
          guard training.loss.isFinite else {
            throw SolverError.notConverged(
              what: "no steady state: the fields of some data points grow without end",
              instead: Self.advice)
          }
          return StationaryState(
            weights: weights, gradients: gradients, trainingLoss: training.loss,
            trainingError: training.error, iterations: sweeps, residual: residual)
        }
        gradients = StationaryGradients(
          vector: acceleration.next(point: gradients.vector, image: image.vector), lags: lags)
      }
      guard outgrown else {
        throw SolverError.notConverged(
          what: "the steady state was not found in \(sweeps) sweeps", instead: Self.advice)
      }
      guard slowSweeps < Self.tellingSweeps, lags < sampleSite.lastWindow else {
        throw SolverError.notConverged(
          what: "no steady state: the weights do not forget within "
            + "\(max(lags, sampleSite.lastWindow)) steps", instead: Self.advice)
      }
      unstableWindows = isStable ? 0 : unstableWindows + 1
      guard unstableWindows < 2 else {
        throw SolverError.notConverged(
          what: "no steady state: the weights grow without end",
          instead: Self.advice)
      }
      lags *= 2
    }
  }

  /// Whether R, which has decayed to `tail` on a window of `lags`, may decay within the last window
  /// and a quarter: as an exponential, since sums of them decay more slowly.
  private func forgetsInTime(_ tail: Double, _ lags: Int) -> Bool {
    let windows = 1.25 * Double(sampleSite.lastWindow / lags)
    return pow(tail, windows) <= sampleSite.tailTolerance
  }

  /// Refuses a spectrum that is negative by more than rounding or sampling noise.
  private func checkPower(_ weights: StationaryWeights, _ window: LagWindow) throws {
    let power = window.evenSpectrum(weights.correlation)
    let floor = (sampleSite.isExact ? 1e-9 : 1e-3) * weights.frozen
    let largest = power.reduce(floor) { max($0, $1) }
    let lowest = power.reduce(0) { min($0, $1) }
    guard lowest >= -(sampleSite.isExact ? 1e-6 : 1e-2) * largest else {
      throw SolverError.notConverged(
        what: "no steady state: the spectrum of the weights is negative at some frequencies",
        instead: "more theory.trajectories, or " + Self.advice)
    }
  }

  private static let advice =
    "a smaller learning_rate (above some value steps grow), more weight_decay (with 0 and few "
    + "samples nothing is forgotten), or `dmft solve` for the way there"
}
