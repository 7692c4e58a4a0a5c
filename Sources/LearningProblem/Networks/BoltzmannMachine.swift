internal import Foundation

/// The hidden units of a Boltzmann machine once its visible units are summed over:
/// P(S) ∝ exp(D/2 Σ_kl S_k Q_kl S_l), S ∈ {±1}^K, with Q = w wᵀ/d. `[boltzmann.drive]`
///
/// Sums over 2^(K-1) states, since P is even: 2 µs at K = 4, 40 ms at K = 16.
public struct BoltzmannMachine: Sendable {
  /// K.
  public let hiddenUnits: Int
  /// D > 0.
  public let variance: Double
  /// k of contrastive divergence: block Gibbs steps from the data that stand in for the average
  /// over the machine in training; 0 for the exact average. `[boltzmann.contrastive]`
  public let contrastiveDivergence: Int

  /// log Z(Q) = log Σ_S exp(D/2 SᵀQS): what the hidden units add to that of free visible units.
  ///
  /// - Parameter covariance: Q, K x K row-major.
  public func logPartition(_ covariance: [Double]) -> Double { sum(covariance).logPartition }

  /// <S_k S_l>, K x K row-major.
  public func pairs(_ covariance: [Double]) -> [Double] { sum(covariance).pairs }

  private func sum(_ covariance: [Double]) -> (logPartition: Double, pairs: [Double]) {
    let units = hiddenUnits
    precondition(
      covariance.count == units * units, "Q of \(covariance.count) entries for K = \(units)")
    // States with the last unit up; each stands for itself and its opposite.
    let count = 1 << (units - 1)
    var energies = [Double](repeating: 0, count: count)
    var states = [[Double]](repeating: [], count: count)
    for state in 0..<count {
      let spins = (0..<units).map { k in
        k == units - 1 || state >> k & 1 == 1 ? 1.0 : -1.0
      }
      var square = 0.0
      for k in 0..<units {
        for l in 0..<units { square += spins[k] * covariance[k * units + l] * spins[l] }
      }
      energies[state] = 0.5 * variance * square
      states[state] = spins
    }
    let largest = energies.max() ?? 0
    var total = 0.0
    var pairs = [Double](repeating: 0, count: units * units)
    for (energy, spins) in zip(energies, states) {
      let weight = exp(energy - largest)
      total += weight
      for k in 0..<units {
        for l in 0..<units { pairs[k * units + l] += weight * spins[k] * spins[l] }
      }
    }
    return (largest + log(2 * total), pairs.map { $0 / total })
  }
}
