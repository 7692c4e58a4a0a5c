/// O classes: outputs o, which are the fields themselves or Σ_k a_ok φ(h_k) above hidden units, and
/// the probabilities exp o/Σ exp o. `[network.softmax]`
public struct Softmax: Network {
  public static let kind = "softmax"
  public static let summary = "O classes: the fields, or sum_k a_ok phi(h_k), through a softmax"
  public static let parameters = [
    outputsKey, hidden, Activation.key, readoutKey, Readout.learningRateKey,
  ]
  public static func takes(_ loss: any Loss.Type) -> Bool { loss == CrossEntropyLoss.self }
  public var standardLoss: any Loss { CrossEntropyLoss() }
  static let outputsKey = Parameter(
    "outputs", .integer(2...16), "O, number of classes; labels are 1...O (or +-1 if O = 2)")
  static let hidden = Parameter(
    "hidden", .integer(0...16), "K, number of hidden units; 0: the fields are the outputs",
    default: "0")
  static let readoutKey = Parameter(
    "readout", .matrix, "a_ok at the start, O rows of K numbers; only with hidden units",
    optional: true)

  /// O.
  public let classes: Int
  /// φ, nil if the fields are the outputs.
  public let activation: Activation?
  public let hiddenUnits: Int
  public let readout: Readout

  /// A softmax of the fields.
  public init(outputs: Int) {
    precondition((2...16).contains(outputs), "2 to 16 outputs, got \(outputs)")
    classes = outputs
    hiddenUnits = outputs
    activation = nil
    readout = Readout()
  }

  /// A softmax above hidden units, with one row of `readout` per class.
  public init(activation: Activation, readout: [[Double]], readoutLearningRate: Schedule = 0.0) {
    let units = readout.first?.count ?? 0
    precondition(
      (2...16).contains(readout.count) && (1...16).contains(units)
        && readout.allSatisfy { $0.count == units },
      "readout must hold 2 to 16 rows of 1 to 16 numbers, got \(readout)")
    classes = readout.count
    hiddenUnits = units
    self.activation = activation
    self.readout = Readout(readout.flatMap { $0 }, learningRate: readoutLearningRate)
  }

  public init(from section: Section) throws {
    let outputs = try section.integer(Self.outputsKey)
    let units = try section.integer(Self.hidden)
    let name = try section.choice(Activation.key)
    let rate = try section.schedule(Readout.learningRateKey)
    guard units > 0 else {
      let found: [(key: String, isThere: Bool)] = [
        ("readout", section.has("readout")), ("readout_learning_rate", rate.constant != 0),
      ]
      for (key, isThere) in found where isThere {
        throw section.problem(
          key, found: "a readout without hidden units", allowed: "hidden: 1 to 16, or no \(key)")
      }
      self.init(outputs: outputs)
      return
    }
    guard section.has("readout") else { throw section.missing(Self.readoutKey) }
    self.init(
      activation: Activation(rawValue: name) ?? .erf,
      readout: try section.matrix(
        Self.readoutKey, rows: outputs, columns: units, meaning: "outputs by hidden units"),
      readoutLearningRate: rate)
  }

  public func objective(_ loss: any Loss, errorsOnly: Bool) -> any Objective {
    precondition(loss is CrossEntropyLoss, "softmax takes the cross-entropy, not \(loss.kind)")
    return SoftmaxObjective(
      outputs: classes, hiddenUnits: hiddenUnits, activation: activation, errorsOnly: errorsOnly)
  }
}
