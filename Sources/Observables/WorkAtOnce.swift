public import NumericalKit

/// How many equal pieces of work, batches of the theory or runs of the training, are done at once:
/// one per thread, or as many as fit into the memory granted. Results do not depend on it.
public struct WorkAtOnce: Sendable {
  /// Pieces at once, at least 1.
  public let count: Int
  /// Threads that work on them, at least as many.
  public let threads: Int
  /// What they hold at their biggest moment, with what they share, in bytes.
  public let bytes: Double
  /// In one sentence, why there are fewer than threads; nil if there are not.
  public let note: String?

  /// The most pieces that fit.
  ///
  /// - Parameters:
  ///   - what: what is done, as in "a solve".
  ///   - name: the name of several pieces.
  ///   - wanted: the most pieces.
  ///   - threads: the most threads.
  ///   - instead: what to lower if not even one fits.
  ///   - granted: the memory they must fit into.
  ///   - bytes: what so many pieces hold at their biggest moment.
  /// - Throws: `SolverError.unsupported` with both numbers if one does not fit.
  public init(
    _ what: String, of name: String, atMost wanted: Int, threads: Int, instead: String,
    granted: GrantedMemory = Machine.grantedMemory, bytes: (Int) -> Double
  ) throws {
    func fits(_ count: Int, threads: Int) -> Bool {
      bytes(count) + Double(threads - 1) * granted.bytesOfThread < granted.bytes
    }
    guard let count = (1...max(1, wanted)).last(where: { fits($0, threads: $0) }) else {
      throw SolverError.unsupported(
        what: "\(what) that needs about \(ByteCount.text(bytes(1))) of memory, of \(granted),",
        instead: instead)
    }
    self.count = count
    let room = (granted.bytes - bytes(count)) / granted.bytesOfThread  // infinite without limit
    self.threads = max(count, min(threads, room < Double(threads) ? Int(room.rounded(.up)) : .max))
    self.bytes = bytes(count)
    note =
      count < wanted
      ? "\(count) of the \(name) at a time, not \(wanted): of \(granted), these would need about "
        + ByteCount.text(bytes(wanted) + Double(wanted - 1) * granted.bytesOfThread)
      : nil
  }
}
