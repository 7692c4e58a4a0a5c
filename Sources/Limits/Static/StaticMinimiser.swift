/// The end of full-batch gradient descent on a convex loss, and what it is worth. `[limit.static]`
///
/// All exact in the limit of infinite dimension. Without decay some quantities may be infinite.
public struct StaticMinimiser: Sendable, Equatable {
  /// What is minimised.
  public enum Regime: String, Sendable, CaseIterable {
    /// The loss with weight decay λ > 0.
    case regularised
    /// The loss alone, for λ = 0 and samples that cannot be fit: the limit λ -> 0+ is its minimum.
    case unregularised
    /// λ -> 0+ with a loss that falls to zero beyond a margin, and separable samples.
    case maximumMargin = "maximum-margin"
    /// λ -> 0+ with the square loss and no more samples than weights.
    case minimumNorm = "minimum-norm"
  }

  /// What is minimised.
  public var regime: Regime
  /// m_p = w·v_p/d; infinite with the norm, along the directions that are learned.
  public var overlaps: [Double]
  /// m_p/√C, from -1 to 1.
  public var alignments: [Double]
  /// C = |w|²/d.
  public var norm: Double
  /// The C that fields see: C itself, or Σ ρ f C over groups of inputs. `[inputs.sample]`
  public var fieldNorm: Double
  /// R̂ = -Σ_s R(t, s): how far a constant field on the gradient moves a weight; as fields see it.
  public var response: Double
  /// χ̂ = Σ_s χ(t, s): how strongly the loss holds a weight, beside the decay.
  public var curvature: Double
  /// m_p over the square root of the C that fields see.
  var fieldAlignments: [Double] {
    let ratio = norm.isFinite ? (norm / fieldNorm).squareRoot() : 1
    return alignments.map { $0 * ratio }
  }
  /// Mean loss of the samples.
  public var trainingLoss: Double
  /// Fraction of the samples with y h < 0.
  public var trainingError: Double
  /// Mean loss of a fresh sample.
  public var testLoss: Double
  /// Probability of y h < 0 for a fresh sample.
  public var testError: Double
  /// α times the training loss plus λC/2: what is minimised, per weight. `[static.cost]`
  public var cost: Double
  /// κ, the distance of the closest sample from the hyperplane; nil unless the margin is the
  /// largest. `[static.margin]`
  public var margin: Double?
  /// α*, below which samples can be separated. `[static.threshold]`
  public var separabilityThreshold: Double
  /// The largest residual of the equations.
  public var residual: Double
}
