import Foundation
import LearningProblem
import TestSupport
import Testing

/// Averages over the hidden units of a Boltzmann machine. `[boltzmann.drive]`
@Suite struct BoltzmannMachineTests {
  static func machine(_ hidden: Int, _ variance: Double) -> BoltzmannMachine {
    guard let machine = Boltzmann(hidden: hidden, variance: variance).machine else {
      preconditionFailure("a Boltzmann network is a machine")
    }
    return machine
  }

  static let covariance = [1.3, 0.4, -0.2, 0.4, 0.9, 0.5, -0.2, 0.5, 0.7]

  /// ∂log Z/∂Q_kl = D/2 <S_k S_l>.
  @Test func pairsAreTheDerivativeOfLogZ() {
    let machine = Self.machine(3, 0.7)
    let pairs = machine.pairs(Self.covariance)
    let step = 1e-5
    for index in 0..<9 {
      var (above, below) = (Self.covariance, Self.covariance)
      above[index] += step
      below[index] -= step
      let slope = (machine.logPartition(above) - machine.logPartition(below)) / (2 * step)
      #expect(abs(slope - 0.35 * pairs[index]) < 1e-9)
    }
    #expect(pairs.allSatisfy { abs($0) <= 1 } && pairs[1] == pairs[3] && pairs[0] == 1)
  }

  @Test func limitsByHand() {
    #expect(abs(Self.machine(1, 0.7).logPartition([1.3]) - log(2) - 0.35 * 1.3) < 1e-14)
    #expect(Self.machine(1, 0.7).pairs([1.3]) == [1])
    let free = [Double](repeating: 0, count: 16)
    #expect(abs(Self.machine(4, 0.7).logPartition(free) - 4 * log(2)) < 1e-14)
    let pairs = Self.machine(4, 0.7).pairs(free)
    for k in 0..<4 { for l in 0..<4 { #expect(pairs[4 * k + l] == (k == l ? 1 : 0)) } }
    // Two units: log Z = log 4cosh(D Q_12) + D (Q_11 + Q_22)/2.
    let two = Self.machine(2, 0.7)
    let covariance = [1.3, -0.6, -0.6, 0.9]
    #expect(abs(two.pairs(covariance)[1] - tanh(-0.42)) < 1e-14)
    #expect(abs(two.logPartition(covariance) - log(4 * cosh(0.42)) - 0.35 * 2.2) < 1e-14)
    #expect(abs(two.logPartition([4000, 0, 0, 4000]) - 2800 - 2 * log(2)) < 1e-9)
  }

  /// λ + α σ b D <S Sᵀ>; b samples of a mini-batch ask for the average, each with strength σ.
  @Test func pullOnTheWeights() {
    var problem = Setup(
      data: Xor(separation: 1, variance: 0.5), samplesPerWeight: 3,
      network: Boltzmann(hidden: 2, variance: 0.7), weightDecay: 0.1,
      start: Start(variance: 1, overlap: [[0, 0], [0, 0]]), learningRate: 0.1, steps: 1)
    func expect(_ strength: Double) {
      let pull = problem.dynamics.pull([1.3, -0.6, -0.6, 0.9], at: 0)
      let (same, other) = (0.1 + strength * 0.7, strength * 0.7 * tanh(-0.42))
      for (found, expected) in zip(pull, [same, other, other, same]) {
        #expect(abs(found - expected) < 1e-14)
      }
    }
    expect(3)
    problem.sampleMask = IndependentMask(density: 0.25)
    expect(0.75)
    problem.gradientScale = .mean
    expect(3)
    problem.network = Committee(activation: .erf, readout: [1, 1])
    problem.loss = LogisticLoss()
    #expect(problem.dynamics.pull([1.3, -0.6, -0.6, 0.9], at: 0) == [0.1, 0, 0, 0.1])
  }
}
