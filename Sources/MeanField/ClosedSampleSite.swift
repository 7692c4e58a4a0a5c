internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Exact averages over data points for the square loss on a perceptron. `[sample.covariance]`
///
/// With the error e = h - y linear in the field, everything follows from moments weighted by a
/// Markov sample mask (density b, correlation r), κ(k) = b + (1 - b) r^k:
///   Y(t, s) = E[s_t ∂e(t)/∂ζ(s)]/√Δ, V_a(t) = E[s_t e(t) | a], X(t, t') = E[s_t s_t' e(t) e(t')].
/// A teacher's ν and φ take the place of the clusters. `[sample.teacher]` Cost O(t²) per step.
struct ClosedSampleSite: SampleSite {
  /// What e is made of besides ζ: a cluster with V_a, or ν and φ with E[s_t e(t) ν], E[s_t e(t) φ].
  private let parts: [Cluster]
  private let teacher: Teacher?
  private let field: FieldCovariance
  private let alpha: Double
  private let variance: Double
  private let sigma: Double
  private let mask: any SwitchLaw
  private let correlation: Double
  private var kappa = [1.0]
  private var response: TwoTimeKernel  // Y
  private var overlap: [[Double]] = []  // V, [t][a]
  private var covariance: TwoTimeKernel  // X

  /// Whether a problem's sample site is closed.
  static func applies(to dynamics: Dynamics) -> Bool {
    dynamics.problem.network is Perceptron && dynamics.problem.loss is SquareLoss
      && dynamics.gates == nil && dynamics.sampleSwitches.correlation != nil
      && !dynamics.rule.update.learnsFromErrorsOnly
      && dynamics.data.hasCommonVariance
  }

  init(_ dynamics: Dynamics) {
    precondition(
      Self.applies(to: dynamics),
      "closed sample site: square loss, perceptron, Markov mask, one variance")
    teacher = dynamics.data.teacher
    // ω = m - c along ν and -τ along φ. `[sample.teacher]`
    parts =
      teacher.map { teacher in
        [(1.0, teacher.alignment), (0.0, teacher.remainder)].map {
          Cluster(probability: 1, centre: [$0], label: $1, variance: 1)
        }
      } ?? dynamics.data.clusters
    field = dynamics.fields
    alpha = dynamics.samplesPerWeight
    variance = dynamics.data.variance
    sigma = dynamics.strength(at: 0)
    mask = dynamics.sampleSwitches
    correlation = dynamics.sampleSwitches.correlation ?? 0
    response = TwoTimeKernel(units: 1, capacity: dynamics.grid.steps, shape: .causal)
    covariance = TwoTimeKernel(units: 1, capacity: dynamics.grid.steps, shape: .symmetric)
  }

  /// The training set at one time.
  struct Observed: SampleObservation {
    let training: SampleValues
    let masked: MaskedMoments?
    fileprivate let time: Int
  }

  /// Training loss: the same moments without the mask of the current step. `[sample.loss]`
  mutating func observe(_ weights: WeightKernels, at t: Int) -> Observed {
    let b = mask.density
    while kappa.count <= t + 1 {
      let power = (kappa[kappa.count - 1] - b) * correlation
      kappa.append(b == 1 ? 1 : b + power)
    }
    let moments = moments(weights, at: t, masked: false)
    let gaussian = gaussianFields(
      moments, missing: variance * field.dropped * weights.correlation[t, t])
    var training: SampleValues = [
      .trainingLoss: 0.5 * moments.square, .optimalWeightNoise: alpha * variance,
    ]
    guard !mask.isFull else {
      training[.trainingError] = gaussian.error
      training[.activity] = gaussian.activity
      return Observed(training: training, masked: nil, time: t)
    }
    let learning = overlap(
      omega(weights, at: t), b, recalled: recalled(memory(weights, at: t), kappa))
    let masked = MaskedMoments(
      square: moments.square, alignment: aligned(moments.overlap),
      learningAlignment: aligned(learning),
      gaussianError: gaussian.error)
    return Observed(training: training, masked: masked, time: t)
  }

  /// Error and activity of fields h that are Gaussian within each cluster, or given ν and φ, as
  /// those of a full batch are. `[observable.training]` The activity is that of learning passes,
  /// whose fields have the variance `missing` in addition.
  private func gaussianFields(
    _ moments: Moments, missing: Double
  ) -> (error: Double, activity: Double) {
    var spread = moments.square
    for (part, mean) in zip(parts, moments.overlap) { spread -= part.probability * mean * mean }
    let deviation = max(spread, 0).squareRoot()
    let learningDeviation = (max(spread, 0) + missing).squareRoot()
    var (error, activity) = (0.0, 0.0)
    if let teacher {
      func field(_ deviation: Double) -> TeacherField {
        TeacherField(
          teacher, onSignal: teacher.alignment + moments.overlap[0],
          onRest: teacher.remainder + moments.overlap[1], deviation: deviation)
      }
      (error, activity) = (field(deviation).error, field(learningDeviation).meanSize)
    } else {
      for (cluster, mean) in zip(parts, moments.overlap) {
        let field = cluster.label + mean
        error +=
          cluster.probability
          * NormalDistribution.probabilityNegative(
            mean: cluster.label * field, deviation: deviation)
        activity +=
          cluster.probability
          * NormalDistribution.meanSize(mean: field, deviation: learningDeviation)
      }
    }
    return (error, activity)
  }

