internal import Foundation
internal import NumericalKit

/// Separating all samples with the largest margin: the limit λ -> 0+ of losses that fall to zero.
/// `[static.margin]`
///
/// Margins are in units of the length of the weights, κ = min_μ y_μ w·x_μ/|w|, and overlaps are
/// m_p/√C.
struct HardMargin: Sendable {
  private let law: MarginLaw
  /// α*, below which the samples can be separated by a hyperplane through the origin.
  /// Infinite where it is beyond the range of numbers. `[static.threshold]`
  let threshold: Double

  /// Finds the threshold, by following it down from clusters so wide that the signal is lost.
  ///
  /// Throws `StaticSolver.Unsolved`.
  init(_ law: MarginLaw) throws {
    self.law = law
    // The unknowns are t = m/√(C - |m|²), which may be any numbers.
    let widest =
      law.parts.map { part in
        100 * part.centre.reduce(0) { $0 + $1 * $1 } / part.variance
      }.max() ?? 1
    let root = RootFinding.follow(
      [Double](repeating: 0, count: law.directions), from: max(widest, 1), to: 1, factor: 4,
      tolerance: StaticSolver.tolerance
    ) { t, scale in Self.shortfall(law, t, widening: scale).slope }
    let value = Self.shortfall(law, root.x, widening: 1).value
    guard root.residual <= StaticSolver.tolerance || value < 1e-200 else {
      throw StaticSolver.Unsolved(residual: root.residual)
    }
    threshold = root.residual <= StaticSolver.tolerance ? 1 / value : .infinity
  }

  /// Alignments m_p/√C and margin κ for α below the threshold. `[static.margin]`
  ///
  /// - Parameter guess: those of a nearby problem, tried first.
  func solve(
    samplesPerWeight: Double, guess: (alignments: [Double], margin: Double)?
  ) throws -> (alignments: [Double], margin: Double, residual: Double) {
    func residuals(_ unknowns: [Double], _ alpha: Double) -> [Double] {
      let alignments = unknowns.dropLast()
      var differences = Array(alignments)
      var square = alignments.reduce(0) { $0 + $1 * $1 }
      for part in law.parts {
        let deviation = part.variance.squareRoot()
        let gap = (unknowns[law.directions] - part.mean(alignments)) / deviation
        for (p, c) in part.centre.enumerated() {
          differences[p] -= alpha * part.probability * c * Self.meanExcess(gap) / deviation
        }
        square += alpha * part.probability * Self.meanSquaredExcess(gap)
      }
      return differences + [square - 1]
    }
    if let guess {
      let root = RootFinding.hybrids(
        from: guess.alignments + [guess.margin], tolerance: 0.01 * StaticSolver.tolerance
      ) { residuals($0, samplesPerWeight) }
      if root.residual <= StaticSolver.tolerance, root.x[law.directions] > 0 {
        return (root.x.dropLast(), root.x[law.directions], root.residual)
      }
    }
    let start = start(atMost: samplesPerWeight)
    let root = RootFinding.follow(
      start.unknowns, from: start.samplesPerWeight, to: samplesPerWeight, factor: 2,
      tolerance: StaticSolver.tolerance, of: residuals)
    guard root.residual <= StaticSolver.tolerance else {
      throw StaticSolver.Unsolved(residual: root.residual)
    }
    return (root.x.dropLast(), max(root.x[law.directions], 0), root.residual)
  }

  /// So few samples that each can be given its margin by itself, and the unknowns there.
  private func start(atMost most: Double) -> (samplesPerWeight: Double, unknowns: [Double]) {
    let ratio =
      law.parts.map { part in
        1 + part.centre.reduce(0) { $0 + $1 * $1 } / part.variance
      }.max() ?? 1
    let alpha = min(1e-3 / ratio, most)
    let inverse = law.parts.reduce(0) { $0 + $1.probability / $1.variance }
    let margin = 1 / (alpha * inverse).squareRoot()
    var alignments = [Double](repeating: 0, count: law.directions)
    for part in law.parts {
      for (p, c) in part.centre.enumerated() {
        alignments[p] += alpha * part.probability * c * margin / part.variance
      }
    }
    return (alpha, alignments + [margin])
  }

  /// D(t) of `[static.threshold]` and its gradient, in units that stay of order one, for variances
  /// Δ times `widening`.
  private static func shortfall(
    _ law: MarginLaw, _ t: [Double], widening: Double
  ) -> (value: Double, slope: [Double]) {
    let length = (t.reduce(1) { $0 + $1 * $1 }).squareRoot()
    var value = 0.0
    var slope = [Double](repeating: 0, count: t.count)
    var unit = 0.0
    for part in law.parts {
      let deviation = (part.variance * widening).squareRoot()
      let gap = -part.mean(t[...]) / (deviation * length)
      let (first, second) = (meanExcess(gap), meanSquaredExcess(gap))
      value += part.probability * length * length * second
      // E[x₊ z] = -P(x > 0) for x = gap - z; x = length (gap - z) here.
      let crossed = NormalDistribution.cumulative(gap)
      unit += part.probability * crossed
      for p in t.indices {
        slope[p] +=
          part.probability
          * (t[p] * crossed - length * first * part.centre[p] / deviation)
      }
    }
    return (value, slope.map { $0 / unit })
  }

  /// E[(a - z)₊], z ~ N(0, 1).
  private static func meanExcess(_ a: Double) -> Double {
    a * NormalDistribution.cumulative(a) + NormalDistribution.density(a)
  }

  /// E[(a - z)₊²].
  private static func meanSquaredExcess(_ a: Double) -> Double {
    (1 + a * a) * NormalDistribution.cumulative(a) + a * NormalDistribution.density(a)
  }
}
