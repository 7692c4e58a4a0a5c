import NumericalKit
import Testing

/// Products of a triangle with several vectors at once, against loops.
@Suite("Lower triangle")
struct LowerTriangleTests {
  private static func numbers(_ count: Int, _ seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .check, index: 0)
    return (0..<count).map { _ in stream.uniform() - 0.5 }
  }

  private static let triangle: LowerTriangle = {
    var triangle = LowerTriangle(rows: 9)
    for a in 0..<9 { triangle[row: a] = numbers(a + 1, UInt64(a)) }
    return triangle
  }()

  @Test("products of the first rows, from a row on", arguments: [0, 3])
  func products(first: Int) {
    let (n, a) = (7, Self.triangle)
    let (u, v) = ([Self.numbers(n, 20), Self.numbers(n, 21)], [Self.numbers(n, 22)])
    let (right, left) = a.products(right: u, left: v, first: first)
    for i in 0..<n {
      for k in 0..<2 {
        let sum = (0...i).reduce(0) { $0 + a[i, $1] * u[k][$1] }
        #expect(abs(right[k][i] - (i < first ? 0 : sum)) < 1e-15)
      }
      let sum = (max(i, first)..<n).reduce(0) { $0 + a[$1, i] * v[0][$1] }
      #expect(abs(left[0][i] - sum) < 1e-15)
    }
  }

  @Test("sums of products added to the first rows, from a row on", arguments: [0, 3])
  func addProducts(first: Int) {
    let n = 7
    let pairs = (0..<2).map {
      (u: Self.numbers(n, 30 + UInt64($0)), x: Self.numbers(n, 40 + UInt64($0)))
    }
    var changed = Self.triangle
    changed.addProducts(pairs, first: first)
    for a in 0..<9 {
      for c in 0...a {
        let added =
          (first..<n).contains(a) ? pairs.reduce(0) { $0 + $1.u[a] * $1.x[c] } : 0
        #expect(abs(changed[a, c] - Self.triangle[a, c] - added) < 1e-15)
      }
    }
    changed.add(2, Self.triangle[row: 8], toRow: 8)
    #expect(abs(changed[8, 3] - 3 * Self.triangle[8, 3]) < 1e-15)
  }

  @Test("the lower half of a kernel; no rows")
  func kernel() {
    var kernel = TwoTimeKernel(units: 1, capacity: 3, shape: .symmetric)
    for row in [[1.0], [2, 3], [4, 5, 6]] { kernel.append([row]) }
    let triangle = LowerTriangle(kernel)
    #expect(triangle[row: 2] == [4, 5, 6] && triangle[1, 0] == 2 && triangle.rows == 3)
    #expect(triangle.products(right: [[]], left: []).right == [[]])
  }
}
