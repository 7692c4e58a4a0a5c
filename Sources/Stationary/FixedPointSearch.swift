internal import NumericalKit
internal import Observables

/// Finds the kernels that both sites of a steady state agree on. `[stationary.iteration]`
///
/// The window is doubled until R and C_f have decayed at its end.
struct FixedPointSearch {
  /// Lags of the first window.
  static let firstWindow = 64
  /// Lags of the last.
  static let lastWindow = 1 << 16
  /// Sweeps on one window.
  static let mostSweeps = 300

  let weightSite: LinearWeightSite
  var sampleSite: any StationarySampleSite

  /// From `start` on; `onSweep` is told the residual after every sweep.
  mutating func run(
    from start: StationaryGradients, onSweep: (Double) -> Void = { _ in }
  ) throws -> StationaryState {
    var gradients = start
    var lags = Self.firstWindow
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
        onSweep(residual)
        outgrown = weights.tail > sampleSite.tailTolerance
        if outgrown && residual < 1e-3 { break }
        if residual <= sampleSite.tolerance {
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
      guard lags < Self.lastWindow else {
        throw SolverError.notConverged(
          what: "no steady state: the weights do not forget within \(lags) steps",
          instead: Self.advice)
      }
      lags *= 2
    }
  }

  private static let advice =
    "more weight_decay (with 0 and few samples nothing is forgotten), a smaller learning_rate, or "
    + "`dmft solve` for the way there"
}
