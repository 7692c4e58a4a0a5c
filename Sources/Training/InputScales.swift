internal import LearningProblem
internal import NumericalKit

/// √f of each coordinate of the inputs, as all clusters or each by itself have it.
/// `[inputs.model]` `[inputs.clusters]`
struct InputScales: Sendable {
  /// A row over the coordinates that all clusters share, or one for each cluster; none where inputs
  /// are alike.
  let rows: [[Double]]

  /// √f of the coordinates in cluster `a`; empty where inputs are alike.
  func values(ofCluster a: Int) -> [Double] {
    rows.count > 1 ? rows[a] : rows.first ?? []
  }

  /// √f x of each coordinate in cluster `a`.
  func scaled(_ vector: [Double], inCluster a: Int) -> [Double] {
    let values = values(ofCluster: a)
    return values.isEmpty ? vector : zip(values, vector).map { $0 * $1 }
  }

  /// |√f v| of a signal of length √d: the standard deviation of v·x with a teacher, whose data have
  /// one cluster. `[inputs.teacher]`
  func length(_ signal: [Double]) -> Double {
    let own = scaled(signal, inCluster: 0)
    return rows.isEmpty
      ? Double(signal.count).squareRoot() : DenseVector.dot(own, own).squareRoot()
  }
}
