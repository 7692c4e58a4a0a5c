import Foundation
import LearningProblem
import NumericalKit
import TestSupport

/// What a Boltzmann machine demands of its weights: by all 2^K states, or by a short dream.
struct NaiveMachine {
  let hidden: Int
  let variance: Double
  let steps: Int
  let demand: Double  // α σ b
  var stream: RandomStream

  init?(_ problem: Setup, _ stream: RandomStream) {
    guard let boltzmann = problem.network as? Boltzmann else { return nil }
    hidden = boltzmann.hiddenUnits
    variance = boltzmann.variance
    steps = boltzmann.contrastiveDivergence
    let isMean = problem.gradientScale == .mean
    demand =
      problem.samplesPerWeight * (isMean ? 1 : problem.dynamics.sampleSwitches.density(at: 0))
    self.stream = stream
  }

  /// log Z and <S_k S_l> from w wᵀ/d, K x K rows.
  func average(_ covariance: [[Double]]) -> (logPartition: Double, pairs: [[Double]]) {
    var total = 0.0
    var pairs = covariance.map { $0.map { _ in 0.0 } }
    for state in 0..<(1 << hidden) {
      let spins = (0..<hidden).map { state >> $0 & 1 == 1 ? 1.0 : -1 }
      var energy = 0.0
      for k in 0..<hidden { energy += 0.5 * variance * spins[k] * dot(covariance[k], spins) }
      total += exp(energy)
      for k in 0..<hidden {
        for l in 0..<hidden { pairs[k][l] += exp(energy) * spins[k] * spins[l] }
      }
    }
    return (log(total), pairs.map { $0.map { $0 / total } })
  }

  /// α σ b D Σ_l <S_k S_l> w_l; nothing where dreams stand in for it.
  func pulls(_ w: [[Double]]) -> [[Double]] {
    if steps > 0 { return [] }
    let d = w[0].count
    let pairs = average(w.map { unit in w.map { dot(unit, $0) / Double(d) } }).pairs
    return w.indices.map { k in
      (0..<d).map { j in
        demand * variance * w.indices.reduce(0) { $0 + pairs[k][$1] * w[$1][j] }
      }
    }
  }

  /// x' and tanh h' after the Gibbs steps from h; nil where the average is exact.
  mutating func dream(
    from h: [Double], _ w: [[Double]]
  ) -> (visible: [Double], means: [Double])? {
    guard steps > 0 else { return nil }
    let root = Double(w[0].count).squareRoot()
    var h = h
    var x: [Double] = []
    for _ in 0..<steps {
      let spins = h.map { h in stream.uniform() < 1 / (1 + exp(-2 * h)) ? 1.0 : -1 }
      var z = [Float](repeating: 0, count: w[0].count)
      var span = z.mutableSpan
      stream.fillNormals(&span)
      x = z.indices.map { j in
        var mean = 0.0
        for (spin, unit) in zip(spins, w) { mean += variance / root * spin * unit[j] }
        return mean + variance.squareRoot() * Double(z[j])
      }
      h = w.map { dot($0, x) / root }
    }
    return (x, h.map { tanh($0) })
  }
}
