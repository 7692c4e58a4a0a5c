/// A restricted Boltzmann machine: d Gaussian visible units of variance D, K binary hidden units.
/// `[boltzmann.likelihood]`
public struct Boltzmann: Network {
  public static let kind = "boltzmann"
  public static let summary =
    "unsupervised: Gaussian visible units, K binary hidden units, likelihood gradient"
  public static let parameters = [hidden, varianceKey, contrastiveDivergenceKey]
  public static func takes(_ loss: any Loss.Type) -> Bool { loss == LikelihoodLoss.self }
  public var standardLoss: any Loss { LikelihoodLoss() }
  static let hidden = Parameter("hidden", .integer(1...16), "K, number of hidden units")
  static let varianceKey = Parameter(
    "variance", .number(.positiveSquare), "D, variance of a visible unit under the machine")

  static let contrastiveDivergenceKey = Parameter(
    "contrastive_divergence", .integer(0...10_000),
    "k of CD-k in training, block Gibbs steps; 0: exact likelihood gradient, which the theory has",
    default: "0")

  public let hiddenUnits: Int
  /// D.
  public let variance: Double
  /// k >= 0 of contrastive divergence, 0 for none. `[boltzmann.contrastive]`
  public let contrastiveDivergence: Int
  public var machine: BoltzmannMachine? {
    BoltzmannMachine(
      hiddenUnits: hiddenUnits, variance: variance, contrastiveDivergence: contrastiveDivergence)
  }

  /// Creates the machine with K in 1...16, D > 0 and k >= 0.
  public init(hidden: Int, variance: Double, contrastiveDivergence: Int = 0) {
    precondition(
      (1...16).contains(hidden) && variance > 0 && contrastiveDivergence >= 0,
      "1 to 16 hidden units, a variance > 0 and contrastiveDivergence >= 0, got \(hidden), "
        + "\(variance) and \(contrastiveDivergence)")
    hiddenUnits = hidden
    self.variance = variance
    self.contrastiveDivergence = contrastiveDivergence
  }

  public init(from section: Section) throws {
    self.init(
      hidden: try section.integer(Self.hidden), variance: try section.number(Self.varianceKey),
      contrastiveDivergence: try section.integer(Self.contrastiveDivergenceKey))
  }

  public func objective(_ loss: any Loss, errorsOnly: Bool) -> any Objective {
    precondition(loss is LikelihoodLoss, "a machine takes the likelihood, not \(loss.kind)")
    return BoltzmannObjective(hiddenUnits: hiddenUnits)
  }
}
