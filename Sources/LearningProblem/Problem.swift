/// A learning problem: what is trained, on what, by which rule. No solver, no results.
///
/// ```swift
/// let problem = Problem(
///   data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.01),
///   learningRate: 0.2, steps: 80)
/// ```
/// The learning rule is `[problem.gradient]` and `[problem.update]` of `theory/`.
public struct Problem: Sendable {
  /// The convention for the strength σ of a mini-batch's gradient.
  public enum GradientScale: String, Sendable, CaseIterable {
    /// σ = 1: the gradient is a sum over the mini-batch.
    case sum
    /// σ = 1/b: a smaller mini-batch counts each sample more.
    case mean
  }

  /// The inputs and labels.
  public var data: any DataModel
  /// α = n/d > 0, samples per input.
  public var samplesPerWeight: Double
  /// The network f.
  public var network: any Network
  /// The loss ℓ.
  public var loss: any Loss
  /// λ >= 0, strength of the ridge term λ|w|²/2.
  public var weightDecay: Double
  /// The initial weights.
  public var start: Start
  /// The steps and their sizes η.
  public var grid: TimeGrid
  /// Whether σ is 1 or 1/b.
  public var gradientScale: GradientScale
  /// s: which samples count at a step.
  public var sampleMask: any Mask
  /// M: which weights may change at a step.
  public var weightMask: any WeightMask
  /// ψ: how a weight changes.
  public var update: any UpdateRule
  /// σ and its price: noise of the weights in every forward pass.
  public var weightNoise: WeightNoise
  /// What samples leave out of a learning pass.
  public var dropout: Dropout
  /// Random paths of the hidden units, where a mask draws these, over which results are averaged:
  /// at least 1. `[mask.units]`
  public var paths = 1
  /// The number of the path at hand, where it is one.
  public var path = 0
  /// Continuous time, where the steps of `grid` are those of the results or of an integration; nil
  /// if the steps themselves are meant. `[flow.limit]`
  public var flow: Flow?
  /// How the theory is solved.
  public var theory: TheorySettings
  /// How it is trained directly.
  public var training: TrainingSettings

  /// Creates a problem; ranges are those of the properties.
  public init(
    data: any DataModel, samplesPerWeight: Double, network: any Network = Perceptron(),
    loss: (any Loss)? = nil, weightDecay: Double = 0, start: Start, learningRate: Double,
    steps: Int, gradientScale: GradientScale = .sum, sampleMask: any Mask = FullMask(),
    weightMask: any WeightMask = FullMask(), update: any UpdateRule = PlainUpdate(),
    weightNoise: WeightNoise = WeightNoise(), dropout: Dropout = Dropout(),
    theory: TheorySettings = TheorySettings(), training: TrainingSettings = TrainingSettings()
  ) {
    precondition(
      samplesPerWeight > 0 && weightDecay >= 0,
      "samplesPerWeight \(samplesPerWeight) must be > 0 and weightDecay \(weightDecay) >= 0")
    precondition(
      start.overlap.count == network.hiddenUnits
        && start.overlap.allSatisfy { $0.count == data.signalDirections },
      "start.overlap must be \(network.hiddenUnits) rows of \(data.signalDirections)")
    self.data = data
    self.samplesPerWeight = samplesPerWeight
    self.network = network
    self.loss = loss ?? network.standardLoss
    self.weightDecay = weightDecay
    self.start = start
    grid = TimeGrid(learningRate: .constant(learningRate), steps: steps)
    self.gradientScale = gradientScale
    self.sampleMask = sampleMask
    self.weightMask = weightMask
    self.update = update
    self.weightNoise = weightNoise
    self.dropout = dropout
    self.theory = theory
    self.training = training
    if let measured = data.measured { self.training.dimension = measured.dimension }
    if let mismatch = Mismatch(self) { preconditionFailure("\(mismatch)") }
  }

