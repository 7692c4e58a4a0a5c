/// A part of a learning problem that a user picks by `kind` in the problem file.
///
/// A new ingredient is one file with a type that conforms to its family's protocol, and one line in
/// `Catalogue.shipped`; the YAML reader, `dmft list` and the conformance tests find it there.
public protocol Ingredient: Sendable {
  /// The name in the problem file, for example `two-clusters`.
  static var kind: String { get }
  /// One sentence for `dmft list`.
  static var summary: String { get }
  /// The keys it takes, beside `kind`.
  static var parameters: [Parameter] { get }
  /// Reads the declared parameters from the problem file.
  init(from section: Section) throws
}

extension Ingredient {
  /// The name in the problem file.
  public var kind: String { Self.kind }
}
