public import LearningProblem
public import Limits
public import MaskedDMFT
public import MeanField
public import NumericalKit
public import Observables
public import Stationary
public import Training

/// A problem and how a test solves and trains it, both free to change.
///
/// Parts of the problem and of its rule are members: `setup.weightDecay = 0.1`.
@dynamicMemberLookup
public struct Setup: Sendable {
  /// What the problem is made of.
  public var parts: Problem.Parts
  /// How the theory is solved.
  public var theory: TheorySettings
  /// How it is trained.
  public var training: TrainingSettings
  /// The numbers of the paths of the hidden units over which results are averaged.
  public var paths = 0..<1
  /// The first of them, to which `dynamics` belongs; to set it leaves it the only one.
  public var path: Int {
    get { paths.lowerBound }
    set { paths = newValue..<newValue + 1 }
  }

  /// Creates a setup in steps.
  public init(
    data: any DataModel, samplesPerWeight: Double, network: any Network = Perceptron(),
    loss: (any Loss)? = nil, weightDecay: Double = 0, start: Start, learningRate: Double,
    steps: Int, gradientScale: LearningRule.GradientScale = .sum,
    sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask(),
    update: any UpdateRule = PlainUpdate(), weightNoise: WeightNoise = WeightNoise(),
    dropout: Dropout = Dropout(), theory: TheorySettings = TheorySettings(),
    training: TrainingSettings = TrainingSettings()
  ) {
    parts =
      Problem(
        data: data, samplesPerWeight: samplesPerWeight, network: network, loss: loss,
        rule: LearningRule(
          update: update, weightDecay: .constant(weightDecay), gradientScale: gradientScale,
          sampleMask: sampleMask, weightMask: weightMask, dropout: dropout,
          weightNoise: weightNoise),
        start: start, timing: .steps(steps, learningRate: learningRate)
      ).parts
    self.theory = theory
    self.training = training
  }

  /// What a problem file says.
  public init(_ file: ProblemFile) {
    parts = file.problem.parts
    theory = file.theory
    training = file.training
    paths = file.paths
  }

  /// The problem.
  public var problem: Problem { Problem(parts) }

  /// A part of the problem.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Problem.Parts, Value>) -> Value {
    get { parts[keyPath: path] }
    set { parts[keyPath: path] = newValue }
  }

  /// A part of the learning rule.
  public subscript<Value>(dynamicMember path: WritableKeyPath<LearningRule, Value>) -> Value {
    get { parts.rule[keyPath: path] }
    set { parts.rule[keyPath: path] = newValue }
  }

  /// The loss, that of the network if none is named.
  public var loss: any Loss {
    get { problem.loss }
    set { parts.loss = newValue }
  }

  /// λ, the same at every step; nan where it has a schedule.
  public var weightDecay: Double {
    get { parts.rule.weightDecay.constant ?? .nan }
    set { parts.rule.weightDecay = .constant(newValue) }
  }

  /// The steps.
  public var grid: TimeGrid { problem.grid }
  /// The number of steps.
  public var steps: Int {
    get { grid.steps }
    set { parts.timing = .steps(newValue, learningRate: grid.learningRate) }
  }
  /// The size of a step.
  public var learningRate: Double {
    get { grid.rate(at: 0) }
    set { parts.timing = .steps(steps, learningRate: newValue) }
  }
  /// K.
  public var hiddenUnits: Int { problem.hiddenUnits }
  /// P.
  public var signalDirections: Int { problem.signalDirections }

  /// What happens at each step; traps where parts do not fit together.
  public var dynamics: Dynamics {
    do {
      return try Dynamics(problem, path: path)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The same in continuous time.
  public func flowing(_ flow: Flow) -> Setup {
    var setup = self
    setup.parts.timing = .flow(flow)
    return setup
  }

  /// Two copies.
  public func replicated() -> Setup {
    var setup = self
    setup.parts.copies = 2
    return setup
  }

  /// The solver for its kind of time.
  public func theorySolver(
    keepKernels: Bool = false, parallel: ParallelFor = ParallelFor()
  ) throws -> any TheorySolver {
    try problem.theorySolver(theory, paths: paths, keepKernels: keepKernels, parallel: parallel)
  }
}

extension MeanFieldSolver {
  /// A solver of a setup.
  public init(
    _ setup: Setup, keepKernels: Bool = false, parallel: ParallelFor = ParallelFor()
  ) throws {
    try self.init(
      setup.problem, setup.theory, paths: setup.paths, keepKernels: keepKernels,
      parallel: parallel)
  }
}

extension FlowSolver {
  /// A solver of a setup.
  public init(
    _ setup: Setup, keepKernels: Bool = false, parallel: ParallelFor = ParallelFor()
  ) throws {
    try self.init(setup.problem, setup.theory, keepKernels: keepKernels, parallel: parallel)
  }
}

extension StationarySolver {
  /// A solver of a setup.
  public init(_ setup: Setup, parallel: ParallelFor = ParallelFor()) throws {
    try self.init(
      setup.problem, setup.theory.sampling, alwaysSamples: setup.theory.sites == .ensemble,
      parallel: parallel)
  }
}

extension StaticSolver {
  /// A solver of a setup.
  public init(_ setup: Setup) throws { try self.init(setup.problem) }
}

extension OnePass {
  /// One pass of a setup.
  public init(_ setup: Setup, parallel: ParallelFor = ParallelFor()) throws {
    try self.init(setup.problem, parallel: parallel)
  }
}

extension DirectTraining {
  /// The training of a setup.
  public init(_ setup: Setup, parallel: ParallelFor = ParallelFor()) throws {
    try self.init(setup.problem, setup.training, paths: setup.paths, parallel: parallel)
  }
}

extension OnlineTraining {
  /// The training of a setup.
  public init(_ setup: Setup, parallel: ParallelFor = ParallelFor()) throws {
    try self.init(setup.problem, setup.training, parallel: parallel)
  }
}

extension RunPlan {
  /// Run number `run` of a setup.
  public init(_ setup: Setup, dimension: Int, run: Int) {
    self.init(setup.dynamics, setup.training, dimension: dimension, run: run)
  }
}

extension TestQuantities {
  /// The integrals of a setup.
  public init(_ setup: Setup) { self.init(setup.dynamics) }
}

extension OptimalErrors {
  /// The errors of a setup.
  public init?(_ setup: Setup) { self.init(setup.dynamics) }
}

extension LearningUnits {
  /// The path of a setup.
  public init(_ setup: Setup) { self.init(setup.dynamics) }
}
