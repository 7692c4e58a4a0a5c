internal import LearningProblem
internal import NumericalKit
internal import Observables

/// What the weights know: m, C and R at the times solved so far `[order.parameters]`, and the
/// readout.
///
/// The past may stand in the rows of a frame instead of times `[frame.rows]`; the last row is the
/// present time, and the first one the start. Where inputs differ, m, C and R are what the fields
/// see of the weights `[inputs.sample]`; where clusters differ in shape, the mean over these.
/// `[inputs.clusters]`
struct WeightKernels: Sendable {
  /// m_kp at index p of unit k of each row.
  var magnetisation: [[[Double]]]
  /// C.
  var correlation: TwoTimeKernel
  /// R.
  var response: TwoTimeKernel
  /// The same as the fields of each cluster see it, C^a and R^a; empty where one serves all.
  /// `[inputs.clusters]`
  var clusters: [WeightKernels] = []
  /// The last time present.
  private(set) var time = 0
  /// m_kp and C_kl(t, t) of the weights themselves at the present time, where the fields see
  /// others; C is K x K row-major. `[inputs.observed]`
  var own: (overlaps: [[Double]], covariance: [Double])?
  /// m, C(t, t) and a(t) at each time.
  private(set) var states: [MacroscopicRecorder.State]
  /// a(t). `[network.readout]`
  var readout: [[Double]]
  /// Which hidden units learned at each step done. `[mask.units]`
  var learning: [[Bool]] = []

  /// The start of a dynamics, with room for all its steps, or for fewer `rows` of a frame.
  init(_ dynamics: Dynamics, rows: Int) {
    self.init(dynamics, rows: rows, cluster: nil)
    guard let groups = dynamics.groups else { return }
    own = (dynamics.start.overlap, Self.covariance(dynamics).flatMap { $0 })
    if !groups.areShared {
      clusters = dynamics.data.clusters.indices.map {
        WeightKernels(dynamics, rows: rows, cluster: $0)
      }
    }
    states = [state]
  }

  /// C_kl(0, 0) of weights that start alike, K rows of K.
  private static func covariance(_ dynamics: Dynamics) -> [[Double]] {
    let units = 0..<dynamics.hiddenUnits
    return units.map { k in units.map { dynamics.start.correlation(k, $0) } }
  }

  /// What the fields of one cluster see, or on average those of all.
  private init(_ dynamics: Dynamics, rows: Int, cluster: Int?) {
    let units = dynamics.hiddenUnits
    let times = rows + 1
    var start = Self.covariance(dynamics)
    if let groups = dynamics.groups {
      let rows = groups.groups.map { Self.covariance(dynamics.within($0)) }
      start = cluster.map { groups.seen(rows, byCluster: $0) } ?? groups.seen(rows)
    }
    magnetisation = [
      dynamics.groups.map { groups in
        groups.mean(groups.groups.map { $0.seenOverlaps($0.start(dynamics.start.overlap)) })
      } ?? dynamics.start.overlap
    ]
    readout = [dynamics.readout.initial]
    correlation = TwoTimeKernel(units: units, capacity: times, shape: .symmetric)
    response = TwoTimeKernel(units: units, capacity: times, shape: .causal)
    correlation.append(start)
    response.append(Array(repeating: Array(repeating: 0, count: units), count: units))
    states = []
    states = [state]
  }

  /// The present, as it is recorded.
  private var state: MacroscopicRecorder.State {
    MacroscopicRecorder.State(
      overlaps: own?.overlaps ?? magnetisation[past], covariance: own?.covariance ?? covariance,
      seenAs: own == nil
        ? nil
        : (magnetisation[past], clusters.isEmpty ? [covariance] : clusters.map(\.covariance)),
      readout: readout[readout.count - 1])
  }

  /// Rows of the past: all but the present.
  var past: Int { correlation.times - 1 }

  /// The flat row of unit 0 at the present time.
  var present: Int { past * correlation.units }

  /// C_kl of the present time, K x K row-major.
  var covariance: [Double] { covariance(ofRow: past) }

