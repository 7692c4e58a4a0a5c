import Foundation
import MeanField
import NumericalKit
import Testing

/// When merges of a frame are due, and in which order. `[frame.merge]`
@Suite("Frame of the past: merges")
struct HistoryFrameMergesTests {
  @Test("all merges that are due: signals follow, rows stay few, and nothing is due in between")
  func due() {
    let resolution = HistoryFrame.Resolution(width: 3, degree: 2, tolerance: 1e-4)
    var frame = HistoryFrame(resolution, steps: 300)
    var signal = [Double]()
    var sum = 0.0  // of squares, of what is kept: merges lose little of a smooth signal
    for step in 0..<300 {
      signal.append(exp(-0.01 * Double(step)))
      sum += signal[signal.count - 1] * signal[signal.count - 1]
      frame.push()
      let merges = frame.merges([signal])
      #expect(merges.isEmpty || (step + 1) % 4 == 0)
      for merge in merges { signal = merge.applied(to: signal) }
      #expect(signal.count == frame.rows && frame.rows <= frame.mostRows)
      #expect(abs(DenseVector.dot(signal, signal) - sum) < 1e-4 * sum)
      if (step + 1) % 4 == 0 { #expect(frame.merge([signal]) == nil) }
    }
    #expect(frame.rows < 60)
  }

  /// Noise as a signal: what a merge keeps depends on it, and on what earlier merges made of it.
  @Test("all merges that are due are those that are asked for one by one")
  func dueOneByOne() {
    var stream = RandomStream(seed: 6, purpose: .fieldNoise)
    let resolution = HistoryFrame.Resolution(width: 2, degree: 1, tolerance: 0.3)
    var (all, single) = (
      HistoryFrame(resolution, steps: 200), HistoryFrame(resolution, steps: 200)
    )
    var signal = [Double]()
    var most = 0
    for step in 1...200 {
      signal.append(0.4 * stream.normal())
      all.push()
      single.push()
      let due = all.merges([signal])
      most = max(most, due.count)
      var found = [RowMerge]()
      while step % 4 == 0, let merge = single.merge([signal]) {
        signal = merge.applied(to: signal)
        found.append(merge)
      }
      #expect(due.map(\.first) == found.map(\.first) && due.map(\.map) == found.map(\.map))
      #expect(all.rows == single.rows && all.largestLoss == single.largestLoss)
    }
    #expect(most > 1)
  }

  /// Orthonormal polynomials of degree < p on each block, made at once; a block is the steps that
  /// share the first function of `columns`.
  private func polynomials(_ columns: [[Double]], degree: Int) -> (lengths: [Int], rows: [[Double]])
  {
    let first = columns.map { row in row.firstIndex { $0 != 0 } ?? -1 }
    let blocks = Dictionary(grouping: columns.indices) { first[$0] }.values
      .sorted { $0[0] < $1[0] }
    var rows = [[Double]]()
    for block in blocks {
      let centre = Double(block[0] + block[block.count - 1]) / 2
      var found = [[Double]]()
      for power in 0..<min(degree, block.count) {
        var row = columns.map { _ in 0.0 }
        for s in block {
          row[s] = (0..<power).reduce(1) { x, _ in x * (Double(s) - centre) / Double(block.count) }
        }
        for _ in 0..<2 {
          for other in found { DenseVector.add(-DenseVector.dot(row, other), other, to: &row) }
        }
        let norm = DenseVector.dot(row, row).squareRoot()
        found.append(row.map { $0 / norm })
      }
      rows += found
    }
    return (blocks.map(\.count), rows)
  }

  /// Σ_rq a_r(s) C_rq a_q(s') for s' <= s, flat.
  private func expanded(_ kernel: [[Double]], _ columns: [[Double]]) -> [Double] {
    columns.indices.flatMap { s in
      let row = kernel[0].indices.map { q in
        kernel.indices.reduce(0.0) { $0 + columns[s][$1] * kernel[$1][q] }
      }
      return (0...s).map { DenseVector.dot(row, columns[$0]) }
    }
  }

  /// Merges that wait for more steps join blocks of other lengths on the way. A kernel is in the
  /// end what a projection of all its history on the last blocks is. `[frame.merge]`
  @Test("the order of merges does not matter", arguments: HistoryFrame.resolutions)
  func orderOfMerges(resolution: HistoryFrame.Resolution) {
    let steps = 120
    let values = (0..<steps).map { t in
      var stream = RandomStream(seed: 4, purpose: .fieldNoise, index: UInt64(t))
      return (0...t).map { _ in stream.normal() }
    }
    var orders = Set<[Int]>()
    for interval in [1, 7, 30, steps] {
      var frame = HistoryFrame(resolution, steps: steps, pinned: [])
      var kernel = TwoTimeKernel(units: 1, capacity: steps, shape: .symmetric)
      var merges = [RowMerge]()
      for t in 0..<steps {
        frame.push()
        // The row over all rows of the past, projected as they have been.
        let columns = frame.columns
        kernel.append([
          columns[0].indices.map { r in
            (0...t).reduce(0.0) { $0 + values[t][$1] * columns[$1][r] }
          }
        ])
        guard (t + 1) % interval == 0 else { continue }
        while let merge = frame.merge() {
          kernel.merge(merge)
          merges.append(merge)
        }
      }
      orders.insert(merges.flatMap { [$0.first, $0.before] })
      let columns = frame.columns
      let (lengths, rows) = polynomials(columns, degree: resolution.degree)
      #expect(rows.count == frame.rows && lengths.contains { $0 > 4 })
      let all = (0..<steps).map { t in
        (0..<steps).map { values[max(t, $0)][min(t, $0)] }
      }
      let expected = rows.map { a in
        rows.map { b in DenseVector.dot(a, all.map { DenseVector.dot($0, b) }) }
      }
      let found = (0..<frame.rows).map { r in (0..<frame.rows).map { kernel[r, $0] } }
      let direct = expanded(expected, columns.indices.map { s in rows.map { $0[s] } })
      let distance = zip(expanded(found, columns), direct).map { abs($0 - $1) }.max() ?? .infinity
      #expect(distance < 1e-12, "\(resolution), every \(interval) steps: \(distance)")
    }
    #expect(orders.count == 4)
  }
}
