extension TwoTimeKernel: Codable {
  private enum Key: CodingKey {
    case units, capacity, times, isSymmetric, values
  }

  /// A kernel as `encode` wrote it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let units = try container.decode(Int.self, forKey: .units)
    let capacity = try container.decode(Int.self, forKey: .capacity)
    let times = try container.decode(Int.self, forKey: .times)
    let isSymmetric = try container.decode(Bool.self, forKey: .isSymmetric)
    let values = try container.decode(ExactNumbers.self, forKey: .values).values
    let side = units * times
    guard units >= 1, times >= 0, capacity >= times, values.count == side * side else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "\(values.count) values of \(times) times and \(units) units")
    }
    self.init(units: units, capacity: capacity, shape: isSymmetric ? .symmetric : .causal)
    fill(values, times: times)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(units, forKey: .units)
    try container.encode(capacity, forKey: .capacity)
    try container.encode(times, forKey: .times)
    try container.encode(shape == .symmetric, forKey: .isSymmetric)
    let side = count
    try container.encode(
      ExactNumbers((0..<side * side).map { self[$0 / side, $0 % side] }), forKey: .values)
  }
}
