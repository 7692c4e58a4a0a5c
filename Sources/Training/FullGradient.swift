internal import LearningProblem

/// G_k = Σ_l pull_kl w_l + data term, for all weights. `[problem.gradient]`
///
/// The pull is λ, the same for every weight, unless a Boltzmann machine follows the exact
/// likelihood; then it is that of its covariance at this step. `[boltzmann.drive]` Costs 1 ns per
/// weight, of a machine K times as much and the sum over its states.
struct FullGradient {
  private let dynamics: Dynamics
  private let isExactMachine: Bool

  init(_ dynamics: Dynamics) {
    self.dynamics = dynamics
    isExactMachine = dynamics.problem.network.machine?.contrastiveDivergence == 0
  }

  /// G_kj of the inputs at k d + j, at a step; the data term is over coordinates.
  func values(at weights: Weights, dataTerm: [Float], step: Int) -> [Double] {
    guard isExactMachine else {
      let decay = dynamics.decay(at: step)
      return zip(weights.values, weights.inputs(dataTerm)).map { decay * $0 + $1 }
    }
    let pull = dynamics.pull(weights.covariance(), at: step)
    let (units, dimension) = (weights.units, weights.dimension)
    var gradient = dataTerm.map { Double($0) }
    for k in 0..<units {
      for l in 0..<units {
        for j in 0..<dimension {
          gradient[k * dimension + j] +=
            pull[k * units + l] * weights.values[l * dimension + j]
        }
      }
    }
    return gradient
  }
}
