internal import Foundation

/// Standard output, whose failures are not silent.
public enum StandardOutput {
  /// Writes a text; throws a `Failure` if it does not arrive.
  ///
  /// A reader that has seen enough (`dmft list | head`) ends the command without a word.
  public static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      guard !isBrokenPipe(error) else { throw Failure("", status: 128 + SIGPIPE) }
      throw Failure(
        "standard output cannot be written (\(error.localizedDescription)); files that the command "
          + "writes are whole", status: Failure.output)
    }
  }

  /// Writes a text and a line end.
  public static func write(line text: String) throws { try write(text + "\n") }

  private static func isBrokenPipe(_ error: any Error) -> Bool {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return cause.domain == NSPOSIXErrorDomain && cause.code == Int(EPIPE)
  }
}
