/// Parts of a problem, or of the settings of a solver, that do not fit each other, though each is
/// fine by itself.
public struct Mismatch: Error, Sendable, CustomStringConvertible {
  /// The key of the problem file that would have to change, such as `loss.kind`.
  public let path: String
  /// What was found there.
  public let found: String
  /// What is allowed.
  public let allowed: String

  /// One line with everything.
  public var description: String {
    "\(path): found \(found.shown(limit: 160)); allowed: \(allowed.shown(limit: 800))"
  }

  /// Creates a mismatch.
  public init(_ path: String, found: String, allowed: String) {
    self.path = path
    self.found = found
    self.allowed = allowed
  }

  /// What `value` returns; a mismatch about a key that it throws is about the key of `section`.
  static func about<Value>(
    _ section: String, _ value: () throws(Mismatch) -> Value
  ) throws(Mismatch) -> Value {
    do {
      return try value()
    } catch {
      throw Mismatch("\(section).\(error.path)", found: error.found, allowed: error.allowed)
    }
  }
}
