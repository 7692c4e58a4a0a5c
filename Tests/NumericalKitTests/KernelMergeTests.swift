import NumericalKit
import Testing

@Suite("Two-time kernels: merges")
struct KernelMergeTests {
  private static let times = 7
  private static let shapes = [TwoTimeKernel.Shape.symmetric, .causal]

  private func kernel(_ shape: TwoTimeKernel.Shape, _ units: Int) -> TwoTimeKernel {
    var kernel = TwoTimeKernel(units: units, capacity: Self.times + 1, shape: shape)
    for t in 0..<Self.times {
      var rows = Merges.rows(units, (t + 1) * units, UInt64(20 + t))
      if shape == .symmetric {
        for k in 0..<units {
          for l in 0..<k { rows[k][t * units + l] = rows[l][t * units + k] }
        }
      }
      kernel.append(rows)
    }
    return kernel
  }

  /// All entries there is room for, or those of the first rows and columns.
  private func entries(_ kernel: TwoTimeKernel, _ count: Int? = nil) -> [[Double]] {
    let count = count ?? kernel.capacity * kernel.units
    return (0..<count).map { a in (0..<count).map { kernel[a, $0] } }
  }

  /// Expects these entries and nothing beyond them.
  private func expect(
    _ kernel: TwoTimeKernel, _ expected: [[Double]],
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(kernel.count == expected.count, sourceLocation: location)
    let all = entries(kernel)
    let room = all.indices.map { a in
      all.indices.map { a < expected.count && $0 < expected.count ? expected[a][$0] : 0 }
    }
    #expect(Merges.distance(all, room) < 1e-13, sourceLocation: location)
  }

  @Test(
    "in both arguments; what was there before is gone", arguments: shapes, [1, 2, 3])
  func both(shape: TwoTimeKernel.Shape, units: Int) {
    for merge in [
      Merges.merge(0, 3, to: 2), Merges.merge(1, 4, to: 2), Merges.merge(2, 3, to: 3),
      Merges.merge(5, 2, to: 1),
    ] {
      var kernel = kernel(shape, units)
      let p = merge.matrix(rows: kernel.count, units: units)
      let expected = Merges.product(
        p, Merges.product(entries(kernel, kernel.count), Merges.transposed(p)))
      kernel.merge(merge)
      expect(kernel, expected)
      let x = Merges.numbers(kernel.count, 7)
      let product = Merges.product(expected, x.map { [$0] }).map { $0[0] }
      #expect(Merges.distance([kernel.multiply(x[...])], [product]) < 1e-12)
    }
  }

  @Test("a time that is appended after a merge", arguments: shapes, [1, 2])
  func append(shape: TwoTimeKernel.Shape, units: Int) {
    var kernel = kernel(shape, units)
    kernel.merge(Merges.merge(1, 4, to: 2))
    let before = entries(kernel, kernel.count)
    var rows = Merges.rows(units, kernel.count + units, 40)
    for k in 0..<units {
      for l in 0..<k { rows[k][kernel.count + l] = rows[l][kernel.count + k] }
    }
    kernel.append(rows)
    let above = before.indices.map { a in
      before[a] + rows.map { shape == .symmetric ? $0[a] : 0 }
    }
    expect(kernel, above + rows)
  }

  @Test("rows by one map, columns by another one", arguments: [1, 2])
  func separately(units: Int) {
    for (rows, columns) in [
      (Merges.merge(1, 3, to: 2), Merges.merge(0, 6, to: 5)),
      (Merges.merge(3, 4, to: 2), Merges.merge(1, 3, to: 1)),
    ] {
      var kernel = kernel(.causal, units)
      let flat = (
        rows.flat(units: units),
        Merges.merge(
          columns.first, columns.before * units, to: columns.after * units)
      )
      let expected = Merges.product(
        flat.0.matrix(rows: kernel.count),
        Merges.product(
          entries(kernel, kernel.count), Merges.transposed(flat.1.matrix(rows: kernel.count))))
      kernel.merge(rows: [flat.0], columns: [flat.1])
      expect(kernel, expected)
    }
  }

  @Test("rows by two merges, columns by one", arguments: [TwoTimeKernel.Shape.causal, .symmetric])
  func oneAfterAnother(shape: TwoTimeKernel.Shape) {
    let rows = [Merges.merge(0, 3, to: 2), Merges.merge(2, 2, to: 1)]
    let columns = [Merges.merge(1, 5, to: 3)]
    var kernel = kernel(shape, 1)
    var expected = entries(kernel, kernel.count)
    for merge in rows {
      expected = Merges.product(merge.matrix(rows: expected.count), expected)
    }
    expected = Merges.product(
      expected, Merges.transposed(columns[0].matrix(rows: expected[0].count)))
    kernel.merge(rows: rows, columns: columns)
    expect(kernel, expected)
  }

  @Test(
    "scaling takes merged rows above the diagonal as well", arguments: shapes, [0, 2])
  func scale(shape: TwoTimeKernel.Shape, first: Int) {
    var kernel = kernel(shape, 1)
    kernel.merge(Merges.merge(1, 4, to: 3))
    var expected = entries(kernel, kernel.count)
    #expect(shape == .symmetric || expected[1][3] != 0)
    for a in expected.indices {
      for b in expected.indices where a >= first || shape == .symmetric && b >= first {
        expected[a][b] *= 0.5
      }
    }
    kernel.scale(rowsFrom: first, by: 0.5)
    expect(kernel, expected)
  }
}
