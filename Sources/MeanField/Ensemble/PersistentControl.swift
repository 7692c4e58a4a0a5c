internal import LearningProblem
internal import NumericalKit

/// Estimates for persistent masks that sample only what is not linear in the field.
/// `[sampling.persistent]`
///
/// E[s g_k X] is split by the fit g_k = c_ka + Σ_l β_kl h_l + ρ_k: the linear part follows from the
/// tables of earlier kicks; of the rest a ρ_k the part is removed that comes from a surplus of
/// switches in the past, seen in the surprises ξ ρ, which an infinite ensemble does not correlate.
struct PersistentControl: Sendable {
  private var tables: any KickTables
  private var excess: ProductSums  // W, the decaying sum of products of surprises
  private var excessClusters: [[Double]]
  private var quadratic: QuadraticFit?
  private var fit: LinearFit?
  private var strength = 1.0  // σ of the step of these fits

  /// The mask, if it is one whose moments are controlled: a Markov chain with r ≠ 0, of which at
  /// least 4 trajectories per unit switch on in every step, N b (1 - b) (1 - r) >= 4 K, and data in
  /// clusters of one variance. With fewer, too few trajectories carry the noise of the mask to give
  /// kicks their averages.
  static func mask(_ dynamics: Dynamics, trajectories: Int) -> (any SwitchLaw)? {
    let law = dynamics.sampleSwitches
    guard !law.isDrawnAnew, dynamics.data.teacher == nil, dynamics.data.hasCommonVariance else {
      return nil
    }
    for step in 1...max(1, dynamics.grid.steps) {
      guard let r = law.correlation(into: step) else { return nil }
      let b = law.density(at: step - 1)
      let switches = Double(trajectories) * b * (1 - b) * (1 - r)
      guard switches >= 4 * Double(dynamics.hiddenUnits) else { return nil }
    }
    return law
  }

  init(_ tables: any KickTables) {
    self.tables = tables
    let clusters = tables.shares.count
    excess = ProductSums(units: tables.units, noiseRows: 0, kickRows: 0, clusters: clusters)
    excessClusters = Array(
      repeating: [Double](repeating: 0, count: clusters), count: tables.units)
  }

  private var units: Int { tables.units }
  private var shares: [Double] { tables.shares }
  private var density: Double { tables.density }
  private var correlation: Double { tables.correlation }  // into the next step

  /// The fit of the gradients of the last step, for those of a step of strength σ; nil before the
  /// first.
  func fit(at strength: Double) -> LinearFit? { fit?.scaled(by: strength / self.strength) }

  /// What the kicks of this step should have, whose remainder is that of `fit`.
  mutating func targets(
    _ sums: RemainderSums, _ all: EnsembleSums, _ plan: StepPlan, _ fit: LinearFit
  ) -> KickTargets {
    let masked = tables.masked(
      means: plan.means, smooth: plan.noiseRows, memory: plan.memoryRows)
    var targets = KickTargets(products: sums.rest, square: sums.restSquare)
    for k in 0..<units {
      for l in 0..<units {
        let slope = fit.slopes[k][l]
        DenseVector.add(slope, masked.fields.noise[l], to: &targets.products.noise[k])
        DenseVector.add(slope, masked.fields.kicks[l], to: &targets.products.kicks[k])
        DenseVector.add(slope, masked.fields.clusters[l], to: &targets.products.clusters[k])
      }
      for a in shares.indices {
        let constant = fit.constants[k][a]
        DenseVector.add(constant, masked.kicks[a], to: &targets.products.kicks[k])
        targets.products.clusters[k][a] += constant * density * shares[a]
      }
    }
    addSquares(fit, masked, to: &targets.square)

    // The regression of the rest on the memory of surprises.
    let weights = (0..<units).map { k in
      sums.memoryMemory[k] > 0 ? sums.restMemory[k] / sums.memoryMemory[k] : 0
    }
    targets.products.add(excess, weights: weights.map { -$0 })
    excess.add(sums.surprise)
    excess.scale(by: correlation)
    if let quadratic {
      targets.products.clusters = clusters(
        all, quadratic, times: plan.strength / strength, sums.fit, masked, weights)
    }
    strength = plan.strength
    self.fit = LinearFit(sums.fit)
    quadratic = QuadraticFit(sums.fit)
    return targets
  }

  /// E[s g_k 1_a] by `factor` times the fit of second order; E[s h_i h_j] is known over all
  /// clusters, and what it misses in the ensemble is shared by them.
  private mutating func clusters(
    _ sums: EnsembleSums, _ fit: QuadraticFit, times factor: Double, _ own: FitSums,
    _ masked: MaskedFields, _ weights: [Double]
  ) -> [[Double]] {
    func total(_ rows: [[Double]], _ i: Int) -> Double { rows.reduce(0) { $0 + $1[i] } }
    var missing = [Double]()
    var surprise = [Double]()
    for i in 0..<units {
      for j in 0...i {
        let index = 1 + units + missing.count
        missing.append(masked.squares[i * units + j] - total(own.rest, index))
        surprise.append(total(own.surprise, index))
      }
    }
    return (0..<units).map { k in
      shares.indices.map { a in
        let gamma = fit.coefficients[k][a].map { factor * $0 }
        var value = sums.drift.clusters[k][a]
        var xi = sums.delta.clusters[k][a]
        value += gamma[0] * (density * shares[a] - own.rest[a][0])
        xi -= gamma[0] * own.surprise[a][0]
        for l in 0..<units {
          value += gamma[1 + l] * (masked.fields.clusters[l][a] - own.rest[a][1 + l])
          xi -= gamma[1 + l] * own.surprise[a][1 + l]
        }
        for pair in missing.indices {
          value += gamma[1 + units + pair] * shares[a] * missing[pair]
          xi -= gamma[1 + units + pair] * shares[a] * surprise[pair]
        }
        value -= weights[k] * excessClusters[k][a]
        excessClusters[k][a] = correlation * (excessClusters[k][a] + xi)
        return value
      }
    }
  }

  /// Merges kicks and turns the noise. `[frame.merge]`
  mutating func merge(_ merges: [RowMerge], _ rotation: NoiseRotation) {
    tables.merge(merges, rotation)
    let noise = rotation.kept
    for k in 0..<units {
      excess.noise[k] = noise.applied(to: excess.noise[k])
      for merge in merges {
        excess.kicks[k] = merge.flat(units: units).applied(to: excess.kicks[k])
      }
    }
  }

  /// Records what the kicks of this step have.
  mutating func append(_ kicks: KickTargets) { tables.append(kicks) }

  /// E[s (c + β h)_k (c + β h)_l].
  private func addSquares(
    _ fit: LinearFit, _ masked: MaskedFields, to square: inout [Double]
  ) {
    for k in 0..<units {
      for l in 0..<units {
        var sum = 0.0
        for a in shares.indices {
          let (ck, cl) = (fit.constants[k][a], fit.constants[l][a])
          sum += density * shares[a] * ck * cl
          for i in 0..<units {
            sum += (ck * fit.slopes[l][i] + cl * fit.slopes[k][i]) * masked.fields.clusters[i][a]
          }
        }
        for i in 0..<units {
          for j in 0..<units {
            sum += fit.slopes[k][i] * fit.slopes[l][j] * masked.squares[i * units + j]
          }
        }
        square[k * units + l] += sum
      }
    }
  }
}
