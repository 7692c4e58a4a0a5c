/// What happens at each step of a problem, as the sites of the theory and the training read it: the
/// problem, compiled on a grid of time and along one path of the hidden units.
public struct Dynamics: Sendable {
  /// What was compiled.
  public let problem: Problem
  /// The steps and their sizes.
  public let grid: TimeGrid
  /// The number of the path of the hidden units, where a mask draws these. `[mask.units]`
  public let path: Int
  /// The inputs and labels.
  public private(set) var data: any DataModel
  /// The groups of the inputs; nil if all are alike, as are those of a group by itself.
  public private(set) var groups: InputGroups?
  /// The samples per input, α.
  public let samplesPerWeight: Double
  /// How weights change.
  public let rule: LearningRule
  /// Λ(y, h), with the gradient that the update rule learns from.
  public let objective: any Objective
  /// K: the hidden units of the network, or one for each copy.
  public let hiddenUnits: Int
  /// The weights behind the hidden units; for copies, a number 1 each.
  public let readout: Readout
  /// The fields at which the answer of a network with one field changes; nil for copies, see
  /// `Network.decisionBoundaries`.
  public let decisionBoundaries: (thresholds: [Double], signBelow: Double)?
  /// The initial weights.
  public private(set) var start: Start
  /// The law of s, by which a sample counts at a step for all hidden units.
  public let sampleSwitches: any SwitchLaw
  /// The law of the gates through which the gradient of a sample reaches each hidden unit: an open
  /// one counts 1/density times, a closed one not at all; nil if there are none. Gates are those of
  /// dropout, or the mini-batches of copies. `[problem.dropout]` `[replica.site]`
  public let gates: (any SwitchLaw)?
  /// The law of c, by which a weight or an input may change at a step. `[mask.structure]`
  public let weightSwitches: any SwitchLaw
  /// The covariance of the fields of a sample.
  public let fields: FieldCovariance
  private let miniBatch: any SwitchLaw  // of samples, or of the gates of copies
  private let machine: BoltzmannMachine?

  /// Compiles a problem along path number `path` of its hidden units; throws a `Mismatch` if its
  /// parts do not fit together.
  public init(_ problem: Problem, path: Int = 0) throws(Mismatch) {
    try problem.validate()
    try self.init(problem, grid: problem.timing.grid, path: path)
  }

  /// Compiles a problem along the paths of its hidden units with the given numbers, at least one;
  /// along the first alone where no mask draws them.
  public static func along(paths: Range<Int>, of problem: Problem) throws(Mismatch) -> [Dynamics] {
    precondition(!paths.isEmpty && paths.lowerBound >= 0, "paths \(paths)")
    var dynamics = [Dynamics]()
    for path in problem.rule.weightMask.units.isRandom ? paths : paths.prefix(1) {
      dynamics.append(try Dynamics(problem, path: path))
    }
    return dynamics
  }

  /// The same dynamics in steps that integrate its flow: switches keep their rates
  /// `[flow.switch]`, and schedules are read at the times of the points. `[schedule.flow]`
  ///
  /// - Parameters:
  ///   - steps: the number of steps.
  ///   - step: their size.
  ///   - clock: the times of the points 0...steps; none if they are as far apart as `step`.
  public func integrated(
    steps: Int, of step: Double, clock: [Double] = []
  ) throws(Mismatch) -> Dynamics {
    let duration = problem.timing.flow?.duration ?? step * Double(steps)
    return try Dynamics(
      problem, grid: TimeGrid(ofFlow: step, steps: steps, duration: duration, clock: clock),
      path: path)
  }

  /// The dynamics of the weights of one group, as if they were alone: signals are those of the
  /// independent components ε of v = L ε. `[inputs.root]`
  public func within(_ group: InputGroups.Group) -> Dynamics {
    var dynamics = self
    dynamics.groups = nil
    dynamics.start = Start(
      variance: start.variance, overlap: group.start(start.overlap),
      isShared: start.isShared)
    return dynamics
  }

  /// The dynamics of the samples of cluster number `a`, as if there were no others; their fields
  /// see the weights in their own way. `[inputs.clusters]`
  package func within(cluster a: Int) -> Dynamics {
    let cluster = data.clusters[a]
    var dynamics = self
    dynamics.groups = nil
    dynamics.data = Mixture(clusters: [
      Cluster(
        probability: 1, centre: cluster.centre, label: cluster.label, variance: cluster.variance)
    ])
    return dynamics
  }

