/// A rule inside the inputs that answers for every sample. `[problem.teacher]`
///
/// The signal direction v, |v|² = d, is a direction of the input itself: x ~ N(0, I_d) and
/// ν = v·x/√d ~ N(0, 1). The label is a function of ν and of a noise ξ ~ N(0, 1) of the sample,
/// odd in the two together.
public struct Teacher: Sendable, Equatable {
  /// What is answered.
  public enum Labels: String, Sendable, CaseIterable {
    /// y = ν + noise ξ.
    case regression
    /// y = sign ν.
    case sign
  }

  /// What is answered.
  public let labels: Labels
  /// σ_y, the standard deviation of the noise on a regression label, >= 0; 0 for signs.
  public let noise: Double

  /// Creates a teacher; signs have no noise.
  public init(labels: Labels = .regression, noise: Double = 0) {
    precondition(
      noise >= 0 && (labels == .regression || noise == 0),
      "noise must be >= 0, and 0 for signs, got \(noise)")
    self.labels = labels
    self.noise = noise
  }

  /// y. `[problem.teacher]`
  public func label(signal nu: Double, noise xi: Double) -> Double {
    switch labels {
    case .regression: nu + noise * xi
    case .sign: nu < 0 ? -1 : 1
    }
  }

  /// c = E[y ν], what of the label is linear in the input.
  public var alignment: Double {
    labels == .regression ? 1 : (2 / Double.pi).squareRoot()
  }

  /// τ = √(E[y²] - c²): y = c ν + τ φ with φ uncorrelated with ν. `[sample.teacher]`
  public var remainder: Double {
    labels == .regression ? noise : (1 - 2 / Double.pi).squareRoot()
  }
}
