/// Two clusters at ±v with labels ±1, equally likely. `[problem.data]`
public struct TwoClusters: DataModel {
  public static let kind = "two-clusters"
  public static let summary = "centres +v and -v, labels +1 and -1, equally likely"
  public static let parameters = [varianceParameter]

  public let clusters: [Cluster]

  /// Creates the mixture with Δ = `variance` > 0.
  public init(variance: Double) {
    precondition(variance > 0, "variance must be > 0, got \(variance)")
    clusters = [1.0, -1].map {
      Cluster(probability: 0.5, centre: [$0], label: $0, variance: variance)
    }
  }

  public init(from section: Section) throws {
    self.init(variance: try section.number(varianceParameter))
  }
}
