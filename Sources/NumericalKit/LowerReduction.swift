/// How the noise of a Gaussian vector turns when its rows are merged. `[frame.rotation]`
public struct NoiseRotation: Sendable {
  /// The first noise row that turns.
  public let first: Int
  /// Noise rows that turn.
  public let before: Int
  /// Noise rows that take their place; of the other combinations nothing is made any more.
  public let after: Int
  /// Q, the orthonormal combinations, row-major, `before` x `before`, those that are kept in front.
  public let matrix: [Double]

  /// The noise rows that are kept, as a merge.
  public var kept: RowMerge {
    RowMerge(first: first, before: before, after: after, map: Array(matrix[..<(after * before)]))
  }
}

/// A matrix with at least as many columns as rows, turned into a lower triangle: A = L Q with
/// orthonormal Q, by Householder reflections. `[frame.rotation]`
///
/// A row that depends on those before it has no column of its own: its diagonal is 0, and so is
/// everything below. Cost O(rows columns w) for rows that reach w columns beyond the triangle.
struct LowerReduction {
  private let columns: Int
  private var work: [Double]
  private var turned: [Double]
  private var order: [Int] = []
  /// Columns of Q that are not those of a unit matrix yet.
  private var reach = 0
  /// Whether the diagonal of a row is 0.
  private(set) var isDropped: [Bool] = []

  /// Reduces a row-major matrix; `norms` are the squared lengths of its rows with what stands left
  /// of them, and what is below the fraction `tolerance` of these counts as 0.
  init(_ matrix: [Double], columns: Int, norms: [Double], tolerance: Double) {
    precondition(norms.count <= columns && matrix.count == norms.count * columns)
    self.columns = columns
    work = matrix
    turned = [Double](repeating: 0, count: columns * columns)
    for i in 0..<columns { turned[i * columns + i] = 1 }
    var owned = [Int?]()
    var next = 0
    for (i, norm) in norms.enumerated() {
      var rest = 0.0
      for j in next..<columns { rest += work[i * columns + j] * work[i * columns + j] }
      guard rest > tolerance * norm else {
        for j in next..<columns { work[i * columns + j] = 0 }
        owned.append(nil)
        continue
      }
      var end = columns
      while work[i * columns + end - 1] == 0 { end -= 1 }
      reflect(row: i, of: norms.count, columns: next..<end, length: rest.squareRoot())
      owned.append(next)
      next += 1
    }
    var unused = Array(next..<columns)
    order = owned.map { $0 ?? unused.removeFirst() } + unused
    isDropped = owned.map { $0 == nil }
  }

  /// L(i, j).
  func lower(_ i: Int, _ j: Int) -> Double { work[i * columns + order[j]] }

  /// Q, row-major: its first rows belong to the columns of L.
  var rotation: [Double] { order.flatMap { turned[$0 * columns..<($0 + 1) * columns] } }

  /// Turns what a row has in some columns into the first of them alone, a positive number.
  private mutating func reflect(row i: Int, of rows: Int, columns range: Range<Int>, length: Double)
  {
    let (columns, next, size) = (columns, range.lowerBound, range.count)
    reach = max(reach, range.upperBound)
    let reach = reach
    unsafe work.withUnsafeMutableBufferPointer { work in
      unsafe turned.withUnsafeMutableBufferPointer { turned in
        let start = i * columns + next
        // The reflection to the far side loses no digits.
        let sign = unsafe work[start] < 0 ? 1.0 : -1.0
        var normal = (0..<size).map { unsafe work[start + $0] }
        normal[0] -= sign * length
        let scale = 2 / DenseVector.dot(normal, normal)
        for j in i..<rows {
          let row = j * columns + next
          var along = 0.0
          for c in 0..<size { unsafe along += normal[c] * work[row + c] }
          along *= scale
          for c in 0..<size { unsafe work[row + c] -= along * normal[c] }
          if sign < 0 { unsafe work[row] = -work[row] }
        }
        for c in 1..<max(size, 1) { unsafe work[start + c] = 0 }
        var along = [Double](repeating: 0, count: reach)
        for c in 0..<size {
          let (row, factor) = ((next + c) * columns, scale * normal[c])
          for j in 0..<reach { unsafe along[j] += factor * turned[row + j] }
        }
        for c in 0..<size {
          let row = (next + c) * columns
          for j in 0..<reach { unsafe turned[row + j] -= normal[c] * along[j] }
        }
        if sign < 0 { for j in 0..<reach { unsafe turned[next * columns + j].negate() } }
      }
    }
  }
}
