internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Averages over sampled data points in a steady state: any loss without jumps, any Markov mask.
/// `[stationary.sampled]`
///
/// Every sweep uses the same random numbers, so that the sweeps have a fixed point; another batch
/// has others.
struct SampledSampleSite: StationarySampleSite {
  let tolerance: Double
  let tailTolerance: Double
  let isExact = false
  let lastWindow = 1 << 13
  private let dynamics: Dynamics
  private let sampling: Sampling
  private let usesTangents: Bool
  private let batch: Int
  private let parallel: ParallelFor
  private var points: RingPoints?
  private var blocks: [RingBlock] = []
  private var averages = TrainingAverages(loss: 0, error: 0)

  init(_ dynamics: Dynamics, _ sampling: Sampling, batch: Int, parallel: ParallelFor) {
    self.dynamics = dynamics
    self.sampling = sampling
    usesTangents = !dynamics.objective.gradientJumps
    tolerance = usesTangents ? 1e-6 : 3e-3
    tailTolerance = usesTangents ? 1e-4 : 1e-2  // the noise of single entries
    self.batch = batch
    self.parallel = parallel
  }

  /// Lags after which the mask has forgotten.
  var firstWindow: Int {
    let correlation = abs(dynamics.sampleSwitches.correlation ?? 0)
    var lags = FixedPointSearch.firstWindow
    var power = 1.0
    for _ in 0..<lags { power *= correlation }
    while power > Self.forgotten && lags < lastWindow {
      lags *= 2
      power *= power
    }
    return lags
  }

  /// The correlation of a mask that has forgotten.
  private static let forgotten = 1e-4

  /// Throws `SolverError.unsupported` if the mask remembers more than the last window.
  func requireForgetfulMask() throws {
    let correlation = dynamics.sampleSwitches.correlation ?? 0
    let largest = pow(Self.forgotten, 1 / Double(lastWindow))
    guard abs(correlation) > largest else { return }
    throw SolverError.unsupported(
      what: "a sample_mask of correlation \(correlation), which \(lastWindow) steps do not forget, "
        + "in a sampled steady state",
      instead: "a correlation of size \((largest * 1e6).rounded(.down) / 1e6) at most (a shorter "
        + "sample_mask.persistence_time), or `dmft solve` with many steps")
  }

  /// Bytes of a batch on a window of `lags`: noise, masks and kicks of every point, and the paths
  /// of the blocks that are swept at once.
  private func memory(_ lags: Int) -> Double {
    let blocks = min(
      parallel.threads, (sampling.trajectories + RingBlock.size - 1) / RingBlock.size)
    return Double(sampling.trajectories) * Double(lags) * (8 + 2 + 12)
      + Double(blocks * RingBlock.size) * Double(lags) * (4 * 8 * 2 + 4)
  }

  mutating func respond(
    to weights: StationaryWeights, in window: LagWindow
  ) throws -> StationaryGradients {
    let points = try points(window.lags)
    let amplitudes = window.evenSpectrum(weights.correlation).map { max($0, 0).squareRoot() }
    parallel.update(&blocks) { _, block in block.sweep(points, weights, amplitudes) }
    var sums = RingSums(directions: dynamics.signalDirections, lags: window.lags)
    for block in blocks { sums.add(block.sums) }
    averages = TrainingAverages(loss: sums.loss, error: sums.error)
    let alpha = dynamics.samplesPerWeight
    let offset = sums.meanSquare - sums.frozen
    return StationaryGradients(
      drive: sums.drive.map { alpha * $0 }, frozen: alpha * sums.frozen,
      covariance: window.covariance(sums.power).map { alpha * ($0 + offset) },
      response: response(sums, weights, amplitudes, window).map { alpha * $0 })
  }

  /// χ/α: from tangents, or by Gaussian integration by parts where the slope jumps.
  /// `[stationary.stein]`
  private func response(
    _ sums: RingSums, _ weights: StationaryWeights, _ amplitudes: [Double], _ window: LagWindow
  ) -> [Double] {
    guard !usesTangents else { return sums.response }
    let instant = sums.response[0]
    let largest = amplitudes.reduce(0) { max($0, $1) }
    let rest = sums.cross.indices.map { k in
      let amplitude = k == 0 ? weights.frozen.squareRoot() : amplitudes[k]
      return amplitude > 1e-6 * largest
        ? (1 / amplitude) * sums.cross[k] - Complex(instant) : Complex(0)
    }
    var response = window.kernel(rest).lags
    response[0] += instant
    return response
  }

  /// The random numbers for a window, drawn when it is new.
  private mutating func points(_ lags: Int) throws -> RingPoints {
    if let points, points.lags == lags { return points }
    (points, blocks) = (nil, [])  // their memory is that of the new ones
    let (needed, granted) = (memory(lags), Machine.grantedMemory)
    guard needed < granted.bytes else {
      throw SolverError.notConverged(
        what: "the weights remember \(lags) steps, for which about "
          + "\(ByteCount.text(needed)) of memory are needed, of \(granted)",
        instead: "fewer theory.trajectories, more weight_decay or a larger learning_rate")
    }
    let points = RingPoints(dynamics, sampling, batch: batch, lags: lags)
    let count = points.points.count
    blocks = stride(from: 0, to: count, by: RingBlock.size).map {
      RingBlock(dynamics, points, $0..<min($0 + RingBlock.size, count))
    }
    self.points = points
    return points
  }

  func observe(_ weights: StationaryWeights, in window: LagWindow) -> TrainingAverages { averages }
}
