internal import Foundation

/// Standard input, output and error of the process.
public enum StandardStreams {
  /// Occupies those that the parent has closed (`dmft ... >&-`), so that no file of results gets
  /// their number; writing to them fails.
  public static func occupy() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }
}
