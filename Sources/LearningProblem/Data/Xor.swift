/// Four clusters in the plane of v_1 and v_2: ±(r, 0) with label +1, ±(0, r) with label -1.
/// `[problem.data]`
public struct Xor: DataModel {
  public static let kind = "xor"
  public static let summary = "centres +-(separation, 0) label +1, +-(0, separation) label -1"
  public static let parameters = [separation, varianceParameter]
  static let separation = Parameter(
    "separation", .number(.positive), "distance of each centre from the origin, along v_1 or v_2")

  public let clusters: [Cluster]

  /// Creates the mixture with centres at distance `separation` > 0 and Δ = `variance` > 0.
  public init(separation r: Double, variance: Double) {
    precondition(r > 0 && variance > 0, "separation \(r) and variance \(variance) must be > 0")
    clusters = [
      Cluster(probability: 0.25, centre: [r, 0], label: 1, variance: variance),
      Cluster(probability: 0.25, centre: [-r, 0], label: 1, variance: variance),
      Cluster(probability: 0.25, centre: [0, r], label: -1, variance: variance),
      Cluster(probability: 0.25, centre: [0, -r], label: -1, variance: variance),
    ]
  }

  public init(from section: Section) throws {
    self.init(
      separation: try section.number(Self.separation),
      variance: try section.number(varianceParameter))
  }
}
