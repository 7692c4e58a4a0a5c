internal import NumericalKit

/// Products of C^M, R^M and m^M of one step, forward and back, each of which looks at C, R and
/// their excess once. `[weight.masked]` `[gradient.weights]`
struct MaskedProducts {
  /// C^M x.
  private(set) var correlation: [Double]
  /// C^M times the derivatives by A.
  private(set) var correlationBack: [Double]
  /// U = R^M S.
  private(set) var noise: [Double]
  /// R^Mᵀ times the derivatives by U.
  private(set) var noiseBack: [Double]
  /// R^Mᵀ x.
  private(set) var echo: [Double]
  /// R^M times the derivatives by the echo.
  private(set) var echoBack: [Double]
  /// m^M.
  private(set) var overlaps: [[Double]]
  /// The derivative by p in all of them.
  private(set) var plain: Double
  /// The derivatives by the decay of each row of the excess.
  private(set) var rows: [Double]

  init(
    _ tables: WeightTables, _ decay: Decay?, _ step: WeightTables.Step, byA: [Double],
    byDrift: [Double], byEcho: [Double], byNoise: [Double]
  ) {
    let (x, p) = (step.pulls, step.density)
    let c = tables.correlation.products(right: [x, byA], left: [x, byA])
    let r = tables.response.products(right: [step.covariance, byEcho], left: [byNoise, x])
    func sum(_ k: Int) -> [Double] { zip(c.right[k], c.left[k]).map { $0 + $1 } }
    (correlation, correlationBack) = (sum(0), sum(1))
    for s in x.indices {
      correlation[s] -= tables.correlation[s, s] * x[s]
      correlationBack[s] -= tables.correlation[s, s] * byA[s]
    }
    (noise, echoBack, noiseBack, echo) = (r.right[0], r.right[1], r.left[0], r.left[1])
    overlaps = tables.overlaps.map { $0.prefix(x.count).map { p * $0 } }
    plain =
      DenseVector.dot(byA, correlation) + DenseVector.dot(x, echoBack)
      + DenseVector.dot(byNoise, noise)
    for q in overlaps.indices {
      let m = tables.overlaps[q].prefix(x.count)
      plain +=
        step.drives[q] * DenseVector.dot(byA[...], m) + byDrift[q] * DenseVector.dot(x[...], m)
    }
    rows = [Double](repeating: 0, count: x.count)
    func scale(_ y: inout [Double]) { for s in y.indices { y[s] *= p } }
    scale(&correlation)
    scale(&correlationBack)
    scale(&noise)
    scale(&noiseBack)
    scale(&echo)
    scale(&echoBack)
    guard let decay, let excess = tables.excess else { return }
    add(excess, decay, step, byA, byDrift, byEcho, byNoise)
  }

  /// What the switches remember.
  private mutating func add(
    _ excess: WeightTables.Excess, _ decay: Decay, _ step: WeightTables.Step, _ byA: [Double],
    _ byDrift: [Double], _ byEcho: [Double], _ byNoise: [Double]
  ) {
    let x = step.pulls
    func decayed(_ y: [Double]) -> [Double] { zip(decay.now, y).map { $0 * $1 } }
    let c = excess.correlation.products(
      right: [x, byA], left: [decayed(x), decayed(byA)], first: decay.first)
    let r = excess.response.products(
      right: [step.covariance, byEcho], left: [decayed(byNoise), decayed(x)], first: decay.first)
    for s in x.indices {
      let (left, own) = (decay.now[s], s < decay.first ? 0 : excess.correlation[s, s])
      correlation[s] += left * (c.right[0][s] - own * x[s]) + c.left[0][s]
      correlationBack[s] += left * (c.right[1][s] - own * byA[s]) + c.left[1][s]
      noise[s] += left * r.right[0][s]
      echoBack[s] += left * r.right[1][s]
      noiseBack[s] += r.left[0][s]
      echo[s] += r.left[1][s]
      rows[s] =
        byA[s] * c.right[0][s] + x[s] * c.right[1][s] - own * byA[s] * x[s]
        + x[s] * r.right[1][s] + byNoise[s] * r.right[0][s]
      guard s >= decay.first else { continue }
      for q in overlaps.indices {
        let m = excess.overlaps[q][s]
        overlaps[q][s] += left * m
        rows[s] += m * (step.drives[q] * byA[s] + x[s] * byDrift[q])
      }
    }
  }
}
