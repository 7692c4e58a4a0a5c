public import NumericalKit
public import Observables

/// The four kernels of one solve, indexed by flat indices a = t K + k. `[order.parameters]`
public struct Kernels: Sendable, Codable {
  /// The steps that the times of the kernels are: all from 0 on, or chosen ones
  /// `[frame.rows]`. Gradients have no last one.
  public var steps: [Int]
  /// C_kl(t, s) = E[w_k(t) w_l(s)], times 0...T, symmetric.
  public var correlation: TwoTimeKernel
  /// R_kl(t, s) = E[∂w_k(t)/∂f_l(s)], times 0...T, causal.
  public var response: TwoTimeKernel
  /// S_kl(t, s), covariance of the random part of the gradient, times 0..<T, symmetric.
  public var gradientCovariance: TwoTimeKernel
  /// χ_kl(t, s), response of the gradient, times 0..<T, causal with its diagonal.
  public var gradientResponse: TwoTimeKernel
}

/// What the mean-field solver found.
public struct Solution: Answer {
  /// One curve per observable, at every step.
  public let curves: [Curve]
  /// What each batch measured, one per independent solve.
  public let recordings: [Recording]
  /// Densities of w_k/√C_kk at the last step over the bins of `WeightHistogram`, [k][bin]; nil
  /// where closed equations alone do not give them.
  public let weightDensities: [[Estimate]]?
  /// Mean of the kernels over the batches; nil unless asked for.
  public let kernels: Kernels?
  /// Standard errors of the kernels, same layout; nil for exact solutions or unless asked for.
  public let kernelErrors: Kernels?
  /// Correlations and responses from waiting times on, of each solve; nil unless asked for.
  public internal(set) var aging: Aging?
  /// How it was solved.
  public let diagnostics: Diagnostics

  /// How a solution came about, for the run record.
  public struct Diagnostics: Sendable {
    /// `closed` or `ensemble`.
    public let sampleSite: String
    /// `closed` or `ensemble`.
    public let weightSite: String
    /// Trajectories per batch; 0 if nothing was sampled.
    public let trajectories: Int
    /// Independent solves behind the error bars; 1 if nothing was sampled.
    public let batches: Int
    /// The largest standard error over curves and steps.
    public let largestStandardError: Double
    /// Remarks for the user, such as observables that closed equations do not give.
    public let notes: [String]
    /// How continuous time was integrated; nil if time goes in steps.
    public var flow: FlowDiagnostics?
    /// How the past was kept; nil if each step kept its row.
    public var frame: FrameDiagnostics?
  }

  /// The frame in which the past stood. `[frame.rows]`
  public struct FrameDiagnostics: Sendable, Codable {
    /// Rows at the end, the most of all batches.
    public let rows: Int
    /// A block of L steps lies at least about this many times L back.
    public let width: Int
    /// Functions of a block, at least.
    public let degree: Int
    /// The most that a merge threw away of C(t, ·)/C(t, t), as a root mean square over its steps.
    public let largestLoss: Double
  }

  /// How continuous time was integrated. `[flow.richardson]`
  public struct FlowDiagnostics: Sendable {
    /// The step of the finer march at the start.
    public let step: Double
    /// Points of the finer march, stages included.
    public let points: Int
    /// The largest error of the finer march by the size of its steps, relative to max(1, |value|).
    public let discretisationError: Double
  }
}
