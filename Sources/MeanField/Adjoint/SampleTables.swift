internal import LearningProblem
internal import NumericalKit

/// What the march leaves behind of one closed sample site: the tables Y, V, X of its kicks, κ, and
/// what its fields see of the weights. `[schedule.samples]`
struct SampleTables: Sendable {
  let site: ClosedSampleSite
  /// What the weight sites count its answers with: π of its cluster, or 1 for all samples.
  let share: Double
  /// m, C^a and R^a.
  let weights: WeightKernels
  private let tables: StepwiseSquareLossTables
  /// Y.
  let response: LowerTriangle
  /// V of each part, over time.
  let overlap: [[Double]]
  /// X.
  let covariance: LowerTriangle
  /// κ(t, u).
  let recall: LowerTriangle

  /// Takes the tables of `site`, in which each step has its row.
  init(_ site: ClosedSampleSite, share: Double, _ weights: WeightKernels) {
    guard let tables = site.tables as? StepwiseSquareLossTables else {
      preconditionFailure("each step keeps a row of its own")
    }
    self.site = site
    self.share = share
    self.weights = weights
    self.tables = tables
    response = LowerTriangle(tables.response)
    covariance = LowerTriangle(tables.covariance)
    overlap = site.parts.indices.map { a in tables.overlap.map { $0[a] } }
    var recall = LowerTriangle(rows: tables.overlap.count)
    var now = SwitchRecall(site.mask)
    for t in 0..<recall.rows {
      recall[row: t] = now.values
      if t + 1 < recall.rows { now.advance() }
    }
    self.recall = recall
  }

  /// Bytes beside those of the march.
  static func bytes(steps: Int) -> Double { 3 * LowerTriangle.bytes(rows: steps) }

  /// What the recursions need of time t.
  func present(at t: Int) -> SquareLossPresent { site.present(weights, at: t, step: t) }

  /// σ of the start, which the tables are in units of.
  var unit: Double { site.strengths[0] }

  /// Moments of the whole training set at time t, whether samples are on or not. `[sample.loss]`
  func observed(_ present: SquareLossPresent) -> SquareLossMoments {
    tables.moments(present, masked: false)
  }

  /// Moments weighted by the switch of step t, as the march found them.
  func moments(at t: Int) -> (response: [Double], overlap: [Double], covariance: [Double]) {
    let strength = site.strengths[t] / unit
    return (
      response[row: t].map { $0 / strength }, overlap.map { $0[t] / strength },
      covariance[row: t].dropLast().map { $0 / strength }
    )
  }
}
