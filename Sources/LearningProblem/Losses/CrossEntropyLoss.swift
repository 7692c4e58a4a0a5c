/// -log of the probability of the label's class. `[network.softmax]`
public struct CrossEntropyLoss: Loss {
  public static let kind = "cross-entropy"
  public static let summary = "-log probability of the class, for softmax"
  public static let parameters: [Parameter] = []

  /// Creates the loss.
  public init() {}

  public init(from section: Section) throws { self.init() }
}
