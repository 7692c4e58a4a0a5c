/// The initial weights: w_k(0) = √R0 N(0, I) + Σ_p m0_kp v_p. `[problem.start]`
public struct Start: Sendable {
  /// R0 >= 0.
  public let variance: Double
  /// m0, K rows of P.
  public let overlap: [[Double]]
  /// Whether the normals are the same for all units. `[replica.site]`
  public let isShared: Bool

  /// Creates a start with R0 = `variance` >= 0 and a K x P matrix of overlaps.
  public init(variance: Double, overlap: [[Double]] = [[0]], isShared: Bool = false) {
    precondition(variance >= 0, "start variance must be >= 0, got \(variance)")
    self.variance = variance
    self.overlap = overlap
    self.isShared = isShared
  }

  /// C_kl(0, 0) = R0 δ_kl + Σ_p m0_kp m0_lp; R0 for all k, l if the start is shared.
  public func correlation(_ k: Int, _ l: Int) -> Double {
    var sum = k == l || isShared ? variance : 0
    for (a, b) in zip(overlap[k], overlap[l]) { sum += a * b }
    return sum
  }

  static let variance = Parameter(
    "variance", .number(.nonNegativeSquare), "R0, variance of an initial weight around its mean")
  static let overlap = Parameter(
    "overlap", .matrix, "m0, initial overlap with the signal directions", default: "0")
  /// Keys of `start` in the problem file.
  public static let parameters = [variance, overlap]
}
