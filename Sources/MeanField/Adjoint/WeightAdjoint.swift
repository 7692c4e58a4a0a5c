internal import LearningProblem
internal import NumericalKit

/// A closed weight site in reverse: from derivatives by m, C and R of time t + 1 to those by what
/// the step to it was made of. `[gradient.weights]`
///
/// Time goes backwards: `open` and `reverse` for t = T - 1 ... 0, each after all that depends on
/// time t + 1 has been added. Cost O(t²) per step.
struct WeightAdjoint {
  private let tables: WeightTables
  /// By m_q(t) at [q][t].
  var overlaps: [[Double]]
  /// By C.
  var correlation: LowerTriangle
  /// By R; on its diagonal, where R is 0, numbers that nothing reads.
  var response: LowerTriangle
  /// By the p_t.
  var density: [Double]
  /// By ρ_t, the correlation into step t; 0 where all switches are on, and it has no meaning.
  private(set) var memory: [Double]
  private var excess: WeightTables.Excess?
  private var reach: [Double] = []  // by the decay of each row of the excess up to the last step

  /// Nothing depends on the weights.
  init(_ tables: WeightTables) {
    self.tables = tables
    let rows = tables.correlation.rows
    overlaps = tables.overlaps.map { $0.map { _ in 0 } }
    correlation = LowerTriangle(rows: rows)
    response = LowerTriangle(rows: rows)
    density = [Double](repeating: 0, count: rows - 1)
    memory = density
    excess = tables.excess.map { _ in
      WeightTables.Excess(overlaps: overlaps, correlation: correlation, response: response)
    }
  }

  /// Bytes of the derivatives.
  static func bytes(steps: Int, remembers: Bool) -> Double {
    (remembers ? 4 : 2) * LowerTriangle.bytes(rows: steps + 1)
  }

  /// What a step is made of, and what it did.
  struct Result {
    /// By μ_q(t).
    var drives: [Double]
    /// By S(t, ·).
    var covariance: [Double]
    /// By χ(t, ·); the last entry is that by λ_t too.
    var pulls: [Double]
    /// By η_t, but for its square times that of the gradient.
    var rate: Double
    /// E_2(t).
    var power: Double
  }

  /// Carries what depends on the excess of time t + 1 over to C, R and m; the derivative by
  /// C(t + 1, t + 1), that is by the square of the step. `[gradient.excess]`
  mutating func open(_ t: Int) -> Double {
    guard var excess, let old = tables.excess else { return correlation[t + 1, t + 1] }
    self.excess = nil  // so that it is changed in place
    let rest = 1 - tables.switches.density(at: t)
    let rho = t > 0 ? tables.switches.correlation(into: t) ?? 0 : 0
    var (byDensity, byMemory) = (0.0, 0.0)
    func carry(
      _ plain: inout LowerTriangle, _ own: inout LowerTriangle, _ values: LowerTriangle,
      _ excesses: LowerTriangle
    ) {
      let derivative = own[row: t + 1]
      let (new, before, kept) = (values[row: t + 1], values[row: t], excesses[row: t])
      plain.add(rest, derivative, toRow: t + 1)
      var folded = Array(derivative.dropLast())
      folded[t] += derivative[t + 1]
      plain.add(-rest, folded, toRow: t)
      own.add(rho, folded, toRow: t)
      for s in derivative.indices {
        byDensity -= derivative[s] * (new[s] - before[min(s, t)])
        byMemory += derivative[s] * kept[min(s, t)]
      }
    }
    carry(&correlation, &excess.correlation, tables.correlation, old.correlation)
    carry(&response, &excess.response, tables.response, old.response)
    for q in overlaps.indices {
      let derivative = excess.overlaps[q][t + 1]
      let values = tables.overlaps[q]
      overlaps[q][t + 1] += rest * derivative
      overlaps[q][t] -= rest * derivative
      excess.overlaps[q][t] += rho * derivative
      byDensity -= derivative * (values[t + 1] - values[t])
      byMemory += derivative * old.overlaps[q][t]
    }
    density[t] += byDensity
    memory[t] += byMemory
    self.excess = excess
    return correlation[t + 1, t + 1]
  }

