internal import LearningProblem
internal import NumericalKit

/// A group of sampled data points that follows the kernels of a finished march from start to end.
/// `[sampling.probe]`
///
/// Trajectories come in antithetic pairs: columns j and j + pairs share cluster and noise, with
/// opposite sign, and with a teacher ν and the label have opposite sign too. Their masks are
/// independent. The mean over a pair is one sample.
struct SampleGroup: Sendable {
  /// What is shared by all groups of a batch.
  struct Sampler: Sendable {
    let seed: UInt64
    let batch: Int
    /// Of each pair.
    let clusters: [Int]
    let labels: [Float]
    /// ν; 0 for mixtures.
    let signals: [Float]

    init(_ dynamics: Dynamics, seed: UInt64, pairs: Int, batch: Int) {
      self.seed = seed
      self.batch = batch
      clusters = ClusterShares.clusters(
        of: pairs, dynamics.data.clusters, seed: seed, batch: batch)
      guard let teacher = dynamics.data.teacher else {
        labels = clusters.map { Float(dynamics.data.clusters[$0].label) }
        signals = [Float](repeating: 0, count: pairs)
        return
      }
      let samples = TeacherRows.samples(teacher, pairs: pairs, seed: seed, batch: batch)
      labels = samples.labels.map { Float($0) }
      signals = samples.signals.map { Float($0) }
    }
  }

  /// Sums over pairs at each time.
  struct Sums: Sendable {
    /// 1{y h < 0}, controlled by e² and y e, at times 0...T.
    var errors: [ControlledSums] = []
    /// a |h|, controlled by a e², a y e and a y², at times 0..<T.
    var activities: [ControlledSums] = []
  }

  private let kernels: SampleProbe.Kernels
  private let steps: Int
  private let pairs: Int
  private let clusters: [Int]
  private let labels: [Float]
  private let signals: [Float]
  private let partner: Float  // what ν and y of the second members are multiplied by
  private let mask: any SwitchLaw
  private var switches: Switches
  private var noise: BlockedHistory  // ε, one column per pair
  private var kicks: BlockedHistory  // s e, one column per trajectory
  private var errors: [Float]  // e of each trajectory
  private var labelOf: [Float]  // y of each trajectory

  init(
    _ dynamics: Dynamics, _ kernels: SampleProbe.Kernels, _ sampler: Sampler, number: Int,
    members: Range<Int>
  ) {
    self.kernels = kernels
    steps = dynamics.grid.steps
    pairs = members.count
    clusters = Array(sampler.clusters[members])
    labels = Array(sampler.labels[members])
    signals = Array(sampler.signals[members])
    partner = dynamics.data.teacher == nil ? 1 : -1
    labelOf = labels + labels.map { [partner] in partner * $0 }
    mask = dynamics.sampleSwitches
    let index = UInt64(sampler.batch << 24 | number)
    switches = Switches(
      mask, count: 2 * pairs,
      stream: RandomStream(seed: sampler.seed, purpose: .theoryMask, index: index))
    noise = BlockedHistory(kernel: kernels.smooth, reach: 1, width: pairs)
    kicks = BlockedHistory(kernel: kernels.memory, reach: 0, width: 2 * pairs)
    errors = [Float](repeating: 0, count: 2 * pairs)
    var stream = RandomStream(seed: sampler.seed, purpose: .fieldNoise, index: index)
    noise.appendNormals(from: &stream)
  }

  /// Takes all steps.
  mutating func follow() -> Sums {
    var sums = Sums()
    for t in 0...steps {
      setErrors(t)
      sums.errors.append(observe(t))
      guard t < steps else { break }
      sums.activities.append(activity(t))
      kick(t)
    }
    return sums
  }

  /// e(t) = h(t) - y of learning passes. `[sampling.probe]`
  private mutating func setErrors(_ t: Int) {
    var smooth = [Float](repeating: 0, count: pairs)
    noise.addEcho(t, to: &smooth)
    let (means, overlap) = (kernels.means[t], kernels.overlaps[t])
    for j in 0..<pairs {
      let mean = means[clusters[j]] + overlap * signals[j] - labels[j]
      errors[j] = mean + smooth[j]
      errors[j + pairs] = partner * mean - smooth[j]
    }
    kicks.addEcho(t, to: &errors)
  }

  /// e(t) of the whole network, which leaves no inputs out. `[site.dropout]`
  private func wholeErrors(_ t: Int) -> [Float] {
    guard !kernels.restored.isEmpty else { return errors }
    let (row, restored) = (noise[t], kernels.restored[t])
    var whole = errors
    for j in 0..<pairs {
      let shift = restored * row[row.startIndex + j]
      whole[j] += shift
      whole[j + pairs] -= shift
    }
    return whole
  }

  /// 1{y h < 0} of the whole network; h = 0 counts one half.
  private func observe(_ t: Int) -> ControlledSums {
    let known = kernels.whole[t]
    let (pairs, labelOf, whole) = (pairs, labelOf, wholeErrors(t))
    func sample(_ j: Int) -> SIMD4<Double> {
      let margin = labelOf[j] * (whole[j] + labelOf[j])
      let (e, y) = (Double(whole[j]), Double(labelOf[j]))
      return SIMD4(margin < 0 ? 1 : margin == 0 ? 0.5 : 0, e * e, y * e, 0)
    }
    return ControlledSums(count: pairs) { j in
      0.5 * (sample(j) + sample(j + pairs)) - SIMD4(0, known.square, known.alignment, 0)
    }
  }

  /// Σ a |h|: the mean of the activity over the current mask. `[sampling.conditional]`
  private func activity(_ t: Int) -> ControlledSums {
    let known = kernels.learning[t]
    let law = SwitchStep(mask, step: t)
    let (pairs, square, errors, labelOf) = (pairs, kernels.labelSquares[t], errors, labelOf)
    let memory = switches.memory
    func sample(_ j: Int) -> SIMD4<Double> {
      let (e, y) = (Double(errors[j]), Double(labelOf[j]))
      return law.probabilityOn(memory: memory[j]) * SIMD4(abs(e + y), e * e, y * e, y * y)
    }
    return ControlledSums(count: pairs) { j in
      0.5 * (sample(j) + sample(j + pairs)) - SIMD4(0, known.square, known.alignment, square)
    }
  }

  /// Appends the kicks s e.
  private mutating func kick(_ t: Int) {
    switches.advance(to: t)
    for j in errors.indices where !switches.isOn[j] { errors[j] = 0 }
    kicks.append(errors)
  }
}
