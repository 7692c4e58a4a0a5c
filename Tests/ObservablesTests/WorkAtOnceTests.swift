import NumericalKit
import Observables
import Testing

@Suite("How much is done at once")
struct WorkAtOnceTests {
  /// Pieces of 100 MB beside 50 MB that they share.
  private func work(
    atMost wanted: Int, threads: Int, megabytes: Double, source: GrantedMemory.Source = .machine
  ) throws -> WorkAtOnce {
    try WorkAtOnce(
      "a solve", of: "batches", atMost: wanted, threads: threads, instead: "less",
      granted: GrantedMemory(bytes: 1e6 * megabytes, source: source)
    ) { 50e6 + 100e6 * Double($0) }
  }

  @Test("all that is wanted where it fits, on all threads, without a note")
  func all() throws {
    let work = try work(atMost: 4, threads: 7, megabytes: 451)
    #expect(work.count == 4 && work.threads == 7 && work.bytes == 450e6 && work.note == nil)
  }

  @Test("as many as fit, and why there are no more")
  func few() throws {
    let work = try work(atMost: 4, threads: 4, megabytes: 449)
    #expect(work.count == 3 && work.threads == 4 && work.bytes == 350e6)
    let note = try #require(work.note)
    #expect(note.hasPrefix("3 of the batches at a time, not 4: of 449 MB that this machine has"))
    #expect(note.hasSuffix("these would need about 450 MB"))
  }

  /// Every thread but the first takes 144 MB of addresses.
  @Test("addresses of threads count where they are limited")
  func addresses() throws {
    let two = try work(atMost: 4, threads: 4, megabytes: 395, source: .addresses)
    #expect(two.count == 2 && two.threads == 2)
    let one = try work(atMost: 1, threads: 4, megabytes: 439, source: .addresses)
    #expect(one.count == 1 && one.threads == 3)
    let less = try work(atMost: 1, threads: 4, megabytes: 437, source: .addresses)
    #expect(less.count == 1 && less.threads == 2)
    #expect(try work(atMost: 4, threads: 4, megabytes: 395).count == 3)
  }

  @Test("more threads than numbers can count cost no time", .timeLimit(.minutes(1)))
  func manyThreads() throws {
    let work = try work(atMost: 2, threads: .max, megabytes: 1000, source: .addresses)
    #expect(work.count == 2 && work.threads == 6)
    #expect(try self.work(atMost: 2, threads: .max, megabytes: 1000).threads == .max)
  }

  @Test("what does not fit at all is refused, with both numbers and advice")
  func none() throws {
    do {
      _ = try work(atMost: 4, threads: 4, megabytes: 150)
      Issue.record("it was accepted")
    } catch let error as SolverError {
      #expect(
        error.description == "a solve that needs about 150 MB of memory, of 150 MB that this "
          + "machine has, is not supported; use less")
    }
  }
}
