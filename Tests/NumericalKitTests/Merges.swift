import NumericalKit

/// Merges of rows and plain matrices for tests. `[frame.merge]`
enum Merges {
  /// Normal numbers, row-major.
  static func numbers(_ count: Int, _ index: UInt64) -> [Double] {
    var stream = RandomStream(seed: 5, purpose: .fieldNoise, index: index)
    return (0..<count).map { _ in stream.normal() }
  }

  /// Rows of normal numbers.
  static func rows(_ count: Int, _ width: Int, _ index: UInt64) -> [[Double]] {
    let numbers = numbers(count * width, index)
    return (0..<count).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  /// A merge by orthonormal rows without zeros.
  static func merge(_ first: Int, _ before: Int, to after: Int) -> RowMerge {
    var found = [[Double]]()
    for row in rows(after, before, 1) {
      var next = row
      for _ in 0..<2 {
        for earlier in found {
          DenseVector.add(-DenseVector.dot(next, earlier), earlier, to: &next)
        }
      }
      let norm = DenseVector.dot(next, next).squareRoot()
      found.append(next.map { $0 / norm })
    }
    return RowMerge(first: first, before: before, after: after, map: found.flatMap { $0 })
  }

  /// A B.
  static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    a.map { row in
      b[0].indices.map { j in row.indices.reduce(0.0) { $0 + row[$1] * b[$1][j] } }
    }
  }

  /// Aᵀ.
  static func transposed(_ a: [[Double]]) -> [[Double]] {
    a[0].indices.map { j in a.map { $0[j] } }
  }

  /// 1.
  static func identity(_ n: Int) -> [[Double]] {
    (0..<n).map { i in (0..<n).map { $0 == i ? 1 : 0 } }
  }

  /// The largest difference of two matrices; infinity if their sizes differ.
  static func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
    guard a.map(\.count) == b.map(\.count) else { return .infinity }
    return zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? 0
  }
}

extension RowMerge {
  /// P on all of `rows` flat rows, `units` to a row of the merge.
  func matrix(rows: Int, units: Int = 1) -> [[Double]] {
    let left = rows - units * loss
    return (0..<left).map { a in
      (0..<rows).map { b in
        let (i, j) = (a / units - first, b / units - first)
        guard a % units == b % units else { return 0 }
        if i < 0 { return a == b ? 1 : 0 }
        if i >= after { return b == a + units * loss ? 1 : 0 }
        return j >= 0 && j < before ? map[i * before + j] : 0
      }
    }
  }
}
