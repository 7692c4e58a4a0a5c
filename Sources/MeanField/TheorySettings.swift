public import LearningProblem
public import Observables

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

  /// How the past is kept. `[frame.rows]`
  public enum History: String, Sendable, CaseIterable {
    /// In a frame where that is faster and safe, else step by step: from 500 steps on, for one
    /// hidden unit or closed sites.
    case auto
    /// Step by step: memory and time grow with the square of the number of steps.
    case all
    /// In a frame wherever one is possible.
    case compressed
  }

  /// How what has no closed form is sampled.
  public var sampling: Sampling
  /// How χ is estimated.
  public var response: Response
  /// Which sites are sampled.
  public var sites: Sites
  /// How the past is kept.
  public var history: History
  /// What merges of rows may throw away of C(t, ·)/C(t, t), as a root mean square over the steps of
  /// a block; nil takes what suits the noise. `[frame.merge]`
  public var historyTolerance: Double?
  /// The most times of kernels where the past stands in a frame.
  public var kernelTimes: Int

  /// Creates settings; see the properties.
  public init(
    trajectories: Int = 4000, batches: Int = 8, seed: UInt64 = 1, response: Response = .stein,
    sites: Sites = .auto, history: History = .auto,
    historyTolerance: Double? = nil, kernelTimes: Int = 200
  ) {
    sampling = Sampling(trajectories: trajectories, batches: batches, seed: seed)
    self.response = response
    self.sites = sites
    self.history = history
    self.historyTolerance = historyTolerance
    self.kernelTimes = kernelTimes
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
  static let history = Parameter(
    "history", .choice(History.allCases.map(\.rawValue)),
    "how the past is kept: all (a row for each step), compressed (in a frame of some hundred "
      + "rows, for long runs) or auto (compressed where that is faster)",
    default: "auto")
  static let historyTolerance = Parameter(
    "history_tolerance", .number(.positive),
    "what a frame may throw away of C(t, s)/C(t, t), root mean square; by default 1e-5 in closed "
      + "equations, else 0.01/sqrt(trajectories), which is their noise",
    optional: true)
  static let kernelTimes = Parameter(
    "kernel_times", .integer(2...2000),
    "the most times of kernels of a compressed run, denser early", default: "200")
  /// Keys of `theory` in the problem file.
  public static let parameters = [
    trajectories, batches, seed, response, sites, history, historyTolerance, kernelTimes,
  ]

  /// Reads the section `theory` of a problem file.
  package init(from section: Section) throws {
    try section.refuseUnknownKeys(Self.parameters.map(\.name))
    self.init(
      trajectories: try section.integer(Self.trajectories),
      batches: try section.integer(Self.batches),
      seed: UInt64(try section.integer(Self.seed)),
      response: Response(rawValue: try section.choice(Self.response)) ?? .stein,
      sites: Sites(rawValue: try section.choice(Self.sites)) ?? .auto,
      history: History(rawValue: try section.choice(Self.history)) ?? .auto,
      historyTolerance: try section.optionalNumber(Self.historyTolerance),
      kernelTimes: try section.integer(Self.kernelTimes))
  }
}