  /// K.
  public var hiddenUnits: Int { network.hiddenUnits }
  /// P.
  public var signalDirections: Int { data.signalDirections }
  /// Λ(y, h), with the gradient that the update rule learns from.
  public var objective: any Objective {
    network.objective(loss, errorsOnly: update.learnsFromErrorsOnly)
  }
  /// σ of `[problem.gradient]`.
  public var gradientStrength: Double { gradientScale == .sum ? 1 : 1 / sampleMask.density }
  /// λ δ_kl + Γ_kl(C(t, t)): what multiplies the weights in G, K x K row-major. `[boltzmann.drive]`
  ///
  /// A Boltzmann machine has Γ = α σ b D <S Sᵀ>: each of the b n samples of a step demands the
  /// average over the machine once.
  ///
  /// - Parameter covariance: C_kl(t, t), K x K row-major.
  public func weightPull(covariance: [Double]) -> [Double] {
    let units = hiddenUnits
    var pull = [Double](repeating: 0, count: units * units)
    if let machine = network.machine {
      let strength =
        samplesPerWeight * gradientStrength * sampleMask.density * machine.variance
      pull = machine.pairs(covariance).map { strength * $0 }
    }
    for k in 0..<units { pull[k * (units + 1)] += weightDecay }
    return pull
  }
  /// The same problem along each path of the hidden units; itself if there is but one.
  public var alongPaths: [Problem] {
    guard weightMask.units.isRandom, paths > 1 else { return [self] }
    return (0..<paths).map { path in
      var problem = self
      problem.path = path
      return problem
    }
  }
  /// When a sample's gradient reaches a hidden unit, scaled by 1/density where it does; nil if
  /// always: dropout of hidden units, or the mini-batches of replicas.
  public var hiddenSwitches: (any SwitchLaw)? {
    if let replicas = network as? Replicas { return replicas.mask }
    return dropout.hidden > 0 ? IndependentMask(density: 1 - dropout.hidden) : nil
  }
  /// `count` copies with the same samples and start, and mini-batches of their own; traps what
  /// cannot be copied. `[replica.site]`
  public func replicated(_ count: Int = 2) -> Problem {
    if let mismatch = Mismatch.inReplicas(self) { preconditionFailure("\(mismatch)") }
    var problem = self
    problem.network = Replicas(
      of: network, count: count, mask: sampleMask, strength: gradientStrength)
    problem.sampleMask = FullMask()
    problem.gradientScale = .sum
    problem.start = Start(
      variance: start.variance, overlap: Array(repeating: start.overlap[0], count: count),
      isShared: true)
    return problem
  }
  /// The same problem in steps of `step` of a flow: switches keep their rates. `[flow.switch]`
  public func steps(_ count: Int, ofFlow step: Double) -> Problem {
    func resolved(_ mask: any Mask) -> any Mask {
      guard let chain = mask as? PersistentMask, let time = chain.flowTime else { return mask }
      return PersistentMask(density: chain.density, flowTime: time, step: step)
    }
    var problem = self
    problem.grid = TimeGrid(learningRate: .constant(step), steps: count)
    problem.sampleMask = resolved(sampleMask)
    if let replicas = network as? Replicas {
      problem.network = Replicas(
        of: replicas.original, count: replicas.hiddenUnits, mask: resolved(replicas.mask),
        strength: replicas.readout.initial[0] / replicas.mask.density)
    }
    return problem
  }
  /// The same problem in continuous time; traps what has no limit there, also in copies of it.
  public func flowing(_ flow: Flow) -> Problem {
    let mismatch = Mismatch.inFlow(
      network: network, sampleMask: (network as? Replicas)?.mask ?? sampleMask,
      weightMask: weightMask, update: update, weightNoise: weightNoise, dropout: dropout)
    if let mismatch { preconditionFailure("\(mismatch)") }
    var problem = self
    problem.flow = flow
    problem.grid = TimeGrid(learningRate: .constant(flow.step), steps: flow.steps)
    return problem
  }
  /// n = round(α d) >= 1 in d = `dimension`; traps where it is no Int.
  public func samples(dimension: Int) -> Int {
    max(1, Int((samplesPerWeight * Double(dimension)).rounded()))
  }
  /// n', the samples of a model that test a training run in d = `dimension`: as many as it learns
  /// from, unless `training` says how many.
  public func testSamples(dimension: Int) -> Int {
    training.testSamples ?? samples(dimension: dimension)
  }

