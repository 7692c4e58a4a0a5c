internal import LearningProblem
internal import NumericalKit

/// What a teacher's labels are made of, as rows over the pairs of an ensemble. `[sampling.teacher]`
///
/// They stand in front of the noise of the fields and are orthonormalised with it, so that all
/// second moments of ν, y and the noise are exact. Members of a pair have opposite ν and y.
enum TeacherRows {
  /// ν as a combination of the rows; none without a teacher.
  static func signal(_ teacher: Teacher?) -> [Double] {
    switch teacher?.labels {
    case nil: []
    case .regression: teacher?.noise == 0 ? [1] : [1, 0]
    case .sign: [teacher?.alignment ?? 0, teacher?.remainder ?? 0]
    }
  }

  /// The rows of one batch, not yet orthonormal: ν and ξ for regression, y and ν for signs.
  static func rows(_ teacher: Teacher?, pairs: Int, seed: UInt64, batch: Int) -> [[Double]] {
    guard let teacher else { return [] }
    var stream = RandomStream(seed: seed, purpose: .theoryTeacher, index: UInt64(batch))
    let nu = stratified(pairs, &stream)
    switch teacher.labels {
    case .regression: return teacher.noise == 0 ? [nu] : [nu, stratified(pairs, &stream)]
    case .sign: return [nu.map { teacher.label(signal: $0, noise: 0) }, nu]
    }
  }

  /// The labels of a block: those of the first members of its pairs, then of the second.
  static func labels(_ teacher: Teacher, _ rows: RowBlock) -> [Double] {
    let first = (0..<rows.width).map { pair in
      teacher.label(signal: rows[0, pair], noise: teacher.noise == 0 ? 0 : rows[1, pair])
    }
    return first + first.map { -$0 }
  }

  /// ν and y of the first members of all pairs of a batch, not made orthonormal.
  static func samples(
    _ teacher: Teacher, pairs: Int, seed: UInt64, batch: Int
  ) -> (signals: [Double], labels: [Double]) {
    let rows = rows(teacher, pairs: pairs, seed: seed, batch: batch)
    switch teacher.labels {
    case .sign: return (rows[1], rows[0])
    case .regression:
      let noise = rows.count > 1 ? rows[1] : rows[0].map { _ in 0 }
      return (rows[0], zip(rows[0], noise).map { teacher.label(signal: $0, noise: $1) })
    }
  }

  /// Normal numbers, one from each of `count` intervals of equal probability, in random order.
  private static func stratified(_ count: Int, _ stream: inout RandomStream) -> [Double] {
    let order = (0..<count).shuffled(using: &stream)
    return order.map {
      NormalDistribution.quantile((Double($0) + stream.uniform()) / Double(count))
    }
  }
}
