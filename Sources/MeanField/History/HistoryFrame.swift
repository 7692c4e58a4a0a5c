internal import Foundation
package import NumericalKit

/// An orthonormal frame a_r(s), r = 1 ... n, of the past times s: what the theory sums over past
/// steps, Σ_s f(s) g(s), it may sum over the rows f_r = Σ_s a_r(s) f(s). `[frame.rows]`
///
/// Recent steps have a row each. The further in the past, the longer are the blocks in which steps
/// stand together, and a block keeps the polynomials of degree < p on it: kernels are smooth in the
/// past. Two neighbours merge when they lie `width` times their length back, so that there are
/// about p w log2(T/w) rows at T steps. Pinned steps keep a row of their own for ever.
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

    /// A combination of the functions, over the steps of the block.
    func combined(_ weights: ArraySlice<Double>) -> [Double] {
      var sum = [Double](repeating: 0, count: length)
      for (weight, function) in zip(weights, functions) {
        DenseVector.add(weight, function, to: &sum)
      }
      return sum
    }
  }

  /// How finely the past is resolved.
  package struct Resolution: Sendable, Equatable {
    /// w: a block of L steps lies at least about w L steps back.
    package var width: Int
    /// p: functions of a block of at least p steps.
    package var degree: Int
    /// What a merge may throw away of a signal, as a root mean square over the steps of the block.
    package var tolerance: Double

    /// A resolution; without a tolerance no block keeps more functions than p.
    package init(width: Int, degree: Int, tolerance: Double = .infinity) {
      self.width = width
      self.degree = degree
      self.tolerance = tolerance
    }

    /// The resolution of width 4 with the least degree, 2 or more, of which no exponential misses
    /// more than `largest`: 2/√(2πp) (4w)^-p of its largest value. `[frame.degree]`
    package init(tolerance: Double, missing largest: Double) {
      let width = 4
      func missed(_ degree: Int) -> Double {
        2 / (2 * .pi * Double(degree)).squareRoot() * pow(Double(4 * width), -Double(degree))
      }
      var degree = 2
      while missed(degree) > largest { degree += 1 }
      self.init(width: width, degree: degree, tolerance: tolerance)
    }

    /// The resolution whose rows there is room for: blocks may keep further functions.
    fileprivate var roomy: Resolution {
      var copy = self
      if tolerance < .infinity { copy.degree = max(degree, 4) }
      return copy
    }

    /// p w log2(T/w), the rows after so many steps where few blocks keep further functions.
    func typicalRows(steps: Double) -> Double {
      Double(degree * width) * max(1, log2(steps / Double(width)))
    }
  }

  /// Steps between merges.
  private static let interval = 4

  let resolution: Resolution
  let pinned: Set<Int>
  private var blocks: [Block] = []
  /// Steps so far.
  package private(set) var steps = 0
  /// Rows so far, n.
  package private(set) var rows = 0
  /// The most that a merge threw away of a signal.
  package private(set) var largestLoss = 0.0
  /// The most rows that there will be.
  package let mostRows: Int

  /// An empty frame for up to `steps` steps, of which those in `pinned` are never merged.
  package init(_ resolution: Resolution, steps: Int, pinned: Set<Int> = [0]) {
    precondition(resolution.width >= 2 && resolution.degree >= 1)
    self.resolution = resolution
    self.pinned = pinned
    let least = Self.rows(resolution.roomy, steps: steps, pins: pinned.count)
    mostRows = resolution.tolerance < .infinity ? min(steps + 1, least + least / 2) : least
  }

  /// The most rows of a frame of that many steps at any time, `pins` of them pinned, if no block
  /// keeps more functions than p.
  private static func rows(_ resolution: Resolution, steps: Int, pins: Int) -> Int {
    let (w, p) = (resolution.width, resolution.degree)
    var rows = min(steps, w + 4)
    var length = 2
    while length * w < 2 * steps {
      rows += (w + 3) * min(p, length)
      length *= 2
    }
    return min(steps, rows + interval + pins * (1 + p)) + 1
  }

  /// Adds the next step, as a row of its own.
  package mutating func push() {
    blocks.append(
      Block(first: steps, length: 1, functions: [[1]], isPinned: pinned.contains(steps)))
    steps += 1
    rows += 1
  }

  /// All merges that are due, one after the other: every few steps, as the noise of younger rows
  /// turns with each `[frame.rotation]`. Signals as in `merge`.
  package mutating func merges(_ signals: @autoclosure () -> [[Double]]) -> [RowMerge] {
    guard steps % Self.interval == 0 else { return [] }
    var signals = signals()
    var merges = [RowMerge]()
    while let merge = merge(signals) {
      signals = signals.map { merge.applied(to: $0) }
      merges.append(merge)
    }
    return merges
  }

  /// Merges the oldest two neighbours that lie far enough in the past, and says how rows change;
  /// nil if there are none.
  ///
  /// The block keeps further functions until the merge throws away no more of the `signals`, each
  /// over all rows, than the tolerance, as far as there is room.
  package mutating func merge(_ signals: [[Double]] = []) -> RowMerge? {
    var first = 0
    for index in blocks.indices.dropLast() {
      let (older, younger) = (blocks[index], blocks[index + 1])
      if !older.isPinned, !younger.isPinned,
        steps - younger.end >= resolution.width * (older.length + younger.length - 1)
      {
        return merge(index, firstRow: first, signals)
      }
      first += older.rows
    }
    return nil
  }

  private mutating func merge(
    _ index: Int, firstRow: Int, _ signals: [[Double]]
  ) -> RowMerge {
    let (older, younger) = (blocks[index], blocks[index + 1])
    let (length, before) = (older.length + younger.length, older.rows + younger.rows)
    let parts = signals.map { Array($0[firstRow..<firstRow + before]) }
    let least = Self.rows(resolution.roomy, steps: steps, pins: pinned.count)
    let room = least + least / 3
    var kept = [[Double]]()  // orthonormal combinations of the functions of both blocks
    var degree = 0
    var left = 0.0
    while kept.count < before {
      if degree >= min(resolution.degree, length) {
        left = Self.largestRemainder(of: parts, beyond: kept, length: length)
        if left <= resolution.tolerance || rows - before + kept.count >= room { break }
      }
      let polynomial = Self.polynomial(degree, length)
      degree += 1
      let projected =
        older.functions.map { DenseVector.dot($0[...], polynomial[..<older.length]) }
        + younger.functions.map { DenseVector.dot($0[...], polynomial[older.length...]) }
      if let next = Self.orthonormal(projected, to: kept) { kept.append(next) }
    }
    largestLoss = max(largestLoss, kept.count == before ? 0 : left)
    let functions = kept.map { weights in
      older.combined(weights[..<older.rows]) + younger.combined(weights[older.rows...])
    }
    blocks.replaceSubrange(
      index...index + 1,
      with: [Block(first: older.first, length: length, functions: functions, isPinned: false)])
    rows += kept.count - before
    return RowMerge(
      first: firstRow, before: before, after: kept.count, map: kept.flatMap { $0 })
  }

  /// The largest root mean square, over the steps of a block, of what combinations leave of the
  /// signals.
  private static func largestRemainder(
    of signals: [[Double]], beyond kept: [[Double]], length: Int
  ) -> Double {
    signals.map { signal in
      var rest = signal
      for row in kept { DenseVector.add(-DenseVector.dot(row, signal), row, to: &rest) }
      return (DenseVector.dot(rest, rest) / Double(length)).squareRoot()
    }.max() ?? 0
  }

  /// The part of a vector that is orthogonal to orthonormal others, of length 1; nil if there is
  /// hardly any.
  private static func orthonormal(_ vector: [Double], to others: [[Double]]) -> [Double]? {
    var rest = vector
    for _ in 0..<2 {
      for other in others { DenseVector.add(-DenseVector.dot(rest, other), other, to: &rest) }
    }
    let norm = DenseVector.dot(rest, rest).squareRoot()
    return norm > 1e-6 ? rest.map { $0 / norm } : nil
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

  /// Σ_s a_r(s) over the steps from `first` on, for all rows. With the rows of f this is the sum of
  /// f(s) over these steps, exact if `first` is pinned: blocks have a constant. `[aging.sum]`
  package func sums(from first: Int) -> [Double] {
    blocks.flatMap { block in
      block.functions.map { $0.dropFirst(max(first - block.first, 0)).reduce(0, +) }
    }
  }

  /// The Legendre polynomial of a degree on 0 ..< length, of mean square 1/2 or so: its span with
  /// those of lower degree counts.
  private static func polynomial(_ degree: Int, _ length: Int) -> [Double] {
    (0..<length).map { step in
      let x = Double(2 * step + 1 - length) / Double(length)
      var (before, value) = (0.0, 1.0)
      for n in 0..<degree {
        let next = (Double(2 * n + 1) * x * value - Double(n) * before) / Double(n + 1)
        (before, value) = (value, next)
      }
      return value
    }
  }
}
