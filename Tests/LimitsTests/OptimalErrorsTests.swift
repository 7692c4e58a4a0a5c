import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// The least test errors against closed forms, scalar equations and limits.
struct OptimalErrorsTests {
  private func errors(
    _ data: any DataModel, network: any Network = Perceptron(), start: Start? = nil
  ) throws -> OptimalErrors {
    let rows = Array(
      repeating: [Double](repeating: 0, count: data.signalDirections), count: network.hiddenUnits)
    return try #require(
      OptimalErrors(
        Setup(
          data: data, samplesPerWeight: 2, network: network,
          start: start ?? Start(variance: 0.1, overlap: rows), learningRate: 0.1, steps: 1)))
  }

  /// Clusters that nobody confuses cost no time, and near ones among them are still seen.
  @Test("clusters many deviations apart", .timeLimit(.minutes(1)))
  func farApart() throws {
    let clock = ContinuousClock()
    let time = try clock.measure {
      for data in [
        TwoClusters(variance: 1e-14), Xor(separation: 1e5, variance: 0.1),
        Xor(separation: 1e12, variance: 1e-24),
        Mixture(
          clusters: [[1e4, 0, 0], [0, 1e4, 0], [0, 0, 1e4], [0, 0, 0]].enumerated().map {
            Cluster(probability: 0.25, centre: $1, label: $0 % 2 == 0 ? 1 : -1, variance: 1)
          }),
      ] as [any DataModel] {
        let errors = try errors(data)
        #expect(errors.oracle.value == 0 && errors.bayes(samplesPerWeight: 2).value < 1e-6)
      }
    }
    #expect(time < .seconds(5))
    // Two at distance 1 among 1e6: who knows v errs with (2/3) P(Z > 1/2) in one direction and two.
    for far in [[1e6], [0, 1e6]] {
      let zeros = [Double](repeating: 0, count: far.count - 1)
      let data = Mixture(
        clusters: zip([[0] + zeros, [1] + zeros, far], [1.0, -1, 1]).map {
          Cluster(probability: 1 / 3.0, centre: $0, label: $1, variance: 1)
        })
      #expect(abs(try errors(data).oracle.value - 2 / 3.0 * tail(0.5)) < 1e-7)
    }
  }

  /// P(Z > x).
  private func tail(_ x: Double) -> Double { 0.5 * erfc(x * 0.5.squareRoot()) }

  /// E[tanh(γ + √γ z)], which is E[tanh²] as well.
  private func agreement(_ gamma: Double) -> Double {
    Integration.integral(from: -10, to: 10) { z in
      NormalDistribution.density(z) * tanh(gamma + gamma.squareRoot() * z)
    }
  }

  /// q = Q/(1 + Q) with Q = strength E[tanh(γ + √γ z)], γ = slope q: a pair of clusters ±B of one
  /// label.
  private func pairOverlap(strength: Double, slope: Double) -> Double {
    var q = 0.9
    for _ in 0..<400 {
      let precision = strength * agreement(slope * q)
      q = precision / (1 + precision)
    }
    return q
  }

  // MARK: the oracle

  @Test(arguments: [0.1, 0.5, 3])
  func twoClusters(_ variance: Double) throws {
    let oracle = try errors(TwoClusters(variance: variance)).oracle
    #expect(abs(oracle.value - 0.5 * erfc(1 / (2 * variance).squareRoot())) < 1e-10)
    #expect(oracle.standardError == 0)
  }

  /// The outer clusters where π cosh(y/Δ) exp(-1/2Δ) > 1 - π.
  @Test(arguments: [(0.5, 0.5), (0.2, 0.3), (1, 0.6)])
  func threeClusters(_ variance: Double, _ outer: Double) throws {
    let oracle = try errors(ThreeClusters(variance: variance, outerProbability: outer)).oracle
    let threshold = variance * acosh((1 - outer) / outer * exp(0.5 / variance))
    let s = variance.squareRoot()
    let exact =
      2 * (1 - outer) * tail(threshold / s) + outer
      * (tail((-threshold - 1) / s) - tail((threshold - 1) / s))
    #expect(abs(oracle.value - exact) < 1e-9)
    if outer == 0.5, variance == 0.5 { #expect(abs(oracle.value - 0.3203262801) < 1e-9) }
  }

  /// In axes turned by 45 degrees the label is the product of two signs. `[optimal.oracle]`
  @Test(arguments: [(1.0, 0.5), (2, 1), (1, 5)])
  func xor(_ r: Double, _ variance: Double) throws {
    let oracle = try errors(Xor(separation: r, variance: variance)).oracle
    let flip = tail(r / (2 * variance).squareRoot())
    #expect(abs(oracle.value - 2 * flip * (1 - flip)) < 1e-7)
  }

  /// M orthogonal centres: right if the own coordinate is the largest of M.
  @Test(arguments: [3, 4])
  func classes(_ count: Int) throws {
    let clusters = (0..<count).map { a in
      Cluster(
        probability: 1 / Double(count), centre: (0..<count).map { $0 == a ? 1.5 : 0 },
        label: Double(a + 1), variance: 0.5)
    }
    let oracle = try errors(Mixture(clusters: clusters), network: Softmax(outputs: count)).oracle
    let distance = 1.5 / 0.5.squareRoot()
    let right = Integration.integral(from: -8, to: 12) { y in
      NormalDistribution.density(y - distance)
        * pow(NormalDistribution.cumulative(y), Double(count - 1))
    }
    if count == 3 {
      #expect(abs(oracle.value - (1 - right)) < 1e-8)
      #expect(oracle.standardError == 0)
    } else {
      #expect(oracle.standardError < 1e-3)
      #expect(abs(oracle.value - (1 - right)) < 4 * oracle.standardError)
    }
  }

  /// Three clusters do not say which axes to take. A fourth that hardly ever occurs does, and its
  /// direction must not matter, though lines then cross the regions where three labels meet at any
  /// angle: a grid of spacing 1/4 alone is off by up to 2e-6 there.
  @Test(arguments: [0, 0.2, 0.45, 0.9, 1.3])
  func axes(_ angle: Double) throws {
    let corners = (0..<3).map { a in (0..<3).map { $0 == a ? 1.5 : 0 } }
    let first = [1 / 2.0.squareRoot(), -1 / 2.0.squareRoot(), 0]
    let second = [1.0, 1, -2].map { $0 / 6.0.squareRoot() }
    let far = zip(first, second).map { 0.5 + 5 * (cos(angle) * $0 + sin(angle) * $1) }
    let rare = 1e-10
    let clusters = (corners + [far]).enumerated().map { a, centre in
      Cluster(
        probability: a < 3 ? (1 - rare) / 3 : rare, centre: centre, label: Double(a % 3 + 1),
        variance: 0.5)
    }
    let oracle = try errors(Mixture(clusters: clusters), network: Softmax(outputs: 3)).oracle
    let distance = 1.5 / 0.5.squareRoot()
    let wrong = Integration.integral(from: -8, to: 12) { y in
      NormalDistribution.density(y - distance) * (1 - pow(NormalDistribution.cumulative(y), 2))
    }
    #expect(abs(oracle.value - wrong) < 1e-8)
  }

  /// |x|² tells clusters of different variance apart. `[optimal.channel]`
  @Test func differentVariances() throws {
    func pair(_ probability: Double, _ variance: Double, _ label: Double) -> [Cluster] {
      [1.0, -1].map {
        Cluster(
          probability: probability / 2, centre: [$0], label: label * $0, variance: variance)
      }
    }
    let mixed = Mixture(clusters: pair(0.3, 0.5, 1) + pair(0.7, 2, -1))
    let found = try errors(mixed)
    let exact = 0.3 * tail(1 / 0.5.squareRoot()) + 0.7 * tail(1 / 2.0.squareRoot())
    #expect(abs(found.oracle.value - exact) < 1e-10)
    // Every sample counts with its own 1/Δ.
    let precision = 2 * (0.3 / 0.5 + 0.7 / 2)
    let q = precision / (1 + precision)
    #expect(abs(found.overlap(samplesPerWeight: 2)[0][0] - q) < 1e-10)
    let bayes = 0.3 * tail((q / 0.5).squareRoot()) + 0.7 * tail((q / 2).squareRoot())
    #expect(abs(found.bayes(samplesPerWeight: 2).value - bayes) < 1e-10)
    let known = Mixture(clusters: [
      Cluster(probability: 0.5, centre: [1], label: 1, variance: 1),
      Cluster(probability: 0.5, centre: [-1], label: -1, variance: 1.5),
    ])
    #expect(try errors(known).oracle.value == 0)
  }

  // MARK: Bayes

  @Test(arguments: [0.1, 2, 30])
  func twoClustersBayes(_ alpha: Double) throws {
    let found = try errors(TwoClusters(variance: 0.5)).bayes(samplesPerWeight: alpha)
    #expect(abs(found.value - 0.5 * erfc(1 / (1 + 0.5 / alpha).squareRoot())) < 1e-10)
    if alpha == 2 { #expect(abs(found.value - 0.10295) < 5e-6) }
  }

  /// The two outer clusters share a label, so their signs are to be inferred. `[optimal.evolution]`
  @Test func threeClustersBayes() throws {
    let found = try errors(ThreeClusters(variance: 0.5))
    let q = pairOverlap(strength: 2 * 0.5 / 0.5, slope: 1 / 0.5)
    #expect(abs(found.overlap(samplesPerWeight: 2)[0][0] - q) < 1e-9)
    // AMP at d = 1500, 16 runs: 0.5304(85).
    #expect(abs(q - 0.533033185) < 1e-8)
    #expect(abs(found.bayes(samplesPerWeight: 2).value - 0.3908699779) < 1e-8)
  }

  /// No sign can be inferred below α π_out = Δ².
  @Test func threeClustersThreshold() throws {
    let found = try errors(ThreeClusters(variance: 0.5))
    #expect(abs(found.bayes(samplesPerWeight: 0.45).value - 0.5) < 1e-6)
    #expect(found.overlap(samplesPerWeight: 0.45)[0][0] < 1e-6)
    let q = pairOverlap(strength: 0.6, slope: 2)
    #expect(abs(found.overlap(samplesPerWeight: 0.6)[0][0] - q) < 1e-6)
    #expect(q > 0.05)
  }

  /// Two problems of that kind, each with half of the samples, whatever the basis.
  /// `[optimal.evolution]`
  @Test func xorBayes() throws {
    let found = try errors(Xor(separation: 1, variance: 0.5))
    let q = found.overlap(samplesPerWeight: 3)
    let scalar = pairOverlap(strength: 3 * 0.5 / 0.5, slope: 1 / 0.5)
    #expect(abs(q[0][0] - scalar) < 1e-9 && abs(q[1][1] - scalar) < 1e-9)
    #expect(abs(q[0][1]) < 1e-9)
    // AMP at d = 1500, 16 runs: 0.6539(58).
    #expect(abs(scalar - 0.656758216) < 1e-8)
    let flip = tail((scalar / 1.0).squareRoot())
    let bayes = found.bayes(samplesPerWeight: 3).value
    #expect(abs(bayes - 2 * flip * (1 - flip)) < 1e-7)
    let turned = Mixture(
      clusters: Xor(separation: 1, variance: 0.5).clusters.map { cluster in
        let (x, y) = (cluster.centre[0], cluster.centre[1])
        return Cluster(
          probability: cluster.probability, centre: [0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y],
          label: cluster.label, variance: cluster.variance)
      })
    #expect(abs(try errors(turned).bayes(samplesPerWeight: 3).value - bayes) < 1e-7)
  }

  /// Three clusters in a plane under one label: a rank of two, against the same with a label each.
  @Test func unknownMembersCostInformation() throws {
    func mixture(_ labels: [Double]) -> Mixture {
      let angles = [0.2, 2.3, 4.1]
      return Mixture(
        clusters: zip(labels, angles).map { label, angle in
          Cluster(
            probability: 1 / 3.0, centre: [2 * cos(angle), 2 * sin(angle)], label: label,
            variance: 0.5)
        })
    }
    let known = try errors(mixture([1, 2, 3]), network: Softmax(outputs: 3))
    let unknown = try errors(mixture([1, 1, 1]), network: Softmax(outputs: 3))
    let q = known.overlap(samplesPerWeight: 3)
    let r = unknown.overlap(samplesPerWeight: 3)
    #expect(q[0][0] > r[0][0] && q[1][1] > r[1][1])
    // With many samples a point is told apart from the others, and little is lost.
    #expect(r[0][0] > 0.8 * q[0][0] && unknown.bayes(samplesPerWeight: 3).value == 0)
  }

  /// Rare clusters: the informed fixed point is there first, then it is the posterior.
  /// `[optimal.entropy]`
  @Test func firstOrderTransition() throws {
    let rare = Mixture(clusters: [
      Cluster(probability: 0.98, centre: [0], label: 1, variance: 0.05),
      Cluster(probability: 0.01, centre: [1], label: 1, variance: 0.05),
      Cluster(probability: 0.01, centre: [-1], label: 1, variance: 0.05),
    ])
    let found = try errors(rare)
    #expect(found.overlap(samplesPerWeight: 3.75)[0][0] < 1e-6)
    #expect(abs(found.overlap(samplesPerWeight: 4.375)[0][0] - 0.4765954) < 1e-4)
  }

  /// Nothing known: the most frequent label. Everything known: the oracle.
  @Test(arguments: [
    ThreeClusters(variance: 0.3, outerProbability: 0.3) as any DataModel,
    TwoClusters(variance: 1), Xor(separation: 1.5, variance: 1),
  ])
  func limits(_ data: any DataModel) throws {
    let found = try errors(data)
    let positive = data.clusters.reduce(0) { $0 + ($1.label > 0 ? $1.probability : 0) }
    #expect(abs(found.bayes(samplesPerWeight: 0).value - min(positive, 1 - positive)) < 1e-6)
    #expect(abs(found.bayes(samplesPerWeight: 1e6).value - found.oracle.value) < 1e-5)
    let values = [0.5, 1, 2, 4, 8].map { found.bayes(samplesPerWeight: $0).value }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 - 1e-9 })
    #expect((values.last ?? 0) > found.oracle.value)
  }

  /// A start with an overlap is a measurement of the signal. `[optimal.start]`
  @Test func startInforms() throws {
    let found = try errors(
      TwoClusters(variance: 0.5), start: Start(variance: 0.2, overlap: [[0.3]]))
    let precision = 2 / 0.5 + 0.09 / 0.2
    #expect(
      abs(found.overlap(samplesPerWeight: 2)[0][0] - precision / (1 + precision)) < 1e-10)
    let committee = Committee(activation: .erf, readout: [1, 1])
    let two = try errors(
      TwoClusters(variance: 0.5), network: committee,
      start: Start(variance: 0.2, overlap: [[0.3], [-0.1]]))
    let both = 0.1 / 0.2
    #expect(abs(two.overlap(samplesPerWeight: 0)[0][0] - both / (1 + both)) < 1e-10)
    let regression = try errors(
      LinearTeacher(noise: 0.5), start: Start(variance: 0.2, overlap: [[0.3]]))
    let known = 0.09 / 0.2
    #expect(abs(regression.overlap(samplesPerWeight: 0)[0][0] - known / (1 + known)) < 1e-10)
  }

  // MARK: teachers

  /// 1 - q of regression is the risk of ridge regression at λ = σ_y²: ∫ dν σ²/(σ² + x).
  /// `[optimal.teacher]`
  @Test(arguments: [(2.0, 0.3), (0.5, 1), (3, 0.1)])
  func regression(_ alpha: Double, _ noise: Double) throws {
    let found = try errors(LinearTeacher(noise: noise))
    let risk = DataSpectrum(alpha: alpha).bulk { x in noise * noise / (noise * noise + x) }
    let q = found.overlap(samplesPerWeight: alpha)[0][0]
    #expect(abs(1 - q - risk) < 1e-9)
    #expect(abs(found.oracle.value - atan(noise) / .pi) < 1e-12)
    let error = acos((q / (1 + noise * noise)).squareRoot()) / .pi
    #expect(abs(found.bayes(samplesPerWeight: alpha).value - error) < 1e-10)
  }

  /// The noiseless perceptron: 0.442/α in the end, q = 2α/π in the beginning. `[optimal.teacher]`
  @Test func signTeacher() throws {
    let found = try errors(LinearTeacher(labels: .sign))
    #expect(found.oracle.value < 1e-12)
    #expect(abs(found.bayes(samplesPerWeight: 0).value - 0.5) < 1e-12)
    let early = found.overlap(samplesPerWeight: 1e-4)[0][0]
    #expect(abs(early / (2e-4 / .pi) - 1) < 1e-3)
    #expect(abs(100 * found.bayes(samplesPerWeight: 100).value - 0.442) < 0.003)
    #expect(abs(found.bayes(samplesPerWeight: 2).value - 0.16) < 0.02)
  }

  @Test func machinesMakeNoErrors() {
    let machine = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      network: Boltzmann(hidden: 1, variance: 1),
      start: Start(variance: 0.1), learningRate: 0.1, steps: 1)
    #expect(OptimalErrors(machine) == nil)
  }
}
