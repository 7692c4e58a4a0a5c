/// -log of the probability of the sample itself, for machines that model it.
/// `[boltzmann.likelihood]`
public struct LikelihoodLoss: Loss {
  public static let kind = "likelihood"
  public static let summary = "-log probability of the sample, for boltzmann"
  public static let parameters: [Parameter] = []

  /// Creates the loss.
  public init() {}

  public init(from section: Section) throws { self.init() }
}
