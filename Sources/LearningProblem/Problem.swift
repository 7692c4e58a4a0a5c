/// A learning problem: what is trained, on what, by which rule. No solver, no results.
///
/// ```swift
/// let problem = Problem(
///   data: TwoClusters(variance: 0.5), samplesPerWeight: 2, rule: LearningRule(weightDecay: 0.1),
///   start: Start(variance: 0.01), timing: .steps(80, learningRate: 0.2))
/// let faster = try problem.with { $0.timing = .steps(40, learningRate: 0.4) }
/// ```
/// It does not change; `with` makes another one. Whoever solves or trains it checks it first, see
/// `validate`.
public struct Problem: Sendable {
  /// What a problem is made of, free to change.
  public struct Parts: Sendable {
    /// The inputs and labels.
    public var data: any DataModel
    /// How the inputs differ from each other.
    public var inputs: any InputModel
    /// α = n/d > 0, samples per input.
    public var samplesPerWeight: Double
    /// The network f.
    public var network: any Network
    /// The loss ℓ; nil for that of the network.
    public var loss: (any Loss)?
    /// How weights change at a step.
    public var rule: LearningRule
    /// The initial weights.
    public var start: Start
    /// The steps and their sizes η, or continuous time.
    public var timing: Timing
    /// 1, or the number of copies with the same samples and start, and mini-batches of their own.
    /// `[replica.site]`
    public var copies: Int
  }

  /// The parts.
  public let parts: Parts

  /// Creates a problem; what its parts allow is said there, and checked by `validate`.
  public init(
    data: any DataModel, inputs: any InputModel = AlikeInputs(), samplesPerWeight: Double,
    network: any Network = Perceptron(),
    loss: (any Loss)? = nil, rule: LearningRule = LearningRule(), start: Start, timing: Timing,
    copies: Int = 1
  ) {
    parts = Parts(
      data: data, inputs: inputs, samplesPerWeight: samplesPerWeight, network: network, loss: loss,
      rule: rule,
      start: start, timing: timing, copies: copies)
  }

  /// Puts parts together, unchecked.
  public init(_ parts: Parts) { self.parts = parts }

  /// The same problem with some parts changed; throws a `Mismatch` if they do not fit together.
  public func with(_ change: (inout Parts) throws -> Void) throws -> Problem {
    var parts = parts
    try change(&parts)
    let problem = Problem(parts)
    try problem.validate()
    return problem
  }

  /// The inputs and labels.
  public var data: any DataModel { parts.data }
  /// How the inputs differ from each other.
  public var inputs: any InputModel { parts.inputs }
  /// α = n/d > 0, samples per input.
  public var samplesPerWeight: Double { parts.samplesPerWeight }
  /// The network f.
  public var network: any Network { parts.network }
  /// The loss ℓ.
  public var loss: any Loss { parts.loss ?? parts.network.standardLoss }
  /// How weights change at a step.
  public var rule: LearningRule { parts.rule }
  /// The initial weights.
  public var start: Start { parts.start }
  /// The steps and their sizes η, or continuous time.
  public var timing: Timing { parts.timing }
  /// The number of copies with the same samples; 1 for the problem itself. `[replica.site]`
  public var copies: Int { parts.copies }
  /// P.
  public var signalDirections: Int { data.signalDirections }
  /// K: the hidden units of the network, or one for each copy.
  public var hiddenUnits: Int { copies > 1 ? copies : network.hiddenUnits }
  /// The steps of the rule, or those between the finest results of a flow.
  public var grid: TimeGrid { timing.grid }

  /// n = round(α d) >= 1 in d = `dimension`; traps where it is no Int.
  public func samples(dimension: Int) -> Int {
    max(1, Int((samplesPerWeight * Double(dimension)).rounded()))
  }
}
