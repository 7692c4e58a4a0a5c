internal import RunStorage

/// Standard output, whose failures are not silent.
public enum StandardOutput {
  /// Writes a text; throws a `Failure` if it does not arrive.
  ///
  /// A reader that has seen enough (`dmft list | head`) ends the command without a word.
  public static func write(_ text: String) throws {
    do {
      try StandardStreams.write(text)
    } catch StandardStreams.Refusal.readerLeft {
      throw Failure("", status: Failure.brokenPipe)
    } catch StandardStreams.Refusal.failed(let reason) {
      throw Failure(
        "standard output cannot be written (\(reason)); files that the command writes are whole; "
          + "use a place that takes it, or `> /dev/null`", status: Failure.output)
    }
  }

  /// Writes a text and a line end.
  public static func write(line text: String) throws { try write(text + "\n") }
}
