internal import LearningProblem
internal import NumericalKit

/// Averages of earlier kicks with noise, clusters and each other, and what they say about a masked
/// field: E[s_t h_j(t) X] without sampling. `[sampling.persistent]`
///
/// A kick of time u contains the switch s_u, so E[s_t kick_u X] = κ(t, u) E[kick_u X] for every X
/// of the past and of the noise, κ(t, u) = P(on at t | on at u) `[schedule.recall]`. Cost O((K t)²)
/// per step and unit.
protocol KickTables: Sendable {
  /// The ensemble and its mask.
  var ensemble: MaskedEnsemble { get }
  /// The present time.
  var time: Int { get }
  /// Appends the kicks of one step.
  mutating func append(_ targets: KickTargets)
  /// Everything linear in (1_a, h_j(t)) times s_t.
  ///
  /// - Parameters:
  ///   - means: mean fields, [j][cluster].
  ///   - smooth: rows of L, the noise of the fields, up to the present.
  ///   - memory: rows R_j(t, ·) of the past.
  func masked(means: [[Double]], smooth: [[Double]], memory: [[Double]]) -> MaskedFields
  /// Merges kicks and turns the noise. `[frame.merge]`
  mutating func merge(_ merges: [RowMerge], _ rotation: NoiseRotation)
}

extension KickTables {
  var units: Int { ensemble.units }
  var shares: [Double] { ensemble.shares }
  /// b_t.
  var density: Double { ensemble.mask.density(at: time) }
  /// r into the next step.
  var correlation: Double { ensemble.mask.correlation(into: time + 1) ?? 0 }
  var fieldScale: Double { ensemble.fieldScale }
}

/// An ensemble under a persistent mask, as its tables know it.
struct MaskedEnsemble: Sendable {
  /// K.
  let units: Int
  /// The fraction of the trajectories in each cluster.
  let shares: [Double]
  /// The law of s, a Markov chain.
  let mask: any SwitchLaw
  /// √Δ.
  let fieldScale: Double
}

/// Averages with the switch s_t.
struct MaskedFields {
  /// E[s_t h_j X].
  var fields: ProductSums
  /// E[s_t h_i h_j], row-major.
  var squares: [Double]
  /// E[s_t 1_a kick], [cluster][kick].
  var kicks: [[Double]]

  /// The squares from all else: products of h_i with what makes up h_j.
  mutating func setSquares(
    means: [[Double]], smooth: [[Double]], memory: [[Double]], fieldScale: Double
  ) {
    let units = means.count
    for i in 0..<units {
      for j in 0..<units {
        var square = 0.0
        for a in means[i].indices { square += means[i][a] * fields.clusters[j][a] }
        for (r, entry) in smooth[i].enumerated() {
          square += fieldScale * entry * fields.noise[j][r]
        }
        square += fieldScale * DenseVector.dot(memory[i], fields.kicks[j])
        squares[i * units + j] = square
      }
    }
  }
}

/// Tables with a row for each step.
struct StepwiseKickTables: KickTables {
  let ensemble: MaskedEnsemble
  private var noise: RowBlock  // Z: row (u, l) holds E[kick_l(u) ε_r]
  private var clusters: RowBlock  // M: E[kick_l(u) 1_a]
  private var gram: TwoTimeKernel  // E[kick kick], lower triangle of blocks
  private var recall: SwitchRecall  // κ
  var time: Int { recall.time }

  init(_ ensemble: MaskedEnsemble, steps: Int) {
    self.ensemble = ensemble
    let (units, shares) = (ensemble.units, ensemble.shares)
    noise = RowBlock(capacity: units * steps, width: units * (steps + 1))
    clusters = RowBlock(capacity: units * steps, width: shares.count)
    gram = TwoTimeKernel(units: units, capacity: steps, shape: .causal)
    recall = SwitchRecall(ensemble.mask)
  }

  mutating func append(_ targets: KickTargets) {
    let first = gram.count
    for k in 0..<units {
      let row = targets.products.noise[k]
      let width = noise.width
      noise.setRow(first + k, to: row + [Double](repeating: 0, count: max(0, width - row.count)))
      clusters.setRow(first + k, to: targets.products.clusters[k])
    }
    gram.append(
      (0..<units).map { k in
        targets.products.kicks[k] + targets.square[k * units..<(k + 1) * units]
      })
    recall.advance()
  }

  /// Never: each step keeps its own row.
  mutating func merge(_ merges: [RowMerge], _ rotation: NoiseRotation) {
    preconditionFailure("tables of single steps have no frame")
  }

  func masked(means: [[Double]], smooth: [[Double]], memory: [[Double]]) -> MaskedFields {
    let t = gram.times
    let n = gram.count
    let rows = units * (t + 1)
    let lag = (0..<n).map { recall.values[$0 / units] }
    var result = MaskedFields(
      fields: ProductSums(units: units, noiseRows: rows, kickRows: n, clusters: shares.count),
      squares: [Double](repeating: 0, count: units * units),
      kicks: shares.indices.map { a in (0..<n).map { lag[$0] * clusters[$0, a] } })
    for j in 0..<units {
      let recalled = (0..<n).map { memory[j][$0] * lag[$0] }
      // Σ_v R κ(t, v) Z(v, r) + b L_r, with √Δ.
      var onNoise = [Double](repeating: 0, count: noise.width)
      noise.combine(recalled[...], into: &onNoise)
      for r in 0..<rows {
        let direct = r < smooth[j].count ? density * smooth[j][r] : 0
        result.fields.noise[j][r] = fieldScale * (onNoise[r] + direct)
      }
      for a in shares.indices {
        result.fields.clusters[j][a] =
          density * shares[a] * means[j][a]
          + fieldScale * (0..<n).reduce(0.0) { $0 + recalled[$1] * clusters[$1, a] }
      }
      result.fields.kicks[j] = onKicks(j, means, smooth, memory[j], recalled, lag)
    }
    result.setSquares(means: means, smooth: smooth, memory: memory, fieldScale: fieldScale)
    return result
  }

  /// E[s_t h_j kick_u] = κ(t, u) [Σ_a mean_a M + √Δ Z L] + √Δ Σ_v R(t, v) κ(t, max(u, v)) E[kick_u
  /// kick_v].
  private func onKicks(
    _ j: Int, _ means: [[Double]], _ smooth: [[Double]], _ memory: [Double],
    _ recalled: [Double], _ lag: [Double]
  ) -> [Double] {
    let n = lag.count
    var field = smooth[j] + [Double](repeating: 0, count: noise.width - smooth[j].count)
    for r in field.indices { field[r] *= fieldScale }
    var direct = [Double](repeating: 0, count: n)
    noise.addProducts(with: field, rows: n, to: &direct)
    clusters.addProducts(with: means[j], rows: n, to: &direct)
    let early = gram.multiply(memory[...])  // v <= u in time
    let late = gram.multiplyTransposed(recalled[...])  // v >= u in time
    return (0..<n).map { u in
      let first = u / units * units
      var twice = 0.0  // of u's own time, in both
      for v in first..<first + units { twice += memory[v] * gram[u, v] }
      return lag[u] * (direct[u] + fieldScale * (early[u] - twice)) + fieldScale * late[u]
    }
  }
}
