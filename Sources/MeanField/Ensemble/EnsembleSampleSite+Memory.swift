internal import LearningProblem
internal import NumericalKit
internal import Observables

extension EnsembleSampleSite {
  /// Bytes while the site is made, and once it is, with that many `rows` of the past.
  static func bytes(
    _ dynamics: Dynamics, _ settings: TheorySettings, rows steps: Int, isFramed: Bool
  ) -> (making: Double, held: Double) {
    let units = dynamics.hiddenUnits
    let pairs = (settings.sampling.trajectories + 1) / 2
    let fields = units * (steps + 1)
    let noise = TeacherRows.signal(dynamics.data.teacher).count + fields
    let kicks = units * steps
    let precision = isFramed ? .double : HistoryPrecision(dynamics).storage
    var held =
      RowBlock.bytes(capacity: noise, width: pairs, precision: precision)
      + RowBlock.bytes(capacity: kicks, width: 2 * pairs, precision: precision)
      + GrowingCholesky.bytes(capacity: fields)
    let isMasked = !dynamics.sampleSwitches.isFull
    if isMasked {
      let clusters = dynamics.data.clusters.count
      held +=
        RowBlock.bytes(capacity: kicks, width: noise + clusters)
        + GrowingCholesky.bytes(capacity: kicks)
    }
    if isFramed {
      held +=
        RowBlock.bytes(capacity: kicks, width: noise) + GrowingCholesky.bytes(capacity: kicks)
        + TwoTimeKernel.bytes(units: units, capacity: steps)
    }
    let persists =
      PersistentControl.mask(dynamics, trajectories: settings.sampling.trajectories) != nil
    if persists {
      held +=
        (isFramed ? 2 : 1)
        * (RowBlock.bytes(capacity: kicks, width: fields)
          + TwoTimeKernel.bytes(units: units, capacity: steps))
    }
    if settings.response == .tangent {
      // A row of every trajectory for each origin (s, l) and each (s', k) from it on.
      held += Double(units) * RowBlock.bytes(capacity: kicks * (steps + 1) / 2, width: 2 * pairs)
    }
    // Of a trajectory: cluster, label and scales; the parts of its last kicks; what a fit leaves.
    let present = 36 + Double(units) * (isMasked ? 16 + (persists ? 24 : 0) : 0)
    held += present * Double(2 * pairs)
    let sums = 8 * Double(units) * Double(noise + kicks)  // of one `ProductSums`
    held += Double(Lanes.most + 2) * (persists ? 4 : 2) * sums
    let drawn = isFramed ? noise - units * steps : noise
    return (
      OrthonormalNoise.bytes(rows: drawn, columns: pairs, precision: precision), held
    )
  }
}