  /// Takes step t back, of size `rate`.
  ///
  /// - Parameters:
  ///   - last: the derivative by C(t + 1, t + 1).
  ///   - e: the derivative by E_2(t).
  mutating func reverse(_ t: Int, rate: Double, last: Double, power e: Double) -> Result {
    let step = tables.step(t)
    let (x, p) = (step.pulls, step.density)
    let ahead = Array(correlation[row: t + 1].dropLast())
    let further = response[row: t + 1]
    let byOverlaps = overlaps.map { $0[t + 1] }
    var byA = zip(ahead, x).map { -rate * $0 + e * $1 }
    byA[t] -= 2 * rate * last
    let byDrift = zip(byOverlaps, step.drives).map { -rate * $0 + e * $1 }
    let byEcho = further.dropLast().map { -rate * $0 }
    let byNoise = zip(byA, x).map { $0 + e * $1 }

    // Products with C^M, R^M and m^M.
    let decay = decays(t)
    let masked = MaskedProducts(
      tables, decay, step, byA: byA, byDrift: byDrift, byEcho: byEcho, byNoise: byNoise)
    var result = Result(
      drives: byDrift, covariance: masked.noiseBack, pulls: masked.echoBack, rate: 0, power: 0)
    DenseVector.add(1, masked.correlationBack, to: &result.pulls)
    var a = masked.correlation  // A
    DenseVector.add(1, masked.noise, to: &a)
    var drift = step.drives.map { p * $0 }  // A_v
    for q in drift.indices {
      DenseVector.add(step.drives[q], masked.overlaps[q], to: &a)
      drift[q] += DenseVector.dot(x, masked.overlaps[q])
      DenseVector.add(byDrift[q], masked.overlaps[q], to: &result.pulls)
      result.drives[q] =
        p * byDrift[q] + DenseVector.dot(masked.overlaps[q], byA) + e * drift[q]
    }
    DenseVector.add(e, a, to: &result.pulls)
    DenseVector.add(e, masked.noise, to: &result.pulls)
    result.covariance[t] += p * e
    result.power =
      DenseVector.dot(x, a) + DenseVector.dot(step.drives, drift)
      + DenseVector.dot(x, masked.noise) + p * step.variance
    result.rate =
      -DenseVector.dot(ahead, a) - 2 * last * a[t] - DenseVector.dot(byOverlaps, drift)
      - p * further[t]
    for s in 0..<t { result.rate -= further[s] * masked.echo[s] }

    // By p in the products, in p μ, in p S(t, t) and in R(t + 1, t).
    density[t] +=
      DenseVector.dot(step.drives, byDrift) + step.variance * e - rate * further[t]
      + masked.plain
    // What the step leaves as it was.
    correlation.add(1, ahead, toRow: t)
    correlation[t, t] += last
    for s in 0..<t { response[t, s] += further[s] }
    for q in overlaps.indices { overlaps[q][t] += byOverlaps[q] }
    addMasked(step, decay, byA: byA, byEcho: byEcho, byNoise: byNoise, byDrift: byDrift)
    if let decay { remember(t, decay, masked.rows) }
    return result
  }

  /// ρ_a ... ρ_t of each row a of the excess, and the same without ρ_t.
  private func decays(_ t: Int) -> Decay? {
    guard excess != nil, t > 0 else { return nil }
    return Decay(tables.switches, t)
  }

  /// By C, R, m and their excess, through C^M, R^M and m^M.
  private mutating func addMasked(
    _ step: WeightTables.Step, _ decay: Decay?, byA: [Double], byEcho: [Double],
    byNoise: [Double], byDrift: [Double]
  ) {
    let (x, p) = (step.pulls, step.density)
    let plain = [Double](repeating: p, count: x.count)
    func add(
      _ factor: [Double], from first: Int, _ correlation: inout LowerTriangle,
      _ response: inout LowerTriangle, _ overlaps: inout [[Double]]
    ) {
      func scaled(_ y: [Double]) -> [Double] { zip(factor, y).map { $0 * $1 } }
      let (a, pulls) = (scaled(byA), scaled(x))
      correlation.addProducts([(a, x), (pulls, byA)], first: first)
      response.addProducts([(pulls, byEcho), (scaled(byNoise), step.covariance)], first: first)
      for s in first..<x.count { correlation[s, s] -= a[s] * x[s] }
      for q in overlaps.indices {
        for s in first..<x.count {
          overlaps[q][s] += a[s] * step.drives[q] + pulls[s] * byDrift[q]
        }
      }
    }
    add(plain, from: 0, &correlation, &response, &overlaps)
    guard let decay, var excess else { return }
    self.excess = nil
    add(
      decay.now, from: decay.first, &excess.correlation, &excess.response, &excess.overlaps)
    self.excess = excess
  }

  /// By ρ, through the decay of the excess, given the derivatives by the decay of each of its rows.
  /// `[gradient.excess]`
  private mutating func remember(_ t: Int, _ decay: Decay, _ rows: [Double]) {
    let next = reach.isEmpty ? 0 : tables.switches.correlation(into: t + 1) ?? 0
    reach = rows.indices.map { rows[$0] + ($0 < reach.count ? next * reach[$0] : 0) }
    guard tables.switches.density(at: t) < 1 else {
      memory[t] = 0
      return
    }
    for s in decay.first...t { memory[t] += reach[s] * decay.before[s] }
  }
}

/// How much is left of each row of the excess: ρ_a ... ρ_t. `[weight.masked]`
struct Decay {
  /// The first row of which more than 1e-20 is left.
  private(set) var first: Int
  /// ρ_a ... ρ_t-1 at index a; 1 at t, 0 before `first`.
  private(set) var before: [Double]
  /// ρ_a ... ρ_t at index a.
  let now: [Double]

  /// Of step t > 0.
  init(_ switches: any SwitchLaw, _ t: Int) {
    before = [Double](repeating: 0, count: t + 1)
    before[t] = 1
    first = t
    while first > 1 {
      let next = before[first] * (switches.correlation(into: first - 1) ?? 0)
      guard abs(next) > 1e-20 else { break }
      first -= 1
      before[first] = next
    }
    let rho = switches.correlation(into: t) ?? 0
    now = before.map { rho * $0 }
  }
}
