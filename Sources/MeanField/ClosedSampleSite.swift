internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Exact averages over data points for the square loss on a perceptron. `[sample.covariance]`
///
/// With the error e = h - y linear in the field, everything follows from moments weighted by a
/// sample mask of density b_t and κ(t, s) = P(on at t | on at s) `[schedule.recall]`:
///   Y(t, s) = E[s_t ∂e(t)/∂ζ(s)]/√Δ, V_a(t) = E[s_t e(t) | a], X(t, t') = E[s_t s_t' e(t) e(t')].
/// They stand in `SquareLossTables`. A teacher's ν and φ take the place of the clusters.
/// `[sample.teacher]` Cost O(t²) per step.
struct ClosedSampleSite: SampleSite {
  /// What e is made of besides ζ: a cluster with V_a, or ν and φ with E[s_t e(t) ν], E[s_t e(t) φ].
  let parts: [Cluster]
  private let teacher: Teacher?
  private let field: FieldCovariance
  let alpha: Double
  let variance: Double
  let strengths: [Double]  // σ_t
  let mask: any SwitchLaw
  private(set) var tables: any SquareLossTables

  /// Whether a problem's sample site is closed.
  static func applies(to dynamics: Dynamics) -> Bool {
    dynamics.problem.network is Perceptron && dynamics.problem.loss is SquareLoss
      && dynamics.gates == nil && dynamics.sampleSwitches.recall(after: 0) != nil
      && !dynamics.rule.update.learnsFromErrorsOnly
      && dynamics.data.hasCommonVariance
  }

  /// - Parameter frameRows: the most rows of a frame; nil if each step keeps its own.
  init(_ dynamics: Dynamics, frameRows: Int?) {
    precondition(
      Self.applies(to: dynamics),
      "closed sample site: square loss, perceptron, a mask with known pairs of steps, one variance")
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
    strengths = (0..<dynamics.grid.steps).map { dynamics.strength(at: $0) }
    mask = dynamics.sampleSwitches
    let weights = parts.map(\.probability)
    tables =
      if let frameRows {
        FramedSquareLossTables(mask, parts: weights, variance: variance, rows: frameRows)
      } else {
        StepwiseSquareLossTables(
          mask, parts: weights, variance: variance, steps: dynamics.grid.steps)
      }
  }

  /// The training set at one time.
  struct Observed: SampleObservation {
    let training: SampleValues
    let masked: MaskedMoments?
  }

  /// Training loss: the same moments without the mask of the current step. `[sample.loss]`
  mutating func observe(_ weights: WeightKernels, at t: Int) -> Observed {
    let present = present(weights, at: weights.past, step: weights.time)
    let moments = tables.moments(present, masked: false)
    let gaussian = gaussianFields(moments, missing: variance * present.dropped)
    var training: SampleValues = [
      .trainingLoss: 0.5 * moments.square, .optimalWeightNoise: alpha * variance,
      .samplesUsed: mask.density(at: t),
    ]
    guard !mask.isFull else {
      training[.trainingError] = gaussian.error
      training[.activity] = gaussian.activity
      return Observed(training: training, masked: nil)
    }
    let learning = tables.overlap(present, masked: true)
    let masked = MaskedMoments(
      square: moments.square, alignment: aligned(moments.overlap),
      learningAlignment: aligned(learning),
      gaussianError: gaussian.error)
    return Observed(training: training, masked: masked)
  }

  /// Error and activity of fields h that are Gaussian within each cluster, or given ν and φ, as
  /// those of a full batch are. `[observable.training]` The activity is that of learning passes,
  /// whose fields have the variance `missing` in addition.
  private func gaussianFields(
    _ moments: SquareLossMoments, missing: Double
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
    let moments = tables.moments(
      present(weights, at: weights.past, step: weights.time), masked: true)
    let (sigma, relative) = (strengths[0], strengths[weights.time] / strengths[0])
    tables.append(moments, strength: relative)
    let directions = weights.magnetisation[0][0].indices
    let drive = directions.map { p in
      var sum = 0.0
      for (part, v) in zip(parts, moments.overlap) {
        sum += part.probability * part.centre[p] * v
      }
      return alpha * sigma * sum * relative
    }
    var row = SampleRow(
      drive: [drive],
      covariance: [
        (moments.covariance.map { $0 * relative } + [moments.square * relative * relative])
          .map { alpha * sigma * sigma * variance * $0 }
      ],
      response: [moments.response.map { alpha * sigma * variance * $0 * relative }])
    if teacher != nil { row.separateSignal(weights) }
    row.dropInputs(field.dropped)
    return row
  }

  mutating func merge(_ merges: [RowMerge]) {
    for merge in merges { tables.merge(merge) }
  }

  var closed: [ClosedSampleSite] { [self] }

  /// What the recursions need of row t, which is that of a step.
  func present(_ weights: WeightKernels, at t: Int, step: Int) -> SquareLossPresent {
    let row = weights.fieldRow(t, field, at: step)
    return SquareLossPresent(
      memory: weights.response.row(t, width: t).map { variance * strengths[0] * $0 },
      // ω_a(t) = B_a m(t) - y_a.
      omega: parts.map { $0.mean(weights.magnetisation[t][0][...]) - $0.label },
      before: row.before, variance: row.variance,
      dropped: field.dropped * weights.correlation[t, t])
  }

  /// E[y x] of an x with averages `overlap`, one per cluster, or with ν and φ.
  private func aligned(_ overlap: [Double]) -> Double {
    zip(parts, overlap).reduce(0) { $0 + $1.0.probability * $1.0.label * $1.1 }
  }
}
