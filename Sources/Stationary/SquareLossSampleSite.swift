internal import LearningProblem
internal import NumericalKit

/// Square loss on a perceptron in a steady state: closed, for Markov sample masks.
/// `[stationary.covariance]`
///
/// The equations of `theory/4-closed.md` for kernels of one lag. Clusters of one variance share X
/// and Y. Cost some twenty transforms per variance and sweep.
struct SquareLossSampleSite: StationarySampleSite {
  /// Clusters of one variance Δ, and X of them all.
  private struct Group {
    let variance: Double
    let clusters: [Cluster]
    /// Σ π_a.
    let probability: Double
    var moments = Moments()
  }

  /// Averages over the data points of a group, times their probability.
  private struct Moments {
    /// D(τ), the response of e to its field, where Y = b D.
    var tangent: [Double] = []
    /// Σ_a π_a β_a V_a.
    var bias = 0.0
    /// X_inf.
    var frozen = 0.0
    /// X_f(τ).
    var covariance: [Double] = []
  }

  let tolerance = 1e-13
  let tailTolerance = 1e-11
  private let alpha: Double
  private let sigma: Double
  private let density: Double
  private let persistence: Double
  private let directions: Int
  private var groups: [Group]

  static func applies(to dynamics: Dynamics) -> Bool {
    dynamics.problem.network is Perceptron && dynamics.problem.loss is SquareLoss
  }

  init(_ dynamics: Dynamics) {
    alpha = dynamics.samplesPerWeight
    sigma = dynamics.strength(at: 0)
    density = dynamics.sampleSwitches.density(at: 0)
    persistence = dynamics.sampleSwitches.correlation ?? 0
    directions = dynamics.signalDirections
    let byVariance = Dictionary(grouping: dynamics.data.clusters, by: \.variance)
    groups = byVariance.keys.sorted().map { variance in
      let clusters = byVariance[variance] ?? []
      return Group(
        variance: variance, clusters: clusters,
        probability: clusters.reduce(0) { $0 + $1.probability })
    }
  }

  mutating func respond(
    to weights: StationaryWeights, in window: LagWindow
  ) throws -> StationaryGradients {
    var result = StationaryGradients(
      drive: [Double](repeating: 0, count: directions), frozen: 0,
      covariance: [Double](repeating: 0, count: window.lags),
      response: [Double](repeating: 0, count: window.lags))
    for index in groups.indices {
      update(&groups[index], weights, window)
      let group = groups[index]
      let response = density * group.moments.tangent.reduce(0, +)  // Σ Y
      for cluster in group.clusters {
        let overlap = response * shift(cluster, weights)  // V_a
        for p in 0..<directions {
          result.drive[p] += alpha * sigma * cluster.probability * cluster.centre[p] * overlap
        }
      }
      let scale = alpha * sigma * group.variance
      result.frozen += scale * sigma * group.moments.frozen
      DenseVector.add(scale * sigma, group.moments.covariance, to: &result.covariance)
      DenseVector.add(
        scale * density * group.probability, group.moments.tangent, to: &result.response)
    }
    return result
  }

  /// β_a = Σ_p B_ap m_p - y_a.
  private func shift(_ cluster: Cluster, _ weights: StationaryWeights) -> Double {
    cluster.mean(weights.magnetisation[...]) - cluster.label
  }

  /// κ(τ) = b + (1 - b) r^τ.
  private func kappa(_ lags: Int) -> [Double] {
    var power = 1.0
    return (0..<lags).map { _ in
      defer { power *= persistence }
      return density + (1 - density) * power
    }
  }

  /// Y, V and X of a group, in this order. `[stationary.tangent]` `[stationary.covariance]`
  private func update(_ group: inout Group, _ weights: StationaryWeights, _ window: LagWindow) {
    let lags = window.lags
    let delta = group.variance
    let kappa = kappa(lags)
    let memory = zip(weights.response, kappa).map { sigma * delta * $0 * $1 }
    let tangent = window.kernel(
      window.spectrum(memory).map { Complex(1) / (Complex(1) - $0) }
    ).lags
    let response = tangent.map { density * $0 }
    let total = response.reduce(0, +)
    let bias = group.clusters.reduce(0) { sum, cluster in
      let shift = shift(cluster, weights)
      return sum + cluster.probability * shift * shift * total
    }
    let source = bias + group.probability * delta * weights.frozen * total
    let frozen = source * total

    // All that does not change while X is iterated.
    let noise = window.correlation(weights.correlation, response)
    let laterR = Self.later(weights.response)
    let laterD = Self.later(tangent)
    let fixed = (0..<lags).map {
      group.probability * delta * noise[$0] + sigma * delta * frozen * laterR[$0]
    }
    var covariance = group.moments.covariance
    covariance = Array(
      (covariance + [Double](repeating: 0, count: max(lags - covariance.count, 0))).prefix(lags))
    for _ in 0..<Self.mostIterations {
      covariance[0] = 0
      let echo = window.correlation(weights.response, covariance)
      let drive = (0..<lags).map {
        kappa[$0] * (fixed[$0] + sigma * delta * echo[$0]) + (kappa[$0] - density) * source
      }
      var next = window.convolution(tangent, drive)
      DenseVector.add(-density * source, laterD, to: &next)
      let change = zip(next.dropFirst(), covariance.dropFirst()).reduce(0) {
        max($0, abs($1.0 - $1.1))
      }
      covariance = next
      guard change > 1e-15 * (frozen + abs(next[0])) else { break }
    }
    group.moments = Moments(tangent: tangent, bias: bias, frozen: frozen, covariance: covariance)
  }

  /// Sweeps for X; each shrinks its error by the size of Δσ R.
  private static let mostIterations = 100

  /// Σ_{j>τ} a(j).
  private static func later(_ kernel: [Double]) -> [Double] {
    var sum = 0.0
    return kernel.reversed().map { value in
      defer { sum += value }
      return sum
    }.reversed()
  }

  /// The training loss: the last step without its mask. `[stationary.loss]`
  func observe(_ weights: StationaryWeights, in window: LagWindow) -> TrainingAverages {
    let lags = window.lags
    var loss = 0.0
    for group in groups {
      let strength = sigma * group.variance
      let moments = group.moments
      let response = moments.tangent.map { density * $0 }
      let total = response.reduce(0, +)
      // V°/V, for every cluster the same.
      let unmasked = 1 / total + strength * weights.response.reduce(0, +)
      var tangent = window.convolution(weights.response, response).map { strength * $0 }
      tangent[0] = 1
      let noise = window.correlation(weights.correlation, response)
      let covariance = moments.covariance.map { $0 + moments.frozen }
      var past = moments.covariance
      past[0] = 0
      let before = window.convolution(weights.response, covariance)
      let echo = window.correlation(weights.response, past)
      let laterR = Self.later(weights.response)
      var sum = moments.bias * unmasked
      for lag in 0..<lags {
        sum +=
          group.probability * group.variance * (weights.frozen + weights.correlation[lag])
          * tangent[lag]
        let mixed =
          moments.bias + group.probability * group.variance * (noise[lag] + weights.frozen * total)
          + strength * (before[lag] + echo[lag] + moments.frozen * laterR[lag])
        sum += strength * weights.response[lag] * mixed
      }
      loss += 0.5 * sum
    }
    return TrainingAverages(loss: loss, error: nil)
  }
}