  static let samplesPerWeight = Parameter(
    "samples_per_weight", .number(.positive), "alpha = n/d, samples per input")
  static let weightDecay = Parameter(
    "weight_decay", .number(.nonNegative), "lambda, ridge strength", default: "0")
  static let learningRate = Parameter(
    "learning_rate", .number(.positive), "eta, step size; not with time.kind flow")
  static let steps = Parameter(
    "steps", .integer(1...100_000), "T, number of steps; not with time.kind flow")
  static let paths = Parameter(
    "paths", .integer(1...10_000),
    "random paths of the hidden units (weight_mask row, subnet) to average over", default: "1")
  static let replicas = Parameter(
    "replicas", .integer(1...2),
    "2: copies with the same samples and start and mini-batches of their own, and their distance",
    default: "1")
  static let gradientScale = Parameter(
    "gradient_scale", .choice(GradientScale.allCases.map(\.rawValue)),
    "sum: sigma = 1; mean: sigma = 1/density of the sample mask", default: "sum")
  /// Keys at the top of the problem file that are not ingredients.
  public static let parameters = [
    samplesPerWeight, weightDecay, learningRate, steps, gradientScale, paths, replicas,
  ]

  init(from section: Section) throws {
    try section.refuseUnknownKeys(
      section.catalogue.families.map(\.key) + Self.parameters.map(\.name) + [
        "start", "time", "weight_noise", "dropout", "theory", "training",
      ])
    var section = section
    let flow = try Flow.read(from: try section.section("time"))
    for parameter in [Self.learningRate, Self.steps]
    where flow != nil && section.has(parameter.name) {
      throw section.problem(
        parameter.name, found: "it with time.kind flow",
        allowed: "no such key (delete it): a flow has time.duration and time.step")
    }
    let learningRate = try flow?.step ?? section.number(Self.learningRate)
    section.learningRate = learningRate
    section.isFlow = flow != nil
    func part<Part>(
      _ key: String, as type: Part.Type, standard: String? = nil
    ) throws -> Part {
      guard let part = try section.ingredient(key, standard: standard) as? Part else {
        preconditionFailure("the catalogue lists a wrong type under \(key)")
      }
      return part
    }
    let data = try part("data", as: (any DataModel).self)
    let samplesPerWeight = try section.number(Self.samplesPerWeight)
    let network = try part("network", as: (any Network).self)
    let start = try section.section("start")
    try start.refuseUnknownKeys(Start.parameters.map(\.name))
    let loss = try part(
      "loss", as: (any Loss).self, standard: network.standardLoss.kind)
    let update = try part("update", as: (any UpdateRule).self)
    let weightNoise = try WeightNoise(from: try section.section("weight_noise"))
    let dropout = try Dropout(from: try section.section("dropout"))
    let training = try TrainingSettings(
      from: try section.section("training"), data: data, samplesPerWeight: samplesPerWeight)
    let parts = Mismatch(
      data: data, samplesPerWeight: samplesPerWeight, network: network, loss: loss, update: update,
      weightNoise: weightNoise,
      dropout: dropout, training: training, catalogue: section.catalogue)
    let sampleMask = try part("sample_mask", as: (any Mask).self)
    let weightMask = try part("weight_mask", as: (any WeightMask).self)
    let mismatch =
      parts
      ?? flow.flatMap { _ in
        Mismatch.inFlow(
          network: network, sampleMask: sampleMask, weightMask: weightMask, update: update,
          weightNoise: weightNoise, dropout: dropout)
      }
    if let mismatch { throw try mismatch.error(in: section) }
    self.init(
      data: data,
      samplesPerWeight: samplesPerWeight,
      network: network,
      loss: loss,
      weightDecay: try section.number(Self.weightDecay),
      start: Start(
        variance: try start.number(Start.variance),
        overlap: try start.matrix(
          Start.overlap, rows: network.hiddenUnits, columns: data.signalDirections)),
      learningRate: learningRate,
      steps: try flow.map(\.steps) ?? section.integer(Self.steps),
      gradientScale: GradientScale(rawValue: try section.choice(Self.gradientScale)) ?? .sum,
      sampleMask: sampleMask,
      weightMask: weightMask,
      update: update,
      weightNoise: weightNoise,
      dropout: dropout,
      theory: try TheorySettings(from: try section.section("theory")),
      training: training)
    paths = try section.integer(Self.paths)
    self.flow = flow
    guard try section.integer(Self.replicas) == 2 else { return }
    if let mismatch = Mismatch.inReplicas(self) { throw try mismatch.error(in: section) }
    self = replicated()
  }
}
