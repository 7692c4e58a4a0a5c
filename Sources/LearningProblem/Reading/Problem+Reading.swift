extension Problem {
  static let samplesPerWeight = Parameter(
    "samples_per_weight", .number(.positiveSquare), "alpha = n/d, samples per input")
  static let learningRate = Parameter(
    "learning_rate", .schedule(.positive), "eta, step size; not with time.kind flow")
  static let steps = Parameter(
    "steps", .integer(1...100_000), "T, number of steps; not with time.kind flow")
  static let copiesKey = Parameter(
    "replicas", .integer(1...2),
    "2: copies with the same samples and start and mini-batches of their own, and their distance",
    default: "1")
  /// The keys of a problem that are no sections, in the order in which they are listed.
  package static let parameters = [
    samplesPerWeight, LearningRule.weightDecayKey, learningRate, steps,
    LearningRule.gradientScaleKey, copiesKey,
  ]
  /// The sections of a problem that are no ingredients.
  package static let sections = ["start", "time", "weight_noise", "dropout"]

  /// Reads a problem from the top of a problem file.
  package init(from section: Section) throws {
    let data = try section.part("data", as: (any DataModel).self)
    let network = try section.part("network", as: (any Network).self)
    let start = try section.section("start")
    try start.refuseUnknownKeys(Start.parameters.map(\.name))
    self.init(
      data: data, inputs: try section.part("inputs", as: (any InputModel).self),
      samplesPerWeight: try section.number(Self.samplesPerWeight),
      network: network,
      loss: try section.part("loss", as: (any Loss).self, standard: network.standardLoss.kind),
      rule: try LearningRule(from: section),
      start: Start(
        variance: try start.number(Start.variance),
        overlap: try start.matrix(
          Start.overlap, rows: network.hiddenUnits, columns: data.signalDirections)),
      timing: try Timing(from: section),
      copies: try section.integer(Self.copiesKey))
    do {
      try validate(catalogue: section.catalogue)
    } catch {
      throw try section.problem(error)
    }
  }
}

extension LearningRule {
  static let weightDecayKey = Parameter(
    "weight_decay", .schedule(.nonNegative), "lambda, ridge strength", default: "0")
  static let gradientScaleKey = Parameter(
    "gradient_scale", .choice(GradientScale.allCases.map(\.rawValue)),
    "sum: sigma = 1; mean: sigma = 1/density of the sample mask", default: "sum")

  /// Reads a rule from the top of a problem file.
  init(from section: Section) throws {
    self.init(
      update: try section.part("update", as: (any UpdateRule).self),
      weightDecay: try section.schedule(Self.weightDecayKey),
      gradientScale: GradientScale(rawValue: try section.choice(Self.gradientScaleKey)) ?? .sum,
      sampleMask: try section.part("sample_mask", as: (any Mask).self),
      weightMask: try section.part("weight_mask", as: (any WeightMask).self),
      dropout: try Dropout(from: try section.section("dropout")),
      weightNoise: try WeightNoise(from: try section.section("weight_noise")))
  }
}

extension Timing {
  /// Reads `time`, or `steps` and `learning_rate`, from the top of a problem file.
  init(from section: Section) throws {
    guard let flow = try Flow.read(from: try section.section("time")) else {
      self = .steps(
        try section.integer(Problem.steps),
        learningRate: try section.schedule(Problem.learningRate))
      return
    }
    for parameter in [Problem.learningRate, Problem.steps] where section.has(parameter.name) {
      throw section.problem(
        parameter.name, found: "it with time.kind flow",
        allowed:
          "no such key (delete it): a flow has time.duration and time.step; its time is the sum "
          + "of the learning rates, so that a schedule of them is another clock")
    }
    self = .flow(flow)
  }
}

extension Section {
  /// The ingredient under `key`, which the catalogue lists as one of `type`; `standard` is the kind
  /// taken where the key is missing.
  func part<Part>(_ key: String, as type: Part.Type, standard: String? = nil) throws -> Part {
    guard let part = try ingredient(key, standard: standard) as? Part else {
      preconditionFailure("the catalogue lists a wrong type under \(key)")
    }
    return part
  }

  /// The error about the problem file that a mismatch of its parts is.
  package func problem(_ mismatch: Mismatch) throws -> ProblemError {
    let keys = mismatch.path.split(separator: ".").map(String.init)
    guard keys.count > 1 else {
      return problem(keys[0], found: mismatch.found, allowed: mismatch.allowed)
    }
    return try section(keys[0]).problem(
      keys[1], found: mismatch.found, allowed: mismatch.allowed)
  }
}
