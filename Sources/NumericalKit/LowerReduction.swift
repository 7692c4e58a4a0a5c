/// How the noise of a Gaussian vector turns when its rows are merged. `[frame.rotation]`
public struct NoiseRotation: Sendable {
  /// Orthonormal combinations of noise rows that take the place of these.
  public let kept: RowMerge
  /// The other combinations, orthogonal to those, of which nothing is made any more; each over the
  /// rows that were replaced.
  public let lost: [[Double]]
}

/// A matrix with at least as many columns as rows, turned into a lower triangle: A = L Q with
/// orthonormal Q, by Householder reflections. `[frame.rotation]`
///
/// A row that depends on those before it has no column of its own: its diagonal is 0, and so is
/// everything below. Cost O(rows columns²).
struct LowerReduction {
  /// L, of as many columns as there are rows.
  private(set) var lower: [[Double]]
  /// Q, square: its first rows belong to the columns of L.
  private(set) var rotation: [[Double]]
  /// Whether the diagonal of a row is 0.
  private(set) var isDropped: [Bool]

  /// Reduces `rows`, of squared lengths `norms` with what stands left of them; what is below the
  /// fraction `tolerance` of these counts as 0.
  init(_ rows: [[Double]], columns: Int, norms: [Double], tolerance: Double) {
    precondition(rows.count <= columns && rows.allSatisfy { $0.count == columns })
    var work = rows
    var turned = (0..<columns).map { i in (0..<columns).map { $0 == i ? 1.0 : 0.0 } }
    var owned = [Int?]()
    var next = 0
    for i in rows.indices {
      let rest = next < columns ? DenseVector.dot(work[i][next...], work[i][next...]) : 0
      guard rest > tolerance * norms[i] else {
        for j in next..<columns { work[i][j] = 0 }
        owned.append(nil)
        continue
      }
      // The reflection that turns the rest of the row into its first entry.
      let length = work[i][next] < 0 ? rest.squareRoot() : -rest.squareRoot()
      var normal = Array(work[i][next...])
      normal[0] -= length
      let scale = 2 / DenseVector.dot(normal, normal)
      for j in i..<rows.count {
        let along = scale * DenseVector.dot(normal[...], work[j][next...])
        for c in normal.indices { work[j][next + c] -= along * normal[c] }
      }
      for j in next + 1..<max(columns, next + 1) { work[i][j] = 0 }
      var along = [Double](repeating: 0, count: columns)
      for c in normal.indices { DenseVector.add(scale * normal[c], turned[next + c], to: &along) }
      for c in normal.indices { DenseVector.add(-normal[c], along, to: &turned[next + c]) }
      // A positive diagonal.
      if length < 0 {
        for j in i..<rows.count { work[j][next] = -work[j][next] }
        turned[next] = turned[next].map { -$0 }
      }
      owned.append(next)
      next += 1
    }
    var unused = Array(next..<columns)
    let order = owned.map { $0 ?? unused.removeFirst() }
    lower = work.map { row in order.map { row[$0] } }
    rotation = (order + unused).map { turned[$0] }
    isDropped = owned.map { $0 == nil }
  }
}
