/// Bytes on their way to a file, in blocks of a megabyte.
///
/// Numbers are printed with the fewest digits that read back as the same Double.
public struct ByteWriter {
  private static let block = 1 << 20
  private var buffer: [UInt8] = []
  private let send: ([UInt8]) throws -> Void

  /// Hands its blocks to `send`.
  init(_ send: @escaping ([UInt8]) throws -> Void) {
    self.send = send
    buffer.reserveCapacity(Self.block + 4096)
  }

  /// Appends a text.
  public mutating func write(_ text: String) throws { try write(text.utf8) }

  /// Appends bytes.
  public mutating func write(_ bytes: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.block { try flush() }
  }

  /// The text of a number; zero is one character, for kernels that are half empty.
  public static func bytes(_ number: Double) -> String.UTF8View {
    (number == 0 ? "0" : number.description).utf8
  }

  mutating func flush() throws {
    try send(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
