import MeanField
import NumericalKit
import Testing

/// The frame of the past alone: its functions and blocks. `[frame.rows]` `[frame.merge]`
@Suite("Frame of the past")
struct HistoryFrameTests {
  @Test("rows are orthonormal at any time", arguments: HistoryFrame.resolutions)
  func orthonormal(resolution: HistoryFrame.Resolution) {
    var frame = HistoryFrame(resolution, steps: 150)
    for steps in 1...150 {
      frame.push()
      while frame.merge() != nil {}
      guard steps < 40 || steps % 10 == 0 else { continue }
      let columns = frame.columns
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
    "polynomials of degree < p come back exactly, the next one does not",
    arguments: HistoryFrame.resolutions)
  func polynomials(resolution: HistoryFrame.Resolution) {
    let steps = 200
    let columns = HistoryFrame.after(steps, resolution).columns
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

  @Test(
    "merges take the rows of a function to those of the frame", arguments: HistoryFrame.resolutions)
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
    let columns = frame.columns
    let expected = columns[0].indices.map { r in
      zip(values, columns).reduce(0.0) { $0 + $1.0 * $1.1[r] }
    }
    #expect(rows.count == expected.count)
    #expect(zip(rows, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("maps are orthonormal, and square where no more than p steps stand together")
  func maps() {
    for resolution in HistoryFrame.resolutions {
      let p = resolution.degree
      var isLossless = [Bool]()
      _ = HistoryFrame.after(300, resolution) { merge, _ in
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
    for resolution in HistoryFrame.resolutions {
      let frame = HistoryFrame.after(500, resolution)
      let columns = frame.columns
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

  @Test("pinned steps keep a row of their own")
  func pinned() {
    let pinned: Set = [0, 17, 18, 100]
    for resolution in HistoryFrame.resolutions {
      let frame = HistoryFrame.after(400, resolution, pinned: pinned)
      let columns = frame.columns
      for step in pinned {
        #expect(columns[step].count { $0 != 0 } == 1 && columns[step].max() == 1)
        let row = columns[step].firstIndex(of: 1) ?? -1
        #expect(columns.count { $0[row] != 0 } == 1)
      }
      #expect(frame.rows < 200)
    }
  }

  /// Blocks have a constant, so that sums over whole blocks lose nothing. `[aging.sum]`
  @Test(
    "sums from a pinned step on are exact, whatever is summed", arguments: HistoryFrame.resolutions)
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
}