  /// C_kl of a row with itself, K x K row-major.
  func covariance(ofRow row: Int) -> [Double] {
    let units = correlation.units
    let first = row * units
    return (0..<units * units).map { correlation[first + $0 / units, first + $0 % units] }
  }

  /// C(t, ·)/C(t, t) of the present over the rows of the past, for each pair of units: what merges
  /// must keep. `[frame.merge]`
  var signals: [[Double]] {
    let units = correlation.units
    return (0..<units).flatMap { k in
      let row = Array(correlation.row(present + k, width: present))
      let variance = correlation[present + k, present + k]
      return (0..<units).map { l in
        stride(from: l, to: present, by: units).map { variance > 0 ? row[$0] / variance : 0 }
      }
    }
  }

  /// Ends a step: the last row, which has been appended, becomes the present.
  mutating func finishStep() {
    time += 1
    for a in clusters.indices { clusters[a].finishStep() }
    states.append(state)
  }

  /// Merges rows of the past. `[frame.merge]`
  mutating func merge(_ merge: RowMerge) {
    correlation.merge(merge)
    response.merge(merge)
    magnetisation.merge(merge)
    for a in clusters.indices { clusters[a].merge(merge) }
  }

  /// The readout one step later, after the weights have taken it. `[network.readout]`
  mutating func advanceReadout(rate: Double, gradient: [Double]) {
    guard let isOn = learning.last else { return }
    readout.append(
      Readout.advanced(readout[readout.count - 1], rate: rate, gradient: gradient, isOn: isOn))
    for a in clusters.indices { clusters[a].readout.append(readout[readout.count - 1]) }
  }

  /// What has changed since the start of each unit, as far as it follows from C.
  /// `summed` is the mean square change of each unit as a sum over its steps
  /// `[weight.displacement]`: below a millionth of the norm it is taken.
  func changesSinceStart(areGaussian: Bool, summed: [Double]? = nil) -> [KnownChanges] {
    let last = present
    return (0..<correlation.units).map { k in
      let norms = correlation[last + k, last + k] + correlation[k, k]
      let difference = norms - 2 * correlation[last + k, k]
      let isSmall = difference < 1e-6 * norms
      return KnownChanges(
        square: isSmall ? summed?[k] ?? difference : difference, isGaussian: areGaussian)
    }
  }
}

/// What the sample site answers at the times solved so far: μ `[kernel.drive]`, S
/// `[kernel.covariance]` and χ `[kernel.response]`.
struct SampleKernels: Sendable {
  /// μ_kp at index p of unit k of each row.
  var drive: [[[Double]]] = []
  /// S.
  var covariance: TwoTimeKernel
  /// χ.
  var response: TwoTimeKernel
  /// What each cluster added to the last row; empty where one site has all samples.
  private(set) var parts: [SampleRow.Part] = []

  init(_ dynamics: Dynamics, rows: Int) {
    let units = dynamics.hiddenUnits
    covariance = TwoTimeKernel(units: units, capacity: rows, shape: .symmetric)
    response = TwoTimeKernel(units: units, capacity: rows, shape: .causal)
  }

  /// Merges rows of the past. `[frame.merge]`
  mutating func merge(_ merge: RowMerge) {
    drive.merge(merge)
    covariance.merge(merge)
    response.merge(merge)
  }

  mutating func append(_ row: SampleRow) {
    drive.append(row.drive)
    covariance.append(row.covariance)
    response.append(row.response)
    parts = row.parts
  }
}

/// One time of μ (K x P), S and χ (K rows of K(t+1)).
struct SampleRow: Sendable {
  var drive: [[Double]]
  var covariance: [[Double]]
  var response: [[Double]]
  /// E[σ s ∂Λ/∂a]; empty unless the readout is learned.
  var readoutGradient: [Double] = []
  /// The parts of it that clusters of different shape add. `[inputs.clusters]`
  var parts: [Part] = []

  /// What the samples of one cluster add: π_a times what they would answer by themselves.
  struct Part: Sendable {
    let cluster: Int
    let row: SampleRow
  }

