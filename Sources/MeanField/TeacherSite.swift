internal import LearningProblem
internal import NumericalKit

extension SampleRow {
  /// Makes χ act on the part of w orthogonal to the signal, at no change to the weight sites:
  /// drive_k := μ_k - Σ_(s <= t) Σ_l χ_kl(t, s) m_l(s), the coefficient of v in G.
  /// `[kernel.teacher]`
  mutating func separateSignal(_ weights: WeightKernels) {
    for k in drive.indices {
      for p in drive[k].indices {
        let overlaps = weights.magnetisation.flatMap { $0.map { $0[p] } }
        drive[k][p] -= DenseVector.dot(response[k], overlaps)
      }
    }
  }
}

/// The Gaussian part of one field: its covariance with earlier ones, its variance, and how far
/// rounding may move that.
struct FieldRow {
  let before: [Double]
  let variance: Double
  let rounding: Double
}

extension WeightKernels {
  /// Row a of the covariance of the fields in the learning pass of a step, from C and m.
  /// `[site.teacher]` `[site.dropout]` `[site.weightnoise]`
  func fieldRow(_ a: Int, _ field: FieldCovariance, at step: Int) -> FieldRow {
    let units = correlation.units
    let own = magnetisation[a / units][a % units]
    let now = a / units * units
    var before = correlation.row(a, width: a).enumerated().map { b, entry in
      field.between(entry, own, magnetisation[b / units][b % units])
    }
    for b in now..<a { before[b] += field.dropped * correlation[a, b] }
    return FieldRow(
      before: before,
      variance: field.variance(correlation[a, a], own, at: step)
        + field.dropped * correlation[a, a],
      rounding: field.rounding(correlation[a, a]))
  }
}
