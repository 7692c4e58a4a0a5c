internal import LearningProblem
internal import NumericalKit

/// What the linear fit leaves of the gradients of a group of trajectories. `[sampling.persistent]`
///
/// With ρ_k = g_k - c_ka - Σ_l β_kl h_l and ξ = s - a: the rest a ρ_k, which alone is sampled, and
/// the surprise ξ ρ_k, whose correlation with the past vanishes and serves as control variate.
struct MaskRemainder: Sendable {
  /// a ρ_k, [k][trajectory].
  private(set) var rest: [[Double]]
  /// ξ ρ_k.
  private(set) var surprise: [[Double]]
  private var memory: [[Double]]  // ω_k(t) = Σ_u<t r ... r ξ(u) ρ_k(u)
  private let law: any SwitchLaw

  init(units: Int, width: Int, _ law: any SwitchLaw) {
    rest = Array(repeating: [Double](repeating: 0, count: width), count: units)
    surprise = rest
    memory = rest
    self.law = law
  }

  /// Takes the step number `step` and adds everything but the products with noise, kicks and
  /// clusters.
  mutating func advance(
    _ step: Int, _ fit: LinearFit, fields: [[Double]], gradient: [[Double]], _ presence: Presence,
    clusterOf: [Int], sums: inout RemainderSums
  ) {
    let conditional = presence.conditional
    let units = fields.count
    let pairs = clusterOf.count
    let remainder = (0..<units).map { k in
      var remainder = gradient[k]
      for l in 0..<units { DenseVector.add(-fit.slopes[k][l], fields[l], to: &remainder) }
      for j in 0..<pairs {
        let constant = fit.constants[k][clusterOf[j]]
        remainder[j] -= constant
        remainder[j + pairs] -= constant
      }
      return remainder
    }
    let surplus = conditional.indices.map { (presence.isOn[$0] ? 1 : 0) - conditional[$0] }
    for k in 0..<units {
      for j in surplus.indices {
        rest[k][j] = conditional[j] * remainder[k][j]
        surprise[k][j] = surplus[j] * remainder[k][j]
      }
      sums.restMemory[k] += DenseVector.dot(rest[k], memory[k])
      sums.memoryMemory[k] += DenseVector.dot(memory[k], memory[k])
      for l in 0..<units {
        // g g' - (g - ρ)(g' - ρ') = ρ g' + (g - ρ) ρ'
        let index = k * units + l
        var restSum = 0.0
        for j in surplus.indices {
          let square =
            remainder[k][j] * gradient[l][j]
            + (gradient[k][j] - remainder[k][j]) * remainder[l][j]
          restSum += conditional[j] * square
        }
        sums.restSquare[index] += restSum
      }
    }
    let correlation = law.correlation(into: step + 1) ?? 0
    for k in 0..<units {
      for j in memory[k].indices { memory[k][j] = correlation * (memory[k][j] + surprise[k][j]) }
    }
    sums.fit.add(
      fields: fields, gradient: gradient, conditional: conditional, surplus: surplus,
      clusterOf: clusterOf)
  }
}
