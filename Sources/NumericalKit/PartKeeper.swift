/// Keeps finished parts of a computation, and gives them back to a later process, which computes
/// what is missing.
///
/// A part is what one independent piece of work found, under a name that says which piece. Who
/// combines parts cannot tell those that were kept from new ones: results are the same bits.
public protocol PartKeeper: Sendable {
  /// The part called `name`; nil if it is to be computed.
  func kept<Part: Decodable>(_ type: Part.Type, _ name: String) throws -> Part?
  /// Keeps a part; it is safe when this returns.
  func keep(_ part: some Encodable, _ name: String) throws
}

extension PartKeeper {
  /// The part called `name`, computed and kept if it is not there; `isKept` is called first if it
  /// is.
  public func part<Part: Codable>(
    _ name: String, isKept: () throws -> Void, compute: () throws -> Part
  ) throws -> Part {
    if let part = try kept(Part.self, name) {
      try isKept()
      return part
    }
    let part = try compute()
    try keep(part, name)
    return part
  }
}

/// Keeps nothing.
public struct NothingKept: PartKeeper {
  /// One is as good as the other.
  public init() {}
  public func kept<Part: Decodable>(_ type: Part.Type, _ name: String) -> Part? { nil }
  public func keep(_ part: some Encodable, _ name: String) {}
}
