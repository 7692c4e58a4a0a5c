import NumericalKit
import Testing

@Suite("Blocked histories")
struct BlockedHistoryTests {
  private static let width = 21

  /// Entries that no permutation leaves as they are, zero from column n + reach on.
  private func kernel(_ rows: Int, _ columns: Int, reach: Int) -> FloatMatrix {
    FloatMatrix(rows: rows, columns: columns) { n, row in
      for s in 0..<min(columns, n + reach) { row[s] = 1 / Float(1 + (7 * n + 3 * s) % 11) - 0.3 }
    }
  }

  private func row(_ s: Int) -> [Float] {
    (0..<Self.width).map { Float((5 * s + 3 * $0) % 13) / 13 - 0.4 }
  }

  private func sum(_ kernel: FloatMatrix, _ n: Int, _ rows: [[Float]], _ j: Int) -> Double {
    zip(kernel[n], rows).reduce(0) { $0 + Double($1.0) * Double($1.1[j]) }
  }

  /// 150 rows are three blocks; `units` rows come at a time, as for hidden units.
  /// `[sampling.blocks]`
  @Test("echoes are sums over the rows that are there, across blocks", arguments: [1, 3], [0, 1])
  func echoes(units: Int, reach: Int) {
    // Strictly lower triangular in time, or with its diagonal.
    let steps = 150 / units
    let kernel = kernel(units * steps, units * steps, reach: reach * units)
    var history = BlockedHistory(kernel: kernel, reach: reach * units, width: Self.width)
    var rows = [[Float]]()
    for t in 0..<steps {
      func append() {
        for k in 0..<units {
          rows.append(row(t * units + k))
          history.append(row(t * units + k))
        }
      }
      if reach == 1 { append() }
      for k in 0..<units {
        let n = t * units + k
        var echo = [Float](repeating: 2, count: Self.width)
        history.addEcho(n, to: &echo)
        for j in 0..<Self.width {
          #expect(abs(Double(echo[j]) - 2 - sum(kernel, n, rows, j)) < 1e-5, "\(n), \(j)")
        }
      }
      if reach == 0 { append() }
    }
    #expect(history.count == 150)
    #expect(Array(history[17]) == row(17))
  }

  @Test("rows of noise are there from the start, in the order of the stream")
  func noise() {
    let (rows, ahead) = (130, 3)
    let kernel = kernel(rows, rows + ahead, reach: ahead + 1)
    var history = BlockedHistory(kernel: kernel, reach: ahead + 1, width: Self.width)
    var stream = RandomStream(seed: 4, purpose: .check)
    history.append(row(0))
    history.appendNormals(from: &stream)
    stream = RandomStream(seed: 4, purpose: .check)
    var numbers = [Float](repeating: 0, count: (rows + ahead - 1) * Self.width)
    var span = numbers.mutableSpan
    stream.fillNormals(&span)
    let all =
      [row(0)]
      + stride(from: 0, to: numbers.count, by: Self.width).map {
        Array(numbers[$0..<$0 + Self.width])
      }
    for n in 0..<rows {
      var echo = [Float](repeating: 0, count: Self.width)
      history.addEcho(n, to: &echo)
      for j in 0..<Self.width {
        #expect(abs(Double(echo[j]) - sum(kernel, n, all, j)) < 2e-5, "\(n), \(j)")
      }
    }
  }
}
