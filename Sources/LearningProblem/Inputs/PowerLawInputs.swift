internal import Foundation

/// Variances and signal as powers of the rank of an input. `[inputs.power]`
public struct PowerLawInputs: InputModel {
  public static let kind = "power-law"
  public static let summary = "variances and signal fall as powers of the rank of an input"
  public static let parameters = [capacityKey, sourceKey, smallestKey, groupsKey, basisKey]
  static let capacityKey = Parameter(
    "capacity", .number(.closed(0, 4)), "a, variance ~ rank^-a, of mean 1")
  static let sourceKey = Parameter(
    "source", .number(.closed(0, 4)), "b, mean square of the signal ~ rank^-b, of mean 1")
  static let smallestKey = Parameter(
    "smallest", .number(.rightOpen(1e-6, 1)),
    "the rank, as a fraction of the inputs, up to which the first inputs are alike",
    default: "1e-4")
  static let groupsKey = Parameter(
    "groups", .integer(1...InputGroups.most), "groups of inputs", default: "40")

  private let capacity: Double
  private let source: Double
  private let smallest: Double
  private let count: Int
  private let basis: InputGroups.Basis

  /// Creates the model; `smallest` is below 1.
  public init(
    capacity: Double, source: Double, smallest: Double = 1e-4, groups: Int = 40,
    basis: InputGroups.Basis = .inputs
  ) {
    precondition(
      capacity >= 0 && source >= 0 && smallest > 0 && smallest < 1 && groups >= 1,
      "capacity \(capacity), source \(source), smallest \(smallest), groups \(groups)")
    self.capacity = capacity
    self.source = source
    self.smallest = smallest
    count = groups
    self.basis = basis
  }

  public init(from section: Section) throws {
    self.init(
      capacity: try section.number(Self.capacityKey), source: try section.number(Self.sourceKey),
      smallest: try section.number(Self.smallestKey),
      groups: try section.integer(Self.groupsKey),
      basis: try Self.basis(section))
  }

  public func groups(
    directions: Int, probabilities: [Double]
  ) throws(Mismatch) -> InputGroups? {
    // The first group is alike; the others have equal widths in log rank.
    let edges =
      count == 1
      ? [0, 1]
      : [0] + (0..<count).map { pow(smallest, 1 - Double($0) / Double(count - 1)) }
    let shares = zip(edges, edges.dropFirst()).map { $1 - $0 }
    return try InputGroups(
      shares: shares, variances: [means(edges, capacity)], signal: [means(edges, source)],
      basis: basis, directions: directions, probabilities: probabilities)
  }

  /// Means of max(u, smallest)^-power between edges, relative to that over all u. `[inputs.power]`
  private func means(_ edges: [Double], _ power: Double) -> [Double] {
    // No differences of integrals from 0, which lose all digits where powers are steep.
    func integral(_ lower: Double, _ upper: Double) -> Double {
      let flat = max(0, min(upper, smallest) - lower) * pow(smallest, -power)
      let start = max(lower, smallest)
      guard upper > start else { return flat }
      return abs(power - 1) < 1e-9
        ? flat + log(upper / start)
        : flat + (pow(upper, 1 - power) - pow(start, 1 - power)) / (1 - power)
    }
    let total = integral(0, 1)
    return zip(edges, edges.dropFirst()).map { lower, upper in
      integral(lower, upper) / (upper - lower) / total
    }
  }
}
