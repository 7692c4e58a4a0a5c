/// A restricted Boltzmann machine: d Gaussian visible units of variance D, K binary hidden units.
/// `[boltzmann.likelihood]`
public struct Boltzmann: Network {
  public static let kind = "boltzmann"
  public static let summary =
    "unsupervised: Gaussian visible units, K binary hidden units, likelihood gradient"
  public static let parameters = [hidden, varianceKey]
  public static func takes(_ loss: any Loss.Type) -> Bool { loss == LikelihoodLoss.self }
  public var standardLoss: any Loss { LikelihoodLoss() }
  static let hidden = Parameter("hidden", .integer(1...16), "K, number of hidden units")
  static let varianceKey = Parameter(
    "variance", .number(.positive), "D, variance of a visible unit under the machine")

  public let hiddenUnits: Int
  /// D.
  public let variance: Double
  public var machine: BoltzmannMachine? {
    BoltzmannMachine(hiddenUnits: hiddenUnits, variance: variance)
  }

  /// Creates the machine with K in 1...16 and D > 0.
  public init(hidden: Int, variance: Double) {
    precondition(
      (1...16).contains(hidden) && variance > 0,
      "1 to 16 hidden units and a variance > 0, got \(hidden) and \(variance)")
    hiddenUnits = hidden
    self.variance = variance
  }

  public init(from section: Section) throws {
    self.init(
      hidden: try section.integer(Self.hidden), variance: try section.number(Self.varianceKey))
  }

  public func objective(_ loss: any Loss, errorsOnly: Bool) -> any Objective {
    precondition(loss is LikelihoodLoss, "a machine takes the likelihood, not \(loss.kind)")
    return BoltzmannObjective(hiddenUnits: hiddenUnits)
  }
}
