public import LearningProblem
internal import NumericalKit

/// The least test errors there are, for any network and any rule. `[optimal.oracle]`
/// `[optimal.bayes]`
///
/// In the limit d → ∞ and with unlimited computation. The Bayes-optimal error is that of who knows
/// α d labelled samples, the model behind them, and the start of the weights if that has an overlap
/// with the signal; the oracle's is that of who knows the signal itself. Noise of the weights or
/// dropout cannot help, so these are bounds with them as well.
///
/// ```swift
/// let errors = OptimalErrors(dynamics)
/// errors?.oracle.value                          // two clusters, Δ 0.5: 0.07865
/// errors?.bayes(samplesPerWeight: 2).value      // 0.10295
/// ```
public struct OptimalErrors: Sendable {
  private enum Signal {
    case mixture([Cluster], MixturePosterior)
    case groups([Cluster], GroupPosterior)
    case teacher(TeacherPosterior)
  }

  private let signal: Signal
  private let directions: Int
  /// The error of who knows v: exact up to rounding for clusters that differ in one direction, to
  /// about 1e-8 in two, with an error bar in more.
  public let oracle: Estimate

  /// Prepares the errors of the problem's data; nil where nobody makes errors (Boltzmann machines),
  /// for real data, whose law is not known, and for inputs in groups with a teacher, with
  /// clusters that share label and variance, or with clusters of different shape.
  /// `[inputs.optimal]` `[inputs.clusters]`
  ///
  /// Costs some milliseconds, seconds for ten clusters in as many directions.
  public init?(_ dynamics: Dynamics) {
    guard dynamics.objective.hasErrors, dynamics.data.measured == nil else { return nil }
    directions = dynamics.signalDirections
    let information = Self.information(dynamics.start, directions: directions)
    if let groups = dynamics.groups {
      let clusters = dynamics.data.clusters
      guard dynamics.data.teacher == nil, groups.areShared,
        let posterior = GroupPosterior(clusters, groups, information: information)
      else { return nil }
      signal = .groups(clusters, posterior)
      oracle = Self.error(clusters, overlap: posterior.oracleMetric)
    } else if let teacher = dynamics.data.teacher {
      let posterior = TeacherPosterior(teacher: teacher, information: information[0, 0])
      signal = .teacher(posterior)
      oracle = Estimate(posterior.error(overlap: 1))
    } else {
      let clusters = dynamics.data.clusters
      signal = .mixture(clusters, MixturePosterior(clusters, information: information))
      oracle = Self.error(
        clusters, overlap: SymmetricMatrix(size: directions, diagonal: 1))
    }
  }

  /// The least error after `samplesPerWeight` d >= 0 samples; chance, or what the start says, for
  /// 0.
  ///
  /// Where it hardly depends on the first guess, near a transition, q is found to about 1e-4.
  public func bayes(samplesPerWeight alpha: Double) -> Estimate {
    precondition(alpha >= 0, "samples per weight \(alpha) < 0")
    switch signal {
    case .teacher(let posterior):
      return Estimate(posterior.error(overlap: posterior.overlap(samplesPerWeight: alpha)))
    case .mixture(let clusters, let posterior):
      return Self.error(clusters, overlap: posterior.overlap(samplesPerWeight: alpha))
    case .groups(let clusters, let posterior):
      return Self.error(clusters, overlap: posterior.metric(samplesPerWeight: alpha))
    }
  }

  /// q of `[optimal.evolution]` or `[optimal.teacher]`, P rows of P.
  public func overlap(samplesPerWeight alpha: Double) -> [[Double]] {
    switch signal {
    case .teacher(let posterior): return [[posterior.overlap(samplesPerWeight: alpha)]]
    case .mixture(_, let posterior): return rows(posterior.overlap(samplesPerWeight: alpha))
    case .groups(_, let posterior): return rows(posterior.overlap(samplesPerWeight: alpha))
    }
  }

  private func rows(_ q: SymmetricMatrix) -> [[Double]] {
    (0..<directions).map { p in (0..<directions).map { q[p, $0] } }
  }

  /// Clusters of different variance are told apart by |x|²; within a variance the posterior
  /// decides.
  private static func error(_ clusters: [Cluster], overlap: SymmetricMatrix) -> Estimate {
    let root = overlap.applying { max($0, 0).squareRoot() }
    let parts = VisibleClusters.groups(clusters).map {
      OptimalDecision(VisibleClusters($0, root: root)).error
    }
    return Estimate(
      parts.reduce(0) { $0 + $1.value },
      standardError: parts.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot())
  }

  /// m0ᵀ m0/R0: w_k(0) = √R0 ξ + Σ_p m0_kp v_p is a measurement of v. `[optimal.start]`
  private static func information(_ start: Start, directions: Int) -> SymmetricMatrix {
    let variance = max(start.variance, 1e-12)
    return SymmetricMatrix(
      size: directions, moments: start.overlap, weights: start.overlap.map { _ in 1 / variance })
  }
}
