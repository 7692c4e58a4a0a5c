/// Λ(y, h): what a sample costs, as a function of its K fields. `[problem.objective]`
///
/// It may depend on numbers that all samples share, the readout of the hidden units, which is
/// learned or fixed. `[network.readout]` One call costs some 20 ns besides the transcendental
/// functions.
public protocol Objective: Sendable {
  /// K.
  var hiddenUnits: Int { get }
  /// How many numbers of the readout it takes.
  var readoutCount: Int { get }
  /// Whether answers can be right or wrong, so that margins and errors mean something.
  var hasErrors: Bool { get }
  /// The places where Λ has kinks.
  var kinks: Kinks { get }
  /// Whether the gradient jumps somewhere, so that path derivatives of it are wrong: at kinks of Λ,
  /// or where samples cease to be learned from.
  var gradientJumps: Bool { get }

  /// Λ(y, h); writes g_k = ∂Λ/∂h_k (K), H_kl = ∂g_k/∂h_l (K x K, row-major), and ∂Λ/∂a, the
  /// derivatives with respect to the readout.
  ///
  /// Where g jumps, H leaves the jump out or smears it; Stein's formula restores it.
  /// `[sampling.stein]`
  func evaluate(
    label: Double, fields: Span<Double>, readout: Span<Double>,
    gradient: inout MutableSpan<Double>, hessian: inout MutableSpan<Double>,
    readoutGradient: inout MutableSpan<Double>
  ) -> ObjectiveValue

  /// Λ(y, h) and the margin alone, as `evaluate` gives them, at a fraction of its cost.
  func answer(label: Double, fields: Span<Double>, readout: Span<Double>) -> ObjectiveAnswer
}

/// Λ(y, h) and how clearly the answer is right.
public struct ObjectiveAnswer: Sendable {
  /// Λ(y, h).
  public let loss: Double
  /// See `ObjectiveValue.margin`.
  public let margin: Double

  /// 1 if the answer is wrong, 1/2 if undecided, else 0.
  @inlinable public var error: Double { margin < 0 ? 1 : margin == 0 ? 0.5 : 0 }
}

/// What one sample contributes to the observables.
public struct ObjectiveValue: Sendable {
  /// Λ(y, h).
  public let loss: Double
  /// How clearly the answer is right: below 0 it is wrong, at 0 undecided. Only its sign counts
  /// across networks; it is y f(h) for one output, and o_y minus the largest other output for
  /// classes.
  public let margin: Double
  /// Σ_k ∂²Λ/∂h_k², of the loss itself even where only errors count.
  public let curvature: Double

  /// Creates the triple.
  @inlinable
  public init(loss: Double, margin: Double, curvature: Double) {
    self.loss = loss
    self.margin = margin
    self.curvature = curvature
  }

  /// 1 if the answer is wrong, 1/2 if undecided, else 0.
  @inlinable public var error: Double { margin < 0 ? 1 : margin == 0 ? 0.5 : 0 }
}