  mutating func respond(to observed: consuming Observed, _ weights: WeightKernels) -> SampleRow {
    let t = observed.time
    let moments = moments(weights, at: t, masked: true)
    response.append([moments.response])
    overlap.append(moments.overlap)
    covariance.append([moments.covariance + [moments.square]])
    let directions = weights.magnetisation[0][0].indices
    let drive = directions.map { p in
      var sum = 0.0
      for (part, v) in zip(parts, moments.overlap) {
        sum += part.probability * part.centre[p] * v
      }
      return alpha * sigma * sum
    }
    var row = SampleRow(
      drive: [drive],
      covariance: [covariance.row(t, width: t + 1).map { alpha * sigma * sigma * variance * $0 }],
      response: [moments.response.map { alpha * sigma * variance * $0 }])
    if teacher != nil { row.separateSignal(weights) }
    row.dropInputs(field.dropped)
    return row
  }

  mutating func merge(_ merge: RowMerge) { preconditionFailure("not yet") }

  private struct Moments {
    var response: [Double]  // Y(t, 0...t)
    var overlap: [Double]  // V_a(t)
    var covariance: [Double]  // X(t, 0..<t)
    var square: Double  // X(t, t)
  }

  /// The recursions for time t, weighted by s_t (`masked`) or by 1.
  private func moments(_ weights: WeightKernels, at t: Int, masked: Bool) -> Moments {
    let prefactor = masked ? mask.density : 1
    let kappa = masked ? self.kappa : [Double](repeating: 1, count: t + 2)
    let memory = memory(weights, at: t)
    let recalled = recalled(memory, kappa)

    // Y(t, s) = Δ σ Σ_s' R(t, s') κ(t - s') Y(s', s), Y(t, t) = b. `[sample.response]`
    let response = self.response.multiplyTransposed(recalled[...]) + [prefactor]

    let omega = omega(weights, at: t)
    let overlap = overlap(omega, prefactor, recalled: recalled)

    // X(t, t') for t' < t. `[sample.covariance]`
    let fieldRow = weights.fieldRow(t, field)
    var covariance = self.response.multiply(fieldRow.before[...])
    for s in 0..<t {
      var drift = 0.0
      for a in parts.indices { drift += parts[a].probability * omega[a] * self.overlap[s][a] }
      covariance[s] = kappa[t - s] * (drift + variance * covariance[s])
    }
    addEcho(memory, kappa, to: &covariance)

    // X(t, t); nothing is left out of the network of the last step if that is observed.
    // `[site.dropout]`
    let whole = fieldRow.variance - (masked ? 0 : field.dropped * weights.correlation[t, t])
    var square = variance * DenseVector.dot(fieldRow.before + [whole], response)
    for a in parts.indices { square += parts[a].probability * omega[a] * overlap[a] }
    square += DenseVector.dot(memory, covariance)
    return Moments(response: response, overlap: overlap, covariance: covariance, square: square)
  }

  /// Δ σ R(t, s), s < t.
  private func memory(_ weights: WeightKernels, at t: Int) -> [Double] {
    weights.response.row(t, width: t).map { variance * sigma * $0 }
  }

  /// Δ σ R(t, s) κ(t - s), s < t.
  private func recalled(_ memory: [Double], _ kappa: [Double]) -> [Double] {
    memory.indices.map { memory[$0] * kappa[memory.count - $0] }
  }

  /// ω_a(t) = B_a m(t) - y_a.
  private func omega(_ weights: WeightKernels, at t: Int) -> [Double] {
    parts.map { $0.mean(weights.magnetisation[t][0][...]) - $0.label }
  }

  /// V(t) = b ω(t) + Δ σ Σ_s R(t, s) κ(t - s) V(s), or with `prefactor` for b. `[sample.overlap]`
  private func overlap(_ omega: [Double], _ prefactor: Double, recalled: [Double]) -> [Double] {
    parts.indices.map { a in
      var sum = prefactor * omega[a]
      for s in recalled.indices { sum += recalled[s] * self.overlap[s][a] }
      return sum
    }
  }

  /// E[y x] of an x with averages `overlap`, one per cluster, or with ν and φ.
  private func aligned(_ overlap: [Double]) -> Double {
    zip(parts, overlap).reduce(0) { $0 + $1.0.probability * $1.0.label * $1.1 }
  }

  /// X(t, t') += Σ_s Δ σ R(t, s) κ(t - max(s, t')) X(s, t').
  private func addEcho(_ memory: [Double], _ kappa: [Double], to row: inout [Double]) {
    let t = memory.count
    var late = [Double](repeating: 0, count: t)  // terms with s < t', which share κ(t - t')
    for s in 0..<t {
      let weight = memory[s]
      let recalled = weight * kappa[t - s]
      let column = covariance.row(s, width: t)
      let first = column.startIndex
      for u in 0...s { row[u] += recalled * column[first + u] }
      for u in (s + 1)..<max(t, s + 1) { late[u] += weight * column[first + u] }
    }
    for u in 0..<t { row[u] += kappa[t - u] * late[u] }
  }
}
