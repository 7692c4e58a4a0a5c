/// Why a problem file was refused: where, what stood there, and what may stand there.
public struct ProblemError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// Line in the file, from 1, where known.
  public let line: Int?
  /// Path of the key, such as `sample_mask.density`; empty for the whole file.
  public let path: String
  /// What was found.
  public let found: String
  /// What is allowed.
  public let allowed: String

  /// Creates an error.
  public init(file: String, line: Int? = nil, path: String, found: String, allowed: String) {
    self.file = file
    self.line = line
    self.path = path
    self.found = found
    self.allowed = allowed
  }

  /// One line with everything; what is long is cut in the middle.
  public var description: String {
    let file = file.shown(limit: 200)
    let place = line.map { "\(file):\($0)" } ?? file
    let key = path.isEmpty ? "" : " \(path.shown(limit: 80)):"
    return "\(place):\(key) found \(found.shown(limit: 160)); allowed: "
      + allowed.shown(limit: 800)
  }
}
