/// A cluster at the origin (label -1) between two at ±v (label +1): not linearly separable.
/// `[problem.data]`
public struct ThreeClusters: DataModel {
  public static let kind = "three-clusters"
  public static let summary = "centres 0 (label -1), +v and -v (label +1)"
  public static let parameters = [varianceParameter, outerProbability]
  static let outerProbability = Parameter(
    "outer_probability", .number(.open(0, 1)), "probability of the two outer clusters together",
    default: "0.5")

  public let clusters: [Cluster]

  /// Creates the mixture with Δ = `variance` > 0 and the outer clusters' total probability in (0,
  /// 1).
  public init(variance: Double, outerProbability: Double = 0.5) {
    precondition(variance > 0, "variance must be > 0, got \(variance)")
    precondition(
      outerProbability > 0 && outerProbability < 1,
      "outerProbability must lie between 0 and 1, got \(outerProbability)")
    clusters = [
      Cluster(probability: 1 - outerProbability, centre: [0], label: -1, variance: variance),
      Cluster(probability: outerProbability / 2, centre: [1], label: 1, variance: variance),
      Cluster(probability: outerProbability / 2, centre: [-1], label: 1, variance: variance),
    ]
  }

  public init(from section: Section) throws {
    self.init(
      variance: try section.number(varianceParameter),
      outerProbability: try section.number(Self.outerProbability))
  }
}
