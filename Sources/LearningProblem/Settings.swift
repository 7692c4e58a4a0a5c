/// How the theory is solved.
public struct TheorySettings: Sendable {
  /// The estimator of χ in the sampled sample site. `[sampling.stein]` `[response.tangent]`
  public enum Response: String, Sendable, CaseIterable {
    /// Gaussian integration by parts: fast, no tangents.
    case stein
    /// The path derivative of each trajectory: an independent check at cost N T³.
    case tangent
  }

  /// Which sites may be solved without sampling.
  public enum Sites: String, Sendable, CaseIterable {
    /// Closed wherever a closed form exists, with sampled probes for what needs distributions.
    case auto
    /// Closed equations alone: no probes.
    case closed
    /// The sample site is always sampled.
    case ensemble
    /// Both sites are always sampled.
    case ensembleBoth = "ensemble-both"
  }

  /// N, trajectories of one batch.
  public var trajectories: Int
  /// Independent solves, whose spread is the error bar; at least 2.
  public var batches: Int
  /// Seed of all random numbers of the theory.
  public var seed: UInt64
  /// How χ is estimated.
  public var response: Response
  /// Which sites are sampled.
  public var sites: Sites

  /// Creates settings; see the properties.
  public init(
    trajectories: Int = 4000, batches: Int = 8, seed: UInt64 = 1, response: Response = .stein,
    sites: Sites = .auto
  ) {
    precondition(
      trajectories >= 100 && batches >= 2,
      "trajectories must be >= 100 and batches >= 2, got \(trajectories) and \(batches)")
    self.trajectories = trajectories
    self.batches = batches
    self.seed = seed
    self.response = response
    self.sites = sites
  }

  static let trajectories = Parameter(
    "trajectories", .integer(100...10_000_000), "N, sampled trajectories of one batch",
    default: "4000")
  static let batches = Parameter(
    "batches", .integer(2...10_000), "independent solves; their spread is the error bar",
    default: "8")
  static let seed = Parameter(
    "seed", .integer(0...Int.max), "seed of the random numbers", default: "1")
  static let response = Parameter(
    "response", .choice(Response.allCases.map(\.rawValue)),
    "estimator of the gradient response: stein (fast) or tangent (a check; N T^3)",
    default: "stein")
  static let sites = Parameter(
    "sites", .choice(Sites.allCases.map(\.rawValue)),
    "auto: closed equations wherever they exist, and sampled probes for what they leave open; "
      + "closed: no probes; ensemble: always sample the data site; ensemble-both: sample both",
    default: "auto")
  /// Keys of `theory` in the problem file.
  public static let parameters = [trajectories, batches, seed, response, sites]

  init(from section: Section) throws {
    try section.refuseUnknownKeys(Self.parameters.map(\.name))
    self.init(
      trajectories: try section.integer(Self.trajectories),
      batches: try section.integer(Self.batches),
      seed: UInt64(try section.integer(Self.seed)),
      response: Response(rawValue: try section.choice(Self.response)) ?? .stein,
      sites: Sites(rawValue: try section.choice(Self.sites)) ?? .auto)
  }
}

/// How the same problem is trained directly at finite dimension.
public struct TrainingSettings: Sendable {
  /// d, number of inputs.
  public var dimension: Int
  /// Independent runs (data, start and masks drawn anew), whose spread is the error bar.
  public var runs: Int
  /// Seed of all random numbers of the training.
  public var seed: UInt64
  /// Observables are measured at steps 0, k, 2k, ... and at the last step.
  public var observeEvery: Int
  /// k of contrastive divergence, for Boltzmann machines: block Gibbs steps from the data that
  /// stand in for the average over the machine; 0 takes the exact average.
  /// `[boltzmann.contrastive]`
  public var contrastiveDivergence: Int
  /// n', fresh samples of each run on which test loss and error are measured, 0 for none; nil for
  /// as many as it learns from. Real data have test rows instead. `[observable.fresh]`
  public var testSamples: Int?

  /// Creates settings; see the properties.
  public init(
    dimension: Int = 1000, runs: Int = 16, seed: UInt64 = 2, observeEvery: Int = 1,
    contrastiveDivergence: Int = 0, testSamples: Int? = nil
  ) {
    precondition(
      dimension >= 2 && runs >= 2 && observeEvery >= 1 && contrastiveDivergence >= 0
        && testSamples ?? 0 >= 0,
      "dimension >= 2, runs >= 2, observeEvery >= 1, contrastiveDivergence >= 0 and "
        + "testSamples >= 0, got \(dimension), \(runs), \(observeEvery), \(contrastiveDivergence), "
        + "\(testSamples ?? 0)")
    self.testSamples = testSamples
    self.contrastiveDivergence = contrastiveDivergence
    self.dimension = dimension
    self.runs = runs
    self.seed = seed
    self.observeEvery = observeEvery
  }

  static let dimension = Parameter(
    "dimension", .integer(2...1_000_000), "d, number of inputs (with data csv: that of the file)",
    default: "1000")
  static let runs = Parameter(
    "runs", .integer(2...100_000), "independent runs; their spread is the error bar", default: "16")
  static let seed = Parameter(
    "seed", .integer(0...Int.max), "seed of the random numbers", default: "2")
  static let observeEvery = Parameter(
    "observe_every", .integer(1...Int.max), "steps between two measurements", default: "1")
  static let contrastiveDivergence = Parameter(
    "contrastive_divergence", .integer(0...10_000),
    "k of CD-k for a boltzmann network, block Gibbs steps; 0: exact likelihood gradient",
    default: "0")
  static let testSamples = Parameter(
    "test_samples", .integer(0...100_000_000),
    "n', fresh samples of each run that measure test loss and error; 0: not measured "
      + "(default: n = samples_per_weight dimension; not with data csv, whose other rows are the "
      + "test)",
    optional: true)
  /// Keys of `training` in the problem file.
  public static let parameters = [
    dimension, runs, seed, observeEvery, contrastiveDivergence, testSamples,
  ]

  /// Reads the section `training`; with real data the dimension is that of the data.
  init(from section: Section, data: any DataModel, samplesPerWeight: Double) throws {
    try section.refuseUnknownKeys(Self.parameters.map(\.name))
    var dimension = try section.integer(Self.dimension)
    let testSamples = try section.optionalInteger(Self.testSamples)
    if let measured = data.measured {
      guard !section.has(Self.dimension.name) || dimension == measured.dimension else {
        throw section.problem(
          Self.dimension.name, found: "\(dimension)",
          allowed: "\(measured.dimension), the inputs of the data, or no such key")
      }
      dimension = measured.dimension
      section.record("\(dimension)", Self.dimension)
    } else if testSamples == nil,
      let samples = Int(exactly: (samplesPerWeight * Double(dimension)).rounded())
    {
      section.record("\(max(1, samples))", Self.testSamples)
    }
    self.init(
      dimension: max(dimension, 2),
      runs: try section.integer(Self.runs),
      seed: UInt64(try section.integer(Self.seed)),
      observeEvery: try section.integer(Self.observeEvery),
      contrastiveDivergence: try section.integer(Self.contrastiveDivergence),
      testSamples: testSamples)
  }
}
