public import LearningProblem

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
  /// n', fresh samples of each run on which test loss and error are measured, 0 for none; nil for
  /// as many as it learns from. Real data have test rows instead. `[observable.fresh]`
  public var testSamples: Int?

  /// Creates settings; see the properties.
  public init(
    dimension: Int = 1000, runs: Int = 16, seed: UInt64 = 2, observeEvery: Int = 1,
    testSamples: Int? = nil
  ) {
    precondition(
      dimension >= 2 && runs >= 2 && observeEvery >= 1 && testSamples ?? 0 >= 0,
      "dimension >= 2, runs >= 2, observeEvery >= 1 and testSamples >= 0, got \(dimension), "
        + "\(runs), \(observeEvery), \(testSamples ?? 0)")
    self.testSamples = testSamples
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
  static let testSamples = Parameter(
    "test_samples", .integer(0...100_000_000),
    "n', fresh samples of each run that measure test loss and error; 0: not measured "
      + "(default: n = samples_per_weight dimension; not with data csv, whose other rows are the "
      + "test)",
    optional: true)
  /// Keys of `training` in the problem file.
  public static let parameters = [
    dimension, runs, seed, observeEvery, testSamples,
  ]

  /// Reads the section `training` of a problem file; with real data the dimension is that of the
  /// data.
  package init(from section: Section, of problem: Problem) throws {
    try section.refuseUnknownKeys(Self.parameters.map(\.name))
    var dimension = try section.integer(Self.dimension)
    let testSamples = try section.optionalInteger(Self.testSamples)
    if let measured = problem.data.measured {
      guard !section.has(Self.dimension.name) || dimension == measured.dimension else {
        throw section.problem(
          Self.dimension.name, found: "\(dimension)",
          allowed: "\(measured.dimension), the inputs of the data, or no such key")
      }
      dimension = measured.dimension
      section.record("\(dimension)", Self.dimension)
    } else if testSamples == nil,
      let samples = Int(exactly: (problem.samplesPerWeight * Double(dimension)).rounded())
    {
      section.record("\(max(1, samples))", Self.testSamples)
    }
    self.init(
      dimension: max(dimension, 2),
      runs: try section.integer(Self.runs),
      seed: UInt64(try section.integer(Self.seed)),
      observeEvery: try section.integer(Self.observeEvery),
      testSamples: testSamples)
  }

  /// Throws a `Mismatch` if the settings do not fit `problem`.
  package func validate(for problem: Problem) throws(Mismatch) {
    guard let testSamples, problem.data.measured != nil else { return }
    throw Mismatch(
      "training.test_samples", found: "\(testSamples) with data \(problem.data.kind)",
      allowed: "no such key: all rows that a run does not learn from are its test set")
  }

  /// n', the samples of a model that test a run in d = `dimension`: as many as it learns from,
  /// unless the settings say how many.
  func testSamples(of problem: Problem, dimension: Int) -> Int {
    testSamples ?? problem.samples(dimension: dimension)
  }
}
