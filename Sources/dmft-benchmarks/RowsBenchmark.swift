import Foundation
import NumericalKit

/// Products of the rows of a history with several vectors: how long one pass over the rows takes.
///
/// Blocks as in a march of 10^4 steps with 2000 trajectories, of which all are read in turn. The
/// time of one vector is that of reading. Up to four share a pass; more than twenty-four are
/// multiplied with the block as matrices.
enum RowsBenchmark {
  private static let rows = 150
  private static let width = 256
  private static let blocks = 12

  /// Microseconds over all blocks, the best of twenty.
  static func run() {
    for count in [1, 2, 3, 4, 8, 12, 24, 25, 32] {
      let all = (0..<blocks).map { _ in
        RowBlock(
          width: width, values: [Double](repeating: 0.5, count: rows * width), precision: .double)
      }
      let coefficients = Vectors(
        Array(repeating: [Double](repeating: 0.1, count: rows), count: count), length: rows)
      let vectors = Vectors(
        Array(repeating: [Double](repeating: 0.1, count: width), count: count), length: width)
      var sums = Vectors(count: count, length: width)
      var products = Vectors(count: count, length: rows)
      report("combine", count) { for block in all { block.combine(coefficients, into: &sums) } }
      report("products", count) {
        for block in all { block.addProducts(with: vectors, to: &products) }
      }
    }
  }

  private static func report(_ quantity: String, _ count: Int, _ body: () -> Void) {
    body()
    let best =
      (0..<20).map { _ in
        let start = ContinuousClock.now
        body()
        return (ContinuousClock.now - start) / .microseconds(1)
      }.min() ?? .nan
    let bytes = Double(8 * rows * width * blocks * ((count + 3) / 4))
    print("rows_\(count)_vectors,\(quantity),\(best),us")
    print("rows_\(count)_vectors,\(quantity)_passes,\(bytes / best / 1e3),GB/s")
  }
}
