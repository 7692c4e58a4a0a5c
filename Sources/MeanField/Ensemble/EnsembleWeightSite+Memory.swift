internal import LearningProblem
internal import NumericalKit
internal import Observables

extension EnsembleWeightSite {
  /// Bytes while the site is made, and once it is, with that many `rows` of the past.
  static func bytes(
    _ dynamics: Dynamics, _ settings: TheorySettings, rows steps: Int, isFramed: Bool
  ) -> (making: Double, held: Double) {
    let units = dynamics.hiddenUnits
    let count = settings.sampling.trajectories
    let noise = dynamics.signalDirections + units + units * steps
    let past = units * (steps + 1)
    let sums = 8 * Double(units) * Double(noise + past)
    let present = 5 * 8 * Double(units) * Double(count)  // weights, gradients, scores and the like
    let drawn = isFramed ? noise - units * steps + units : noise
    return (
      OrthonormalNoise.bytes(rows: drawn, columns: count, precision: .double),
      RowBlock.bytes(capacity: noise, width: count) + RowBlock.bytes(capacity: past, width: count)
        + GrowingCholesky.bytes(capacity: units * steps) + present
        + Double(Lanes.most + 2) * sums
    )
  }
}
