/// Why results cannot be written, or a folder cannot be read.
public struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence with the path.
  public let description: String

  /// Creates an error from its sentence.
  public init(_ description: String) { self.description = description }
}