  private init(_ problem: Problem, grid: TimeGrid, path: Int) throws(Mismatch) {
    self.problem = problem
    self.grid = grid
    self.path = path
    data = problem.data
    groups = try problem.inputGroups()
    samplesPerWeight = problem.samplesPerWeight
    let rule = problem.rule
    self.rule = rule
    let network = problem.network
    machine = network.machine
    let objective = network.objective(
      problem.loss, errorsOnly: rule.update.learnsFromErrorsOnly)
    let (samples, weights) = try rule.laws(on: grid)
    weightSwitches = weights
    fields = FieldCovariance(
      teacher: problem.data.teacher, weightNoise: rule.weightNoise, dropout: rule.dropout,
      grid: grid)
    miniBatch = samples
    let copies = problem.copies
    if copies > 1 {
      self.objective = ReplicatedObjective(original: objective, hiddenUnits: copies)
      hiddenUnits = copies
      decisionBoundaries = nil
      readout = Readout(Array(repeating: 1, count: copies))
      start = Start(
        variance: problem.start.variance,
        overlap: Array(repeating: problem.start.overlap[0], count: copies), isShared: true)
      sampleSwitches = AlwaysOn()
      gates = samples
    } else {
      self.objective = objective
      hiddenUnits = network.hiddenUnits
      decisionBoundaries = network.decisionBoundaries
      readout = network.readout
      start = problem.start
      sampleSwitches = samples
      gates =
        rule.dropout.hidden > 0 ? IndependentSwitches(density: 1 - rule.dropout.hidden) : nil
    }
  }

  /// P.
  public var signalDirections: Int { data.signalDirections }
  /// η at a step.
  public func rate(at step: Int) -> Double { grid.rate(at: step) }
  /// σ at a step, by which the gradient of a sample in the mini-batch counts; σ b for copies, whose
  /// gates are s/b, and where mini-batches average out. `[problem.gradient]` `[schedule.speed]`
  public func strength(at step: Int) -> Double {
    let mask = rule.sampleMask
    let isAverage = grid.isIntegration && mask.averagesOut
    let density =
      isAverage ? grid.value(of: mask.density, at: step) : miniBatch.density(at: step)
    let strength = rule.gradientScale == .sum ? 1 : 1 / density
    return problem.copies > 1 || isAverage ? strength * density : strength
  }
  /// Whether a flow says how far the weights of small steps move back and forth: not where the
  /// noise of mini-batches averages out, as it adds to that distance for any step. `[flow.lengths]`
  public var hasLengths: Bool { rule.sampleMask.isFull || !rule.sampleMask.averagesOut }
  /// p, the speed at a point of a flow: dw/dt = -p G. `[schedule.speed]`
  public func speed(at step: Int) -> Double {
    rule.weightMask.switchDensity.map { grid.value(of: $0, at: step) } ?? 1
  }
  /// λ at a step.
  public func decay(at step: Int) -> Double { grid.value(of: rule.weightDecay, at: step) }
  /// ψ, with the numbers that the rule has at a step.
  public func update(at step: Int) -> any UpdateRule { rule.update.settled(at: step, on: grid) }
  /// η_a of the readout at a step.
  public func readoutRate(at step: Int) -> Double {
    grid.value(of: readout.learningRate, at: step)
  }
  /// λ δ_kl + Γ_kl(C(t, t)): what multiplies the weights in G, K x K row-major. `[boltzmann.drive]`
  ///
  /// A Boltzmann machine has Γ = α σ b D <S Sᵀ>: each of the b n samples of a step demands the
  /// average over the machine once.
  ///
  /// - Parameters:
  ///   - covariance: C_kl(t, t), K x K row-major.
  ///   - step: the step.
  public func pull(_ covariance: [Double], at step: Int) -> [Double] {
    var pull = [Double](repeating: 0, count: hiddenUnits * hiddenUnits)
    let decay = decay(at: step)
    if let machine {
      let strength =
        samplesPerWeight * strength(at: step) * sampleSwitches.density(at: step) * machine.variance
      pull = machine.pairs(covariance).map { strength * $0 }
    }
    for k in 0..<hiddenUnits { pull[k * (hiddenUnits + 1)] += decay }
    return pull
  }
}
