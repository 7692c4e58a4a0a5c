internal import Foundation

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

/// Numbers that are kept bit by bit: text would cost time, and the sign of zeros.
public struct ExactNumbers: Codable, Sendable {
  /// The numbers.
  public let values: [Double]

  /// Wraps numbers.
  public init(_ values: [Double]) { self.values = values }

  /// Throws a `DecodingError` where bytes are missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let bytes = [UInt8](try container.decode(Data.self))
    guard bytes.count % 8 == 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(bytes.count) bytes of numbers")
    }
    values = stride(from: 0, to: bytes.count, by: 8).map { start in
      Double(
        bitPattern: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var bytes = [UInt8]()
    bytes.reserveCapacity(8 * values.count)
    for value in values {
      var pattern = value.bitPattern
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: pattern))
        pattern >>= 8
      }
    }
    var container = encoder.singleValueContainer()
    try container.encode(Data(bytes))
  }
}
