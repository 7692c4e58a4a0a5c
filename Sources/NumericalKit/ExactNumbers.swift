internal import Foundation

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
