/// Adjacent rows of a table that are replaced by fewer ones: rows `first ..< first + before` of x
/// by the `after` rows P x, with P Pᵀ = 1. `[frame.merge]`
///
/// A row may stand for `units` flat rows, one behind the other; each of them is merged with its
/// like.
public struct RowMerge: Sendable, Equatable {
  /// The first row that is replaced.
  public let first: Int
  /// Rows that are replaced.
  public let before: Int
  /// Rows that replace them.
  public let after: Int
  /// P, row-major, `after` x `before`.
  public let map: [Double]

  /// A merge by the map P.
  public init(first: Int, before: Int, after: Int, map: [Double]) {
    precondition(
      first >= 0 && 0 < after && after <= before && map.count == after * before,
      "\(before) rows from \(first) on become \(after), by \(map.count) numbers")
    self.first = first
    self.before = before
    self.after = after
    self.map = map
  }

  /// By how many rows the table shrinks.
  public var loss: Int { before - after }

  /// The same merge of a table with `count` more rows in front.
  public func shifted(by count: Int) -> RowMerge {
    RowMerge(first: first + count, before: before, after: after, map: map)
  }

  /// The same merge of flat rows, `units` to a row.
  public func flat(units: Int) -> RowMerge {
    guard units > 1 else { return self }
    var flat = [Double](repeating: 0, count: map.count * units * units)
    for i in 0..<after {
      for j in 0..<before {
        for k in 0..<units {
          flat[(i * units + k) * before * units + j * units + k] = map[i * before + j]
        }
      }
    }
    return RowMerge(
      first: first * units, before: before * units, after: after * units, map: flat)
  }

  /// The entries of a column after the merge.
  public func applied(to column: [Double]) -> [Double] {
    var result = Array(column[..<first])
    for i in 0..<after {
      var sum = 0.0
      for j in 0..<before { sum += map[i * before + j] * column[first + j] }
      result.append(sum)
    }
    return result + column[(first + before)...]
  }

  /// The weights that a combination of rows after the merge gives to those before it: Pᵀ c.
  public func spread(_ weights: [Double]) -> [Double] {
    var part = [Double](repeating: 0, count: before)
    for i in 0..<after {
      DenseVector.add(weights[first + i], map[i * before..<(i + 1) * before], to: &part)
    }
    return weights[..<first] + part + weights[(first + after)...]
  }

  /// Replaces rows of a row-major table of `width` columns by their merge, in place; `rows` of them
  /// are there before. What is left behind the last row is not changed.
  func apply(to table: inout [Double], rows: Int, width: Int, stride: Int) {
    precondition(first + before <= rows && width <= stride && rows * stride <= table.count)
    var merged = [Double](repeating: 0, count: after * width)
    unsafe table.withUnsafeMutableBufferPointer { x in
      for i in 0..<after {
        for j in 0..<before where map[i * before + j] != 0 {
          let (factor, source) = (map[i * before + j], (first + j) * stride)
          for c in 0..<width { unsafe merged[i * width + c] += factor * x[source + c] }
        }
      }
      for i in 0..<after {
        let target = (first + i) * stride
        for c in 0..<width { unsafe x[target + c] = merged[i * width + c] }
      }
      guard loss > 0, let base = x.baseAddress else { return }
      for row in first + before..<max(rows, first + before) {
        unsafe base.advanced(by: (row - loss) * stride).update(
          from: base.advanced(by: row * stride), count: width)
      }
    }
  }
}
