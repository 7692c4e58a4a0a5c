import Foundation
import MeanField
import NumericalKit
import Testing

/// The frame of the past alone. `[frame.rows]` `[frame.merge]`
@Suite("Frame of the past")
struct HistoryFrameTests {
  static let resolutions = [(2, 1), (2, 3), (3, 2), (4, 4), (8, 5)].map {
    HistoryFrame.Resolution(width: $0.0, degree: $0.1)
  }

  /// A frame after some steps; `merged` sees each merge.
  private func frame(
    _ resolution: HistoryFrame.Resolution, steps: Int, pinned: Set<Int> = [0],
    merged: (RowMerge, Int) -> Void = { _, _ in }, pushed: (Int) -> Void = { _ in }
  ) -> HistoryFrame {
    var frame = HistoryFrame(resolution, steps: steps, pinned: pinned)
    for _ in 0..<steps {
      frame.push()
      pushed(frame.rows)
      while let merge = frame.merge() { merged(merge, frame.steps) }
    }
    return frame
  }

  /// Aᵀ: a_r(s) at index r of row s.
  private func columns(_ frame: HistoryFrame) -> [[Double]] {
    (0..<frame.steps).map { frame.row(of: $0) }
  }

  @Test("there is room for blocks of four functions at least")
  func room() {
    func most(_ degree: Int) -> Int {
      let resolution = HistoryFrame.Resolution(width: 4, degree: degree, tolerance: 1e-9)
      return HistoryFrame(resolution, steps: 5000).mostRows
    }
    #expect(most(2) == most(4) && most(3) == most(4) && most(5) > most(4))
  }

  @Test("rows are orthonormal at any time", arguments: resolutions)
  func orthonormal(resolution: HistoryFrame.Resolution) {
    var frame = HistoryFrame(resolution, steps: 150)
    for steps in 1...150 {
      frame.push()
      while frame.merge() != nil {}
      guard steps < 40 || steps % 10 == 0 else { continue }
      let columns = columns(frame)
      #expect(columns.allSatisfy { $0.count == frame.rows })
      for r in 0..<frame.rows {
        for q in 0...r {
          let sum = columns.reduce(0.0) { $0 + $1[r] * $1[q] }
          #expect(abs(sum - (r == q ? 1 : 0)) < 1e-12, "rows \(r), \(q) at \(steps) steps")
        }
      }
    }
  }

  @Test(
    "polynomials of degree < p come back exactly, the next one does not", arguments: resolutions)
  func polynomials(resolution: HistoryFrame.Resolution) {
    let steps = 200
    let columns = columns(frame(resolution, steps: steps))
    for degree in 0...resolution.degree {
      func value(_ step: Int) -> Double {
        (0..<degree).reduce(1) { power, _ in power * (Double(step) / Double(steps) - 0.4) }
      }
      let rows = columns[0].indices.map { r in
        columns.enumerated().reduce(0.0) { $0 + $1.1[r] * value($1.0) }
      }
      let error = columns.enumerated().map { abs(DenseVector.dot($1, rows) - value($0)) }.max() ?? 0
      #expect(degree < resolution.degree ? error < 1e-13 : error > 1e-9, "\(degree): \(error)")
    }
  }

