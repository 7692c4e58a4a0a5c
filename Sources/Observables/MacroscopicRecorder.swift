public import LearningProblem

/// Records what follows from (m, C) and the curvature alone, the same way for theory and training.
public struct MacroscopicRecorder: Sendable {
  private let quantities: TestQuantities
  private let noise: WeightNoise
  private let single: Bool

  /// Prepares the recorder for a problem.
  public init(_ problem: Problem) {
    quantities = TestQuantities(problem)
    noise = problem.weightNoise
    single = problem.hiddenUnits == 1 && problem.signalDirections == 1
  }

  /// Records test loss and error, magnetisations and norms in the current row.
  ///
  /// - Parameters:
  ///   - overlaps: m_kp, K rows of P.
  ///   - covariance: C_kl, K x K row-major.
  public func record(overlaps: [[Double]], covariance: [Double], in recording: inout Recording) {
    let test = quantities.evaluate(overlaps: overlaps, covariance: covariance)
    recording.record(.testLoss, test.loss)
    recording.record(.testError, test.error)
    for (k, row) in overlaps.enumerated() {
      for (p, overlap) in row.enumerated() {
        recording.record(.magnetisation(k, p, single: single), overlap)
      }
    }
    let units = overlaps.count
    for k in 0..<units {
      for l in k..<units {
        recording.record(.norm(k, l, single: single), covariance[k * units + l])
      }
    }
  }

  /// Records the optimal weight noise and what reliability has cost, where it has a price.
  ///
  /// - Parameters:
  ///   - curvature: H, the mean over k of α E[Δ ∂²Λ/∂h_k²].
  ///   - step: the number of steps done.
  public func record(curvature: Double, step: Int, in recording: inout Recording) {
    guard noise.reliabilityCost > 0 else { return }
    recording.record(.optimalWeightNoise, noise.optimum(curvature: curvature))
    if let cost = noise.costPerStep { recording.record(.reliabilityCost, cost * Double(step)) }
  }
}
