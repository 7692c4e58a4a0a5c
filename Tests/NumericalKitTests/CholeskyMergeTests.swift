import NumericalKit
import Testing

@Suite("Growing Cholesky factor: merges and updates")
struct CholeskyMergeTests {
  /// A covariance of vectors, one for each row.
  private func covariance(_ vectors: [[Double]]) -> [[Double]] {
    Merges.product(vectors, Merges.transposed(vectors))
  }

  private func factor(_ a: [[Double]]) -> GrowingCholesky {
    var factor = GrowingCholesky(capacity: a.count + 2, tolerance: 1e-10)
    for (i, row) in a.enumerated() { factor.append(row[..<i], diagonal: row[i]) }
    return factor
  }

  /// L, square.
  private func lower(_ factor: GrowingCholesky) -> [[Double]] {
    (0..<factor.count).map {
      factor.row($0) + [Double](repeating: 0, count: factor.count - 1 - $0)
    }
  }

  /// Expects L' L'ᵀ = P A Pᵀ, Q Qᵀ = 1, P L = L' Q and that the new factor still grows and solves.
  private func expectMerge(
    _ vectors: [[Double]], _ merge: RowMerge, dropped: [Int] = [],
    _ location: SourceLocation = #_sourceLocation
  ) {
    let a = covariance(vectors)
    let n = a.count
    var factor = factor(a)
    let before = lower(factor)
    let rotation = factor.merge([merge])
    let after = lower(factor)
    let p = merge.matrix(rows: n)
    #expect(factor.count == n - merge.loss, sourceLocation: location)
    #expect(
      rotation.first == merge.first && rotation.before == n - merge.first
        && rotation.after == rotation.before - merge.loss, sourceLocation: location)
    let expected = Merges.product(p, Merges.product(a, Merges.transposed(p)))
    #expect(
      Merges.distance(Merges.product(after, Merges.transposed(after)), expected) < 1e-12,
      sourceLocation: location)
    let m = rotation.before
    let q = (0..<m).map { Array(rotation.matrix[$0 * m..<($0 + 1) * m]) }
    #expect(
      Merges.distance(Merges.product(q, Merges.transposed(q)), Merges.identity(m)) < 1e-13,
      sourceLocation: location)
    #expect(
      Merges.distance(
        Merges.product(p, before),
        Merges.product(after, rotation.kept.matrix(rows: n))) < 1e-12, sourceLocation: location)
    #expect(
      (0..<factor.count).filter { factor.isDropped($0) } == dropped, sourceLocation: location)
    for i in 0..<factor.count {
      #expect(factor.isDropped(i) || factor.row(i)[i] > 0, sourceLocation: location)
    }
    expectGrowth(factor, Merges.product(p, vectors), location)
  }

  /// Expects that a row can be appended, and equations be solved, as if all had been appended.
  private func expectGrowth(
    _ factor: GrowingCholesky, _ vectors: [[Double]], _ location: SourceLocation
  ) {
    var factor = factor
    let next = Merges.numbers(vectors[0].count, 9)
    let all = covariance(vectors + [next])
    let n = vectors.count
    factor.append(all[n][..<n], diagonal: all[n][n])
    let x = Merges.numbers(n + 1, 10)
    // A applied to numbers on the rows that are kept, on the range of A.
    let known = (0...n).map { factor.isDropped($0) ? 0 : x[$0] }
    var found = Merges.product(all, known.map { [$0] }).map { $0[0] }
    factor.solve(&found)
    #expect(Merges.distance([found], [known]) < 1e-8, sourceLocation: location)
  }

  @Test(
    "covariances, noise and equations after a merge", arguments: [0, 2, 4], [1, 2, 3, 4])
  func merges(first: Int, after: Int) {
    expectMerge(Merges.rows(8, 12, 2), Merges.merge(first, 4, to: after))
  }

  @Test("one merge after another")
  func twice() {
    let vectors = Merges.rows(9, 12, 2)
    var factor = factor(covariance(vectors))
    let first = Merges.merge(1, 4, to: 2)
    let second = Merges.merge(2, 3, to: 2)
    let one = factor.merge([first]).kept.matrix(rows: 9)
    let two = factor.merge([second]).kept.matrix(rows: 7)
    let p = Merges.product(second.matrix(rows: 7), first.matrix(rows: 9))
    let l = lower(self.factor(covariance(vectors)))
    #expect(
      Merges.distance(
        Merges.product(p, l), Merges.product(lower(factor), Merges.product(two, one))) < 1e-12)
  }

  @Test("several merges at once: the same covariance, one rotation")
  func together() {
    let vectors = Merges.rows(9, 12, 2)
    let merges = [Merges.merge(1, 4, to: 2), Merges.merge(4, 3, to: 2), Merges.merge(0, 2, to: 1)]
    var (one, all) = (factor(covariance(vectors)), factor(covariance(vectors)))
    for merge in merges { one.merge([merge]) }
    let rotation = all.merge(merges)
    #expect(rotation.first == 0 && rotation.before == 9 && rotation.after == 5)
    #expect(Merges.distance(lower(one), lower(all)) < 1e-12)
    var p = Merges.identity(9)
    for merge in merges { p = Merges.product(merge.matrix(rows: p.count), p) }
    let before = lower(factor(covariance(vectors)))
    #expect(
      Merges.distance(
        Merges.product(p, before),
        Merges.product(lower(all), rotation.kept.matrix(rows: 9))) < 1e-12)
  }

  @Test("rows that are appended after several merges merge as any others")
  func appended() {
    let vectors = Merges.rows(9, 12, 2)
    let merges = [Merges.merge(1, 4, to: 2), Merges.merge(4, 3, to: 2), Merges.merge(0, 2, to: 1)]
    var factor = factor(covariance(vectors))
    factor.merge(merges)
    var all = vectors
    for merge in merges { all = Merges.product(merge.matrix(rows: all.count), all) }
    all += Merges.rows(4, 12, 8)
    let a = covariance(all)
    for n in factor.count..<9 { factor.append(a[n][..<n], diagonal: a[n][n]) }
    var fresh = self.factor(a)
    #expect(Merges.distance(lower(factor), lower(fresh)) < 1e-12)
    factor.merge([Merges.merge(3, 4, to: 2)])
    fresh.merge([Merges.merge(3, 4, to: 2)])
    #expect(Merges.distance(lower(factor), lower(fresh)) < 1e-12)
  }

  @Test("a row of a merge that reaches less far than the one before it")
  func reach() {
    let vectors = (0..<8).map { i in (0..<12).map { $0 == i ? 1.0 : 0 } }
    let r = 0.5.squareRoot()
    expectMerge(
      vectors,
      RowMerge(first: 1, before: 4, after: 2, map: [0.5, 0.5, 0.5, 0.5, 0, r, -r, 0]))
  }

  @Test("a row that depends on others has no column, before and after a merge")
  func dependent() {
    var vectors = Merges.rows(8, 12, 2)
    vectors[5] = zip(vectors[0], vectors[1]).map { $0 - 2 * $1 }
    expectMerge(vectors, Merges.merge(2, 2, to: 1), dropped: [4])
    // The merged row takes the place of the dependent one, which is part of it.
    expectMerge(vectors, Merges.merge(4, 3, to: 2))
    // Rows 2 and 3 are the same: of two combinations of them the second is the first one again.
    vectors = Merges.rows(8, 12, 2)
    vectors[3] = vectors[2]
    expectMerge(vectors, Merges.merge(2, 2, to: 2), dropped: [3])
    expectMerge(vectors, Merges.merge(2, 3, to: 2))
  }

  @Test("rows that vanish")
  func vanishing() {
    var vectors = Merges.rows(8, 12, 2)
    for row in [2, 3, 4] { vectors[row] = vectors[row].map { _ in 0 } }
    expectMerge(vectors, Merges.merge(2, 2, to: 1), dropped: [2, 3])
    expectMerge(vectors, Merges.merge(3, 3, to: 2), dropped: [2, 4])
    expectMerge(vectors, Merges.merge(1, 2, to: 1), dropped: [2, 3])
  }

  // MARK: Updates

  /// Expects the factor of A + E Eᵀ.
  private func expectUpdate(
    _ vectors: [[Double]], _ addition: [[Double]], dropped: [Int] = [],
    _ location: SourceLocation = #_sourceLocation
  ) {
    var factor = factor(covariance(vectors))
    factor.update(adding: addition.flatMap { $0 }, width: addition[0].count)
    let together = zip(vectors, addition).map { $0 + $1 }
    let found = lower(factor)
    #expect(
      Merges.distance(
        Merges.product(found, Merges.transposed(found)), covariance(together)) < 1e-12,
      sourceLocation: location)
    #expect(
      (0..<factor.count).filter { factor.isDropped($0) } == dropped, sourceLocation: location)
    expectGrowth(factor, together, location)
  }

  @Test("updates of rank 1 to 3, from any row on", arguments: [1, 2, 3], [0, 3, 6])
  func update(rank: Int, first: Int) {
    var addition = Merges.rows(7, rank, 6)
    for row in 0..<first { addition[row] = addition[row].map { _ in 0 } }
    expectUpdate(Merges.rows(7, 12, 2), addition)
  }

  @Test("an update of nothing changes nothing")
  func nothing() {
    let vectors = Merges.rows(5, 12, 2)
    var factor = factor(covariance(vectors))
    let before = lower(factor)
    factor.update(adding: [Double](repeating: 0, count: 10), width: 2)
    #expect(lower(factor) == before)
  }

  @Test("a dependent row becomes one of its own, unless what is added depends as well")
  func updateOfDependentRows() {
    var vectors = Merges.rows(7, 12, 2)
    vectors[3] = zip(vectors[0], vectors[1]).map { $0 - 2 * $1 }
    var addition = Merges.rows(7, 2, 6)
    expectUpdate(vectors, addition)
    addition[3] = zip(addition[0], addition[1]).map { $0 - 2 * $1 }
    expectUpdate(vectors, addition, dropped: [3])
    vectors[5] = vectors[5].map { _ in 0 }
    addition[5] = [0, 0]
    expectUpdate(vectors, addition, dropped: [3, 5])
    addition[5] = [0, 0.1]
    expectUpdate(vectors, addition, dropped: [3])
  }
}