  /// S(t, t)/q and χ(t, t)/q, 1/q - 1 = `dropped`: an input that a learning pass keeps counts for
  /// 1/q in the field and again in the gradient. `[site.dropout]`
  mutating func dropInputs(_ dropped: Double) {
    guard dropped > 0 else { return }
    let units = covariance.count
    for k in 0..<units {
      for index in covariance[k].indices.suffix(units) {
        covariance[k][index] *= 1 + dropped
        response[k][index] *= 1 + dropped
      }
    }
  }
}

/// What a sample site found at one time, of which its response is made.
protocol SampleObservation {
  /// What is measured on the training set at that time.
  var training: SampleValues { get }
  /// What closed equations know of the square loss under a sample mask; else nil.
  var masked: MaskedMoments? { get }
}

extension SampleObservation {
  /// Nothing but what is measured.
  var masked: MaskedMoments? { nil }
}

/// Averages of the square loss under a sample mask with the error e = h - y and the label y, for
/// the controls of a probe. `[sample.overlap]`
struct MaskedMoments {
  /// E[e²] of the whole network.
  var square: Double
  /// E[y e] of the whole network.
  var alignment: Double
  /// E[s y e] of learning passes.
  var learningAlignment: Double
  /// P(y h < 0) if h were Gaussian, as it is not.
  var gaussianError: Double
}

/// One data point: receives m, C, R and returns μ, S, χ. `[site.sample]`
///
/// Called in order for t = 0, 1, ...; the last time is observed only.
protocol SampleSite {
  /// What is found at one time.
  associatedtype Observed: SampleObservation
  /// Advances the fields to time t, which `weights` has reached.
  mutating func observe(_ weights: WeightKernels, at t: Int) -> Observed
  /// μ, S and χ at the time that was observed, the last of `weights`.
  mutating func respond(to observed: consuming Observed, _ weights: WeightKernels) -> SampleRow
  /// Merges rows of the past, one merge after the other, the time of the last response among them.
  /// `[frame.merge]`
  mutating func merge(_ merges: [RowMerge])
  /// What is known of each cluster by itself; empty where one site has all samples.
  var clusters: [ClusterHistory] { get }
  /// The closed sites that it is made of, one for each cluster that has one; empty if sampled.
  var closed: [ClosedSampleSite] { get }
}

extension SampleSite {
  var clusters: [ClusterHistory] { [] }
  var closed: [ClosedSampleSite] { [] }
}

/// One coordinate: receives μ, S, χ and extends m, C, R by one time. `[site.weight]`
protocol WeightSite: Sendable {
  /// Extends `weights` from its last time t to t + 1, given `samples` up to t, and says who
  /// learned. Returns what the step changed, and what has changed since the start.
  mutating func advance(_ weights: inout WeightKernels, _ samples: SampleKernels) -> WeightValues
  /// Merges rows of the past, one merge after the other, that of the last step among them.
  /// `[frame.merge]`
  mutating func merge(_ merges: [RowMerge])
  /// The distribution of the weights at the last time; nil where no closed form gives it.
  var histogram: WeightHistogram? { get }
  /// C(t, ·)/C(t, t) and the like over the rows of the past: what merges must keep. `[frame.merge]`
  func signals(_ weights: WeightKernels) -> [[Double]]
  /// What is known of each group of weights; empty where all are alike.
  var groups: [GroupHistory] { get }
}

extension WeightSite {
  func signals(_ weights: WeightKernels) -> [[Double]] { weights.signals }
  var groups: [GroupHistory] { [] }
}

extension [[[Double]]] {
  /// Merges rows of numbers [row][k][p]. `[frame.merge]`
  mutating func merge(_ merge: RowMerge) {
    let old = self[merge.first..<merge.first + merge.before]
    let new = (0..<merge.after).map { i in
      self[merge.first].indices.map { k in
        self[merge.first][k].indices.map { p in
          old.enumerated().reduce(0.0) { $0 + merge.map[i * merge.before + $1.0] * $1.1[k][p] }
        }
      }
    }
    replaceSubrange(merge.first..<merge.first + merge.before, with: new)
  }
}
