import NumericalKit

/// What the machine can do on all cores: the speeds that a march is held against.
enum MachineSpeed {
  /// Bytes per second of y += a x on arrays far above any cache, two read and one written for each
  /// entry, as in the triad of STREAM.
  static func triad() -> Double {
    let length = 16 << 20  // 128 MB an array
    return perSecond { _ in
      let x = [Double](repeating: 1, count: length)
      var y = x
      return Work(amount: 24 * Double(length)) { DenseVector.add(0.5, x, to: &y) }
    }
  }

  /// Bytes per second at which rows are read, summed with coefficients as a history is; `bytes` in
  /// all on each core, in blocks of 256 columns.
  static func reading(bytes: Int) -> Double {
    let (width, rows) = (256, 128)
    let block = 8 * width * rows
    return perSecond { _ in
      let blocks = (0..<max(1, bytes / block)).map { _ in RowBlock(capacity: rows, width: width) }
      let coefficients = [Double](repeating: 0.5, count: rows)
      var sum = [Double](repeating: 0, count: width)
      return Work(amount: Double(blocks.count * block)) {
        for block in blocks { block.combine(coefficients[...], into: &sum) }
      }
    }
  }

  /// Multiplications and additions per second in products of matrices in a fast cache.
  static func arithmetic() -> Double {
    let (width, rows, vectors) = (256, 128, 64)
    return perSecond { _ in
      let block = RowBlock(capacity: rows, width: width)
      let coefficients = Array(repeating: [Double](repeating: 0.5, count: rows), count: vectors)
      var sums = Array(repeating: [Double](repeating: 0, count: width), count: vectors)
      return Work(amount: 2 * Double(width * rows * vectors)) {
        block.combine(coefficients, into: &sums)
      }
    }
  }

  /// Something that can be done again and again, and how much it is.
  private struct Work {
    let amount: Double
    let body: () -> Void
  }

  /// Amount per second on all cores at once; the best of five rounds of at least a tenth of a
  /// second each.
  private static func perSecond(_ make: @Sendable (Int) -> Work) -> Double {
    let parallel = ParallelFor()
    let speeds = try? parallel.map(parallel.threads) { core in
      let work = make(core)
      work.body()
      return (1...5).map { _ in
        var (amount, seconds) = (0.0, 0.0)
        let start = ContinuousClock.now
        repeat {
          work.body()
          amount += work.amount
          seconds = (ContinuousClock.now - start) / .seconds(1)
        } while seconds < 0.1
        return amount / seconds
      }.max() ?? 0
    }
    return (speeds ?? []).reduce(0, +)
  }
}
