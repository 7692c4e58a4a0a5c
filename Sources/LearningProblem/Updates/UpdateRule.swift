/// How a synapse changes: w(t+1) = w(t) - η ψ(G(t), M(t)). `[problem.update]`
///
/// A rule sees one synapse at a time: its gradient G, one number of memory that is the rule's own
/// and starts at 0, and the common numbers of the step. Nothing else is asked of it; ψ may jump.
/// The contract, tested on every entry of the catalogue:
/// - odd: with -G and -memory it does the opposite (in law, if it uses chance), since the theory
///   samples a synapse and counts its mirror image with it;
/// - only synapses whose mask is on are asked: the others keep weight and memory;
/// - it descends: E[G ψ] > 0 for Gaussian G.
public protocol UpdateRule: Ingredient {
  /// What a step does to one synapse whose mask is on.
  func change(gradient: Double, memory: inout Double, in step: UpdateStep) -> SynapseChange
  /// Whether ψ = M G, so that closed equations exist. `[weight.step]`
  var isLinear: Bool { get }
  /// If synapses compete: the fraction of those on, in (0, 1], that wins. The step's `threshold` is
  /// then the score of the best loser.
  var winningFraction: Double? { get }
  /// The number by which they compete at a step, at least 0; by default |G|.
  func score(gradient: Double, memory: Double, in step: UpdateStep) -> Double
  /// Whether `change` uses the step's `chance`.
  var usesChance: Bool { get }
  /// Whether only misclassified samples take part in the gradient. `[update.lazy]`
  var learnsFromErrorsOnly: Bool { get }
  /// Its numbers that may change from step to step, each with its key. `[schedule.rules]`
  var schedules: [(key: Parameter, schedule: Schedule)] { get }
  /// The same rule with the numbers of one step in the place of its schedules: what the members
  /// above ask for. `[schedule.rules]`
  func settled(at step: Int, on grid: TimeGrid) -> Self
  /// Whether `upkeep` is not 0.
  var hasUpkeep: Bool { get }
  /// What it costs to keep a memory from one step to the next, >= 0, in the unit of absolute
  /// changes. `[observable.upkeep]`
  ///
  /// - Parameters:
  ///   - memory: what a synapse remembers besides its weight.
  ///   - firstRate: η of the first step, by which a memory of gradients is one of weights.
  func upkeep(of memory: Double, firstRate: Double) -> Double
}

extension UpdateRule {
  /// Not linear unless a rule says so.
  public var isLinear: Bool { false }
  /// No competition unless a rule says so.
  public var winningFraction: Double? { nil }
  /// Competition by the size of the gradient.
  public func score(gradient: Double, memory: Double, in step: UpdateStep) -> Double {
    abs(gradient)
  }
  /// Deterministic unless a rule says otherwise.
  public var usesChance: Bool { false }
  /// All samples unless a rule says otherwise.
  public var learnsFromErrorsOnly: Bool { false }
  /// No number changes unless a rule says so.
  public var schedules: [(key: Parameter, schedule: Schedule)] { [] }
  /// The rule itself, of which no number changes.
  public func settled(at step: Int, on grid: TimeGrid) -> Self { self }
  /// Memories are free unless a rule says otherwise.
  public var hasUpkeep: Bool { false }
  /// Nothing.
  public func upkeep(of memory: Double, firstRate: Double) -> Double { 0 }
}

/// What all synapses share at a step, and the chance of one of them.
public struct UpdateStep: Sendable {
  /// η.
  public var learningRate: Double
  /// η divided by that of the first step: what G is multiplied by where memories hold changes of
  /// weights, in units of the first step's gradient. `[schedule.memory]`
  public var relativeRate: Double
  /// θ(t): a score must be above it to win; 0 without competition.
  public var threshold: Double
  /// A number uniform in (0, 1), fresh for every synapse and step, if the rule uses chance.
  public var chance: Double

  /// Creates a step.
  @inlinable
  public init(
    learningRate: Double, relativeRate: Double = 1, threshold: Double = 0, chance: Double = 0.5
  ) {
    self.learningRate = learningRate
    self.relativeRate = relativeRate
    self.threshold = threshold
    self.chance = chance
  }
}

/// What a step does to a synapse.
public struct SynapseChange: Sendable, Equatable {
  /// ψ: the weight changes by -η ψ.
  public var psi: Double
  /// What is written to the lasting part of the synapse, which changes by -η `written`. Energy is
  /// spent on this part; it is the whole weight for all rules but `caching`.
  public var written: Double

  /// A change of the whole weight.
  @inlinable
  public init(_ psi: Double) {
    self.psi = psi
    written = psi
  }

  /// A change whose written part differs.
  @inlinable
  public init(psi: Double, written: Double) {
    self.psi = psi
    self.written = written
  }
}
