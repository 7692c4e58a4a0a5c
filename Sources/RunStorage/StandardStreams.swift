internal import Foundation

/// Standard input, output and error of the process.
public enum StandardStreams {
  /// Why standard output took no more.
  public enum Refusal: Error {
    /// Whoever read it has seen enough.
    case readerLeft
    /// Anything else, such as `no space left on device`.
    case failed(reason: String)
  }

  /// Open as long as the process lives.
  private static let output = OpenFile(descriptor: 1)

  /// Writes a text to standard output; throws a `Refusal`.
  public static func write(_ text: String) throws {
    do {
      try output.append(Array(text.utf8))
    } catch let error as POSIXError {
      throw error.code == .EPIPE ? Refusal.readerLeft : .failed(reason: error.reason)
    }
  }

  /// Occupies those that the parent has closed (`dmft ... >&-`), so that no file of results gets
  /// their number; writing to them fails.
  public static func occupy() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }
}