  @Test("merges take the rows of a function to those of the frame", arguments: resolutions)
  func merges(resolution: HistoryFrame.Resolution) {
    var stream = RandomStream(seed: 2, purpose: .fieldNoise)
    let values = (0..<200).map { _ in stream.normal() }
    var rows = [Double]()
    var frame = HistoryFrame(resolution, steps: values.count)
    for value in values {
      frame.push()
      rows.append(value)
      while let merge = frame.merge() { rows = merge.applied(to: rows) }
    }
    let columns = columns(frame)
    let expected = columns[0].indices.map { r in
      zip(values, columns).reduce(0.0) { $0 + $1.0 * $1.1[r] }
    }
    #expect(rows.count == expected.count)
    #expect(zip(rows, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("maps are orthonormal, and square where no more than p steps stand together")
  func maps() {
    for resolution in Self.resolutions {
      let p = resolution.degree
      var isLossless = [Bool]()
      _ = frame(resolution, steps: 300) { merge, _ in
        let rows = (0..<merge.after).map {
          merge.map[$0 * merge.before..<($0 + 1) * merge.before]
        }
        for i in rows.indices {
          for j in 0...i {
            #expect(abs(DenseVector.dot(rows[i], rows[j]) - (i == j ? 1 : 0)) < 1e-12)
          }
        }
        // Blocks of fewer than p steps have a row for each.
        #expect(merge.after == min(p, merge.before))
        isLossless.append(merge.loss == 0)
      }
      #expect(isLossless.contains(false) && (p == 1 || isLossless.contains(true)))
    }
  }

  @Test("blocks are short where they are near, and long only so far as they must be")
  func blocks() {
    for resolution in Self.resolutions {
      let frame = frame(resolution, steps: 500)
      let columns = columns(frame)
      // Steps of one block share its first function.
      let firstRow = columns.map { row in row.firstIndex { $0 != 0 } ?? -1 }
      var step = 0
      var lengths = [Int]()
      while step < 500 {
        let end = firstRow.lastIndex(of: firstRow[step])! + 1
        let length = end - step
        #expect(length == 1 || 500 - end >= resolution.width * (length - 1))
        if length > 1 { lengths.append(length) }
        step = end
      }
      // The oldest ones are long: about as many steps as they are back, by w.
      #expect(lengths[0] * 4 * resolution.width >= 500)
      #expect(lengths == lengths.sorted(by: >))
    }
  }

  @Test("rows never exceed what is foreseen, which grows with the logarithm of the steps")
  func mostRows() {
    for resolution in Self.resolutions {
      for steps in [1, 5, 30, 100, 1000, 10_000, 100_000]
      where steps < 20_000 || resolution.width == 4 {
        for pins in [1, 4] {
          var most = 0
          let frame = frame(
            resolution, steps: steps, pinned: Set((0..<pins).map { $0 * steps / pins }),
            pushed: { most = max(most, $0) })
          let foreseen = frame.mostRows
          #expect(most <= foreseen, "\(resolution), \(steps) steps, \(pins) pins")
          #expect(foreseen <= steps + 1)
          #expect(steps < 1000 || foreseen < 5 * most / 2, "\(foreseen) for \(most)")
        }
      }
    }
  }

  @Test("blocks keep all of a signal that is noise, as far as there is room")
  func noise() {
    var stream = RandomStream(seed: 3, purpose: .fieldNoise)
    let resolution = HistoryFrame.Resolution(width: 3, degree: 2, tolerance: 1e-9)
    var frame = HistoryFrame(resolution, steps: 600)
    let least = HistoryFrame(
      HistoryFrame.Resolution(width: 3, degree: 2), steps: 600
    ).mostRows
    var (signal, most) = ([Double](), 0)
    for _ in 0..<600 {
      signal.append(stream.normal())
      frame.push()
      most = max(most, frame.rows)
      while let merge = frame.merge([signal]) { signal = merge.applied(to: signal) }
    }
    #expect(most > least + 5 && most <= frame.mostRows, "\(least) < \(most) <= \(frame.mostRows)")
    #expect(frame.largestLoss > 0.1)
    #expect(signal.count == frame.rows)
  }

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
  @Test("the order of merges does not matter", arguments: resolutions)
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
        let columns = columns(frame)
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
      let columns = columns(frame)
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

  @Test("pinned steps keep a row of their own")
  func pinned() {
    let pinned: Set = [0, 17, 18, 100]
    for resolution in Self.resolutions {
      let frame = frame(resolution, steps: 400, pinned: pinned)
      let columns = columns(frame)
      for step in pinned {
        #expect(columns[step].count { $0 != 0 } == 1 && columns[step].max() == 1)
        let row = columns[step].firstIndex(of: 1) ?? -1
        #expect(columns.count { $0[row] != 0 } == 1)
      }
      #expect(frame.rows < 200)
    }
  }

  /// Blocks have a constant, so that sums over whole blocks lose nothing. `[aging.sum]`
  @Test("sums from a pinned step on are exact, whatever is summed", arguments: resolutions)
  func sums(resolution: HistoryFrame.Resolution) {
    var stream = RandomStream(seed: 4, purpose: .fieldNoise)
    let values = (0..<300).map { _ in stream.normal() }
    var rows = [Double]()
    var frame = HistoryFrame(resolution, steps: 300, pinned: [0, 17, 18, 100])
    for (step, value) in values.enumerated() {
      frame.push()
      rows.append(value)
      while let merge = frame.merge() { rows = merge.applied(to: rows) }
      for first in [0, 17, 18, 100] where first <= step {
        let sum = values[first...step].reduce(0, +)
        #expect(abs(DenseVector.dot(frame.sums(from: first), rows) - sum) < 1e-11)
      }
    }
    // Blocks do not begin elsewhere.
    let inside = values[40...].reduce(0, +)
    #expect(abs(DenseVector.dot(frame.sums(from: 40), rows) - inside) > 1e-3)
  }

  @Test("rows of waiting times, pinned in pairs, never exceed what is foreseen")
  func pairs() {
    for resolution in Self.resolutions {
      for waiting in [[1], [10, 100, 1000], [3, 5, 7, 9, 300, 301, 304, 2998]] {
        var most = 0
        let frame = frame(
          resolution, steps: 3000, pinned: Set(waiting.flatMap { [$0, $0 + 1] } + [0]),
          pushed: { most = max(most, $0) })
        #expect(most <= frame.mostRows, "\(resolution), \(waiting)")
      }
    }
  }
}
