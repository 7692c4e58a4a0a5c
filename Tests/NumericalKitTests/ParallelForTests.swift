import NumericalKit
import Synchronization
import Testing

@Suite("Pieces of work in parallel")
struct ParallelForTests {
  private struct Failed: Error, Equatable { let index: Int }

  @Test("results are in order", arguments: [1, 3])
  func order(threads: Int) throws {
    let squares = try ParallelFor(threads: threads).map(50) { $0 * $0 }
    #expect(squares == (0..<50).map { $0 * $0 })
  }

  /// The tenth and the thirtieth fail: the former is thrown, though others may be done before.
  @Test("the first failure is thrown, and pieces behind it are not begun", arguments: [1, 3])
  func failure(threads: Int) {
    let begun = Mutex(Set<Int>())
    let parallel = ParallelFor(threads: threads)
    #expect(throws: Failed(index: 10)) {
      try parallel.map(10_000) { index in
        begun.withLock { _ = $0.insert(index) }
        if index == 10 || index == 30 { throw Failed(index: index) }
      }
    }
    let all = begun.withLock { $0 }
    #expect(all.isSuperset(of: 0...10))
    #expect(all.count < 5000, "\(all.count)")
  }
}
