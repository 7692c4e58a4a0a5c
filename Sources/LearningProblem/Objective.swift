/// Λ(y, h) = ℓ(y, f(h)): a loss on top of a network, as a function of the fields.
/// `[problem.objective]`
///
/// If only errors count, samples with y f(h) >= 0 have no gradient; loss and error stay what they are.
/// `[update.lazy]` One call costs about 20 ns besides the transcendental functions of loss and network.
public struct Objective: Sendable {
  /// f.
  public let network: any Network
  /// ℓ.
  public let loss: any Loss
  /// K.
  public let hiddenUnits: Int
  /// Whether the gradient is that of misclassified samples alone, jumping to zero at y f(h) = 0.
  public let errorsOnly: Bool

  /// Puts `loss` on top of `network`.
  public init(network: any Network, loss: any Loss, errorsOnly: Bool = false) {
    self.network = network
    self.loss = loss
    self.errorsOnly = errorsOnly
    hiddenUnits = network.hiddenUnits
  }

  /// What one sample contributes to the observables.
  public struct Value: Sendable {
    /// Λ(y, h).
    public let loss: Double
    /// 1 if y f(h) < 0, 1/2 if f(h) = 0, else 0.
    public let error: Double
    /// Σ_k ∂²Λ/∂h_k², of the loss itself even where only errors count.
    public let curvature: Double
  }

  /// Λ(y, h); writes g_k = ∂Λ/∂h_k (K) and H_kl = ∂g_k/∂h_l (K x K, row-major).
  ///
  /// g_k = Θ ℓ' f_k and H_kl = Θ (ℓ'' f_k f_l + ℓ' f_kl), where Θ = 1 unless only errors count; then
  /// Θ = 1{y f < 0}, and H leaves out the jump of g, which Stein's formula restores.
  /// `[sampling.stein]`
  public func evaluate(
    label: Double, fields: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>
  ) -> Value {
    let output = network.evaluate(fields, gradient: &gradient, hessian: &hessian)
    let value = loss.evaluate(label: label, output: output)
    let margin = label * output
    var sharpness = 0.0
    for k in 0..<hiddenUnits {
      sharpness +=
        value.curvature * gradient[k] * gradient[k] + value.slope * hessian[k * (hiddenUnits + 1)]
    }
    var (slope, curvature) = (value.slope, value.curvature)
    if errorsOnly && margin >= 0 { (slope, curvature) = (0, 0) }
    for k in 0..<hiddenUnits {
      for l in 0..<hiddenUnits {
        let index = k * hiddenUnits + l
        hessian[index] = curvature * gradient[k] * gradient[l] + slope * hessian[index]
      }
    }
    for k in 0..<hiddenUnits { gradient[k] *= slope }
    return Value(
      loss: value.value, error: margin < 0 ? 1 : margin == 0 ? 0.5 : 0, curvature: sharpness)
  }
}
