internal import Foundation

/// The law of Marchenko and Pastur for the eigenvalues x of the data's second moments XᵀX/d, with
/// the measure that the signal of two clusters sees. `[limit.spectral]`
///
/// Integrals are midpoint sums in θ, x = Δ (1 + α + 2 √α cos θ): integrands are even, periodic and
/// analytic there, so that the sums converge exponentially.
public struct DataSpectrum {
  /// A place of the continuous part, and the mass it stands for.
  public struct Node {
    /// x.
    public let value: Double
    /// The share of ν at x.
    public let weight: Double
  }

  private let alpha: Double
  private let variance: Double
  /// The nodes of the continuous part of ν.
  public let nodes: [Node]

  /// The spectrum at α = `alpha`, for inputs of variance Δ = `variance`: 1 for a teacher's.
  public init(alpha: Double, variance: Double = 1) {
    self.alpha = alpha
    self.variance = variance
    let count = 2000
    nodes = (0..<count).map { i in
      let angle = (Double(i) + 0.5) * .pi / Double(count)
      let x = variance * (1 + alpha + 2 * alpha.squareRoot() * cos(angle))
      let weight = 2 * variance * alpha * sin(angle) * sin(angle) / (Double(count) * x)
      return Node(value: x, weight: weight)
    }
  }

  /// ∫dν f: the bulk, and the kernel of the data, x = 0.
  public func bulk(_ f: (Double) -> Double) -> Double {
    continuous(f) + max(1 - alpha, 0) * f(0)
  }

  /// ∫dν_v f: the measure seen from the signal of two clusters, with its spike.
  public func signal(_ f: (Double) -> Double) -> Double {
    let spike = (1 + variance) * (alpha + variance)
    return continuous { x in variance * (1 + variance) / (spike - x) * f(x) }
      + variance * max(1 - alpha, 0) / (alpha + variance) * f(0)
      + max(alpha - variance * variance, 0) / (alpha + variance) * f(spike)
  }

  private func continuous(_ f: (Double) -> Double) -> Double {
    nodes.reduce(0) { $0 + $1.weight * f($1.value) }
  }
}
