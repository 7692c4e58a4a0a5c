/// Vectors of one length, one behind the other in memory: what several products take at once.
public struct Vectors: Sendable, Equatable {
  /// How many vectors there are.
  public let count: Int
  /// Entries of each.
  public let length: Int
  /// All entries, vector by vector.
  public var values: [Double]

  /// Zeros.
  public init(count: Int, length: Int) {
    self.count = count
    self.length = length
    values = [Double](repeating: 0, count: count * length)
  }

  /// The first `length` entries of each vector.
  public init(_ vectors: [[Double]], length: Int) {
    count = vectors.count
    self.length = length
    values = []
    values.reserveCapacity(count * length)
    for vector in vectors { values += vector[..<length] }
  }

  /// Vector k.
  public subscript(k: Int) -> ArraySlice<Double> { values[k * length..<(k + 1) * length] }
}
