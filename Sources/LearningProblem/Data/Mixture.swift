/// Any number of Gaussian clusters in P signal directions. `[problem.data]`
public struct Mixture: DataModel {
  public static let kind = "mixture"
  public static let summary = "clusters given by centres, variances, probabilities and labels"
  public static let parameters = [centresKey, labelsKey, probabilitiesKey, variancesKey]
  static let centresKey = Parameter(
    "centres", .rows, "B, one row per cluster, one column per signal direction v_p")
  static let labelsKey = Parameter(
    "labels", .numbers(.finite),
    "y, one per cluster: 1 or -1, or the class 1, 2, ... for softmax; boltzmann needs none",
    optional: true)
  static let probabilitiesKey = Parameter(
    "probabilities", .numbers(.nonNegative), "pi, one per cluster, summing to 1 (default: equal)",
    optional: true)
  static let variancesKey = Parameter(
    "variances", .numbers(.positiveSquare),
    "Delta, one per cluster, or a list of one number for all of them")

  public let clusters: [Cluster]

  /// Creates the mixture; probabilities sum to 1.
  public init(clusters: [Cluster]) {
    let directions = clusters.first?.centre.count ?? 0
    let total = clusters.reduce(0) { $0 + $1.probability }
    precondition(
      directions >= 1 && clusters.allSatisfy { $0.centre.count == directions && $0.variance > 0 }
        && abs(total - 1) < 1e-9,
      "clusters of one number of directions, variances > 0 and probabilities that sum to 1")
    self.clusters = clusters
  }

  public init(from section: Section) throws {
    let centres = try section.rows(Self.centresKey)
    let count = centres.count
    func perCluster(_ parameter: Parameter, _ numbers: [Double]) throws -> [Double] {
      guard numbers.count == count else {
        throw section.problem(
          parameter.name, found: "\(numbers.count) entries",
          allowed: "one per cluster: \(count) entries")
      }
      return numbers
    }
    let labels =
      section.has(Self.labelsKey.name)
      ? try perCluster(Self.labelsKey, section.numbers(Self.labelsKey)) : nil
    let probabilities =
      section.has(Self.probabilitiesKey.name)
      ? try perCluster(Self.probabilitiesKey, section.numbers(Self.probabilitiesKey))
      : Array(repeating: 1 / Double(count), count: count)
    let sum = probabilities.reduce(0, +)
    guard abs(sum - 1) < 1e-6 else {
      throw section.problem(
        Self.probabilitiesKey.name, found: "\(probabilities), which sum to \(sum)",
        allowed: "numbers that sum to 1")
    }
    var variances = try section.numbers(Self.variancesKey)
    if variances.count == 1 { variances = Array(repeating: variances[0], count: count) }
    variances = try perCluster(Self.variancesKey, variances)
    self.init(
      clusters: centres.indices.map {
        Cluster(
          probability: probabilities[$0] / sum, centre: centres[$0], label: labels?[$0],
          variance: variances[$0])
      })
  }
}
