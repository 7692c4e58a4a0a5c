package import NumericalKit

/// An orthonormal frame a_r(s), r = 1 ... n, of the past times s: what the theory sums over past
/// steps, Σ_s f(s) g(s), it may sum over the rows f_r = Σ_s a_r(s) f(s). `[frame.rows]`
///
/// Recent steps have a row each. The further in the past, the longer are the blocks in which steps
/// stand together, and a block keeps the polynomials of degree < p on it: kernels are smooth in the
/// past. Two neighbours merge when they lie `width` times their length back, so that there are about
/// p w log2(T/w) rows at T steps. Pinned steps keep a row of their own for ever.
package struct HistoryFrame: Sendable {
  /// Steps that stand together, and the orthonormal functions on them.
  private struct Block: Sendable {
    let first: Int
    let length: Int
    /// a_r(s) at index s of function r.
    let functions: [[Double]]
    let isPinned: Bool
    var end: Int { first + length }
    var rows: Int { functions.count }
  }

  /// How finely the past is resolved.
  package struct Resolution: Sendable, Equatable {
    /// w: a block of L steps lies at least about w L steps back.
    package var width: Int
    /// p: functions of a block of at least p steps.
    package var degree: Int

    package init(width: Int, degree: Int) {
      self.width = width
      self.degree = degree
    }
  }

  let resolution: Resolution
  let pinned: Set<Int>
  private var blocks: [Block] = []
  /// Steps so far.
  package private(set) var steps = 0
  /// Rows so far, n.
  package private(set) var rows = 0

  /// An empty frame in which the steps `pinned` are never merged.
  package init(_ resolution: Resolution, pinned: Set<Int> = [0]) {
    precondition(resolution.width >= 2 && resolution.degree >= 1)
    self.resolution = resolution
    self.pinned = pinned
  }

  /// The most rows that a frame of that many steps has at any time, `pins` of them pinned.
  package static func mostRows(_ resolution: Resolution, steps: Int, pins: Int = 1) -> Int {
    let (w, p) = (resolution.width, resolution.degree)
    var rows = min(steps, w + 4)
    var length = 2
    while length * w < 2 * steps {
      rows += (w + 3) * min(p, length)
      length *= 2
    }
    return min(steps, rows + pins * (1 + p)) + 1
  }

  /// Adds the next step, as a row of its own.
  package mutating func push() {
    blocks.append(
      Block(first: steps, length: 1, functions: [[1]], isPinned: pinned.contains(steps)))
    steps += 1
    rows += 1
  }

  /// Merges the oldest two neighbours that lie far enough in the past, and says how rows change;
  /// nil if there are none.
  package mutating func merge() -> RowMerge? {
    var first = 0
    for index in blocks.indices.dropLast() {
      let (older, younger) = (blocks[index], blocks[index + 1])
      if !older.isPinned, !younger.isPinned,
        steps - younger.end >= resolution.width * (older.length + younger.length - 1)
      {
        return merge(index, firstRow: first)
      }
      first += older.rows
    }
    return nil
  }

  private mutating func merge(_ index: Int, firstRow: Int) -> RowMerge {
    let (older, younger) = (blocks[index], blocks[index + 1])
    let parts = [(older, 0), (younger, older.length)]
    let before = older.rows + younger.rows
    let length = older.length + younger.length
    let polynomials = Self.polynomials(length, count: min(resolution.degree, length))
    var map = [Double]()
    for polynomial in polynomials {
      for (block, start) in parts {
        for function in block.functions {
          map.append(
            DenseVector.dot(function[...], polynomial[start..<start + block.length]))
        }
      }
    }
    blocks.replaceSubrange(
      index...index + 1,
      with: [
        Block(first: older.first, length: length, functions: polynomials, isPinned: false)
      ])
    rows += polynomials.count - before
    return RowMerge(
      first: firstRow, before: before, after: polynomials.count, map: map)
  }

  /// a_r(s) of a past step s over all rows: Σ_r a_r(s) f_r is f(s), projected.
  package func row(of step: Int) -> [Double] {
    precondition(step < steps, "step \(step) of \(steps)")
    return blocks.flatMap { block in
      block.functions.map {
        step >= block.first && step < block.end ? $0[step - block.first] : 0
      }
    }
  }

  /// Orthonormal polynomials of degree 0, 1, ... on 0 ..< length.
  static func polynomials(_ length: Int, count: Int) -> [[Double]] {
    let points = (0..<length).map { Double(2 * $0 + 1 - length) / Double(length) }
    var found: [[Double]] = []
    for degree in 0..<count {
      // x times the one before is independent of all; made orthogonal twice, against rounding.
      var next = degree == 0 ? points.map { _ in 1 } : zip(points, found[degree - 1]).map(*)
      for _ in 0..<2 {
        for earlier in found {
          DenseVector.add(-DenseVector.dot(next, earlier), earlier, to: &next)
        }
      }
      let norm = DenseVector.dot(next, next).squareRoot()
      found.append(next.map { $0 / norm })
    }
    return found
  }
}
