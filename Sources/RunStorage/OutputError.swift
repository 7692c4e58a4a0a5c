/// Why a folder cannot be used, before anything is computed.
public struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence with the path.
  public let description: String

  /// Creates an error from its sentence.
  public init(_ description: String) { self.description = description }
}

/// Why results that were computed could not be written.
public struct WriteError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence with the path.
  public let description: String

  /// Creates an error from its sentence.
  public init(_ description: String) { self.description = description }
}
