/// What every sampled weight needs to find its gradient, the same for all. `[weight.sampled]`
struct WeightPlan {
  /// t.
  var step: Int
  /// Coefficients of v_p, of the start's noise (zeros) and of ε_r in μ v + u, for each unit.
  var driveRows: [[Double]]
  /// χ_k·(t, ·) over the flat weights of times 0...t, for each unit.
  var memoryRows: [[Double]]
  /// λ δ_kl + Γ_kl, K x K row-major. `[boltzmann.drive]`
  var pull: [Double]
  /// What becomes of the rows of a frame before this step; nil without one and at t = 0.
  var frame: FrameStep?
}
