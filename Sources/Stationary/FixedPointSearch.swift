internal import NumericalKit
internal import Observables

/// Finds the kernels that both sites of a steady state agree on. `[stationary.iteration]`
///
/// The window is doubled until R and C_f have decayed at its end.
struct FixedPointSearch {
  /// Lags of the first window.
  static let firstWindow = 64
  /// Sweeps on one window.
  static let mostSweeps = 300

  let weightSite: LinearWeightSite
  var sampleSite: any StationarySampleSite

  /// The fixed point found from `start`, with no fewer lags than it has.
  mutating func run(from start: StationaryGradients) throws -> StationaryState {
    var gradients = start
    var lags = max(sampleSite.firstWindow, start.covariance.count)
    var sweeps = 0
    while true {
      let window = LagWindow(lags: lags)
      gradients = gradients.resized(lags)
      var acceleration = AndersonAcceleration()
      var outgrown = false
      for _ in 0..<Self.mostSweeps {
        let weights = try weightSite.respond(to: gradients, in: window)
        let image = try sampleSite.respond(to: weights, in: window)
        sweeps += 1
        let residual = image.distance(to: gradients)
        guard residual.isFinite else { break }
        let tail =
          sampleSite.isExact
          ? max(weights.responseTail, weights.correlationTail) : weights.responseTail
        outgrown = tail > sampleSite.tailTolerance
        if outgrown && residual < 1e-2 { break }
        if residual <= sampleSite.tolerance {
          try checkPower(weights, window)
          let training = sampleSite.observe(weights, in: window)
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
      guard lags < sampleSite.lastWindow else {
        throw SolverError.notConverged(
          what: "no steady state: the weights do not forget within \(lags) steps",
          instead: Self.advice)
      }
      lags *= 2
    }
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
