import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Numbers of theory/9-networks.md for dropout. `[site.dropout]` `[problem.dropout]`
@Suite("Exact limit: dropout")
struct DropoutLimitTests {
  private func problem(steps: Int, _ sampleMask: any Mask, _ weightMask: any WeightMask) -> Setup {
    var problem = Cases.square(steps: steps, sampleMask: sampleMask, weightMask: weightMask)
    problem.start = Start(variance: 0.5, overlap: [[0.2]])
    problem.gradientScale = .mean
    problem.dropout = Dropout(inputs: 0.2)
    problem.theory = TheorySettings(trajectories: 2000, batches: 2, sites: .closed)
    return problem
  }

  @Test("inputs, independent masks: three steps by hand")
  func masked() throws {
    let problem = problem(
      steps: 3, IndependentMask(density: 0.4), IndependentMask(density: 0.5))
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    #expect(abs(kernels.gradientCovariance[0, 0] - 3.0546875) < 1e-12)
    #expect(abs(kernels.gradientResponse[0, 0] - 1.25) < 1e-12)
    let table = [
      (0.2, 0.54, 0.54, 0.455), (0.3995, 0.47865, 0.67536769, 0.30203572),
      (0.48300125, 0.42022837, 0.70609102, 0.24142206),
      (0.51989687, 0.37062280, 0.70209552, 0.20887612),
    ]
    for (t, row) in table.enumerated() {
      #expect(abs(kernels.correlation[t, 0] - row.1) < 1e-8)
      solution.expect(
        [
          ByHand(.magnetisation, t, row.0), ByHand(.norm, t, row.2),
          ByHand(.trainingLoss, t, row.3),
        ],
        tolerance: 1e-8)
    }
  }

  @Test("inputs, full batch: one step and twenty")
  func fullBatch() throws {
    let solution = try MeanFieldSolver(problem(steps: 20, FullMask(), FullMask())).solve()
    solution.expect(
      [ByHand(.magnetisation, 1, 0.599), ByHand(.norm, 1, 0.64578225)], tolerance: 1e-10)
    solution.expect(
      [
        ByHand(.magnetisation, 20, 0.5679069), ByHand(.norm, 20, 0.5325656),
        ByHand(.trainingLoss, 20, 0.1052937),
      ], tolerance: 1e-7)
  }

  @Test("inputs, full batch: m knows but the ridge")
  func ridge() throws {
    // At λ' = λ + αΔκ the overlap is that without dropout; the norm gains noise.
    let dropped = try MeanFieldSolver(problem(steps: 12, FullMask(), FullMask())).solve()
    var plain = problem(steps: 12, FullMask(), FullMask())
    plain.dropout = Dropout()
    plain.weightDecay += 2 * 0.5 * 0.25
    let ridge = try MeanFieldSolver(plain).solve()
    for t in 0...12 {
      let m = ridge.curve(.magnetisation).estimates[t].value
      dropped.expect([ByHand(.magnetisation, t, m)], tolerance: 1e-12)
    }
    #expect(
      dropped.curve(.norm).estimates[12].value > ridge.curve(.norm).estimates[12].value + 0.01)
  }

  /// With a teacher nugget and 1/q act on all of C and w: the first step by hand, where
  /// μ = α (m0 - 1) and C(0, 0) stands where m0 alone is signal. `[kernel.teacher]`
  @Test(
    "inputs, regression teacher: one step by hand",
    arguments: [TheorySettings.Sites.closed, .ensemble, .ensembleBoth])
  func teacher(sites: TheorySettings.Sites) throws {
    var problem = problem(steps: 1, FullMask(), FullMask())
    problem.data = LinearTeacher(noise: 0.3)
    problem.theory.sites = sites
    problem.theory.sampling.batches = 8
    let (q, m, c, lambda, eta, alpha) = (0.8, 0.2, 0.54, 0.1, 0.3, 2.0)
    // h = m ν + √(C - m²) z + √(κC) z', y = ν + 0.3 ξ: G = (λ + α/q) w - α v + u.
    let loss = (m - 1) * (m - 1) + c - m * m + 0.09
    let noise = alpha / q * (loss + (1 / q - 1) * c)
    let pull = lambda + alpha / q
    let square = pull * pull * c - 2 * pull * alpha * m + alpha * alpha + noise
    try MeanFieldSolver(problem).solve().expect(
      [
        ByHand(.magnetisation, 1, m - eta * (pull * m - alpha)),
        ByHand(.norm, 1, c - 2 * eta * (pull * c - alpha * m) + eta * eta * square),
        ByHand(.trainingLoss, 0, 0.5 * loss),
      ], tolerance: sites == .closed ? 1e-12 : 2e-3, precision: 0.01)
  }

  @Test("inputs: the units of a sample miss the same ones")
  func nuggetBetweenUnits() throws {
    // One cluster at the origin: S_kl(0, 0) = αΔ² a_k a_l (a·C a)/q² by hand, χ_kl = αΔ a_k a_l/q.
    let problem = Setup(
      data: Mixture(clusters: [Cluster(probability: 1, centre: [0], label: 1, variance: 0.5)]),
      samplesPerWeight: 2, network: LinearUnits(), loss: SquareLoss(),
      start: Start(variance: 0.5, overlap: [[0.9], [0.8]]), learningRate: 0.3, steps: 1,
      dropout: Dropout(inputs: 0.4), theory: TheorySettings(trajectories: 4000, batches: 8))
    let (a, q) = ([0.6, 0.8], 0.6)
    var spread = 0.0
    for k in 0...1 { for l in 0...1 { spread += a[k] * a[l] * problem.start.correlation(k, l) } }
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    for k in 0...1 {
      for l in 0...1 {
        let covariance = 2 * 0.5 / q * a[k] * a[l] * (0.5 * spread / q + 1)
        #expect(abs(kernels.gradientCovariance[0, 0, k, l] - covariance) < 1e-6)
        #expect(abs(kernels.gradientResponse[0, 0, k, l] - 2 * 0.5 * a[k] * a[l] / q) < 1e-6)
      }
    }
  }

  /// The activity is Σ E|h̃| of the learning passes, all else is of the whole network.
  @Test(
    "inputs: only the activity is that of the learning passes",
    arguments: [TheorySettings.Sites.closed, .ensemble], [false, true])
  func activity(sites: TheorySettings.Sites, isTaught: Bool) throws {
    var problem = problem(steps: 1, FullMask(), FullMask())
    if isTaught { problem.data = LinearTeacher(noise: 0.3) }
    problem.theory.sites = sites
    problem.theory.sampling.batches = 8
    let m = isTaught ? 0 : 0.2
    let variance = (isTaught ? 1 : 0.5) * 0.54 / 0.8
    let expected =
      (2 * variance / Double.pi).squareRoot() * exp(-m * m / (2 * variance))
      + m * erf(m / (2 * variance).squareRoot())
    try MeanFieldSolver(problem).solve().expect(
      [ByHand(.activity, 1, expected)], tolerance: sites == .closed ? 1e-12 : 1e-3,
      precision: 0.01)
  }

  @Test("inputs, persistent masks: the sampled site agrees with the closed one")
  func persistent() throws {
    var problem = problem(steps: 10, PersistentMask(density: 0.4, correlation: 0.7), FullMask())
    problem.dropout = Dropout(inputs: 0.5)
    problem.learningRate = 0.15
    let closed = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 4000, batches: 16, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      sampled.expect(
        closed.curve(observable).estimates.enumerated().map {
          ByHand(observable, $0, $1.value)
        }, tolerance: 1e-5, precision: 0.01)
    }
  }

  @Test("hidden units at w(0) = 0: only the diagonal feels them")
  func hidden() throws {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      network: Committee(activation: .erf, readout: [1, 0.5]), loss: SquareLoss(),
      start: Start(variance: 0, overlap: [[0], [0]]), learningRate: 0.3, steps: 1,
      dropout: Dropout(hidden: 0.2), theory: TheorySettings(trajectories: 40_000, batches: 8))
    try MeanFieldSolver(problem).solve().expect(
      [
        .m(0, 0.4787307), .m(1, 0.4787307 / 2), .c(0, 0, 0.3008028), .c(0, 1, 0.1432394),
        .c(1, 1, 0.0752007),
      ], precision: 1e-3)
  }

  /// E[∂Λ/∂a_ok] with gates inside and outside, at h far from zero where φ = ±1 and nothing moves:
  /// f_o = Σ_k a_ok ξ_k/q. Units that rest keep their column. `[network.readout]`
  @Test(
    "hidden units and a learned readout: two steps by hand",
    arguments: [FullMask() as any WeightMask, RowMask(density: 0.5, seed: 2)])
  func learnedReadout(mask: any WeightMask) throws {
    let initial = [[1.0, -0.5, 0.3], [-0.3, -0.4, 0.2]]
    let (q, eta) = (0.7, 0.4)
    // One cluster of tiny variance; m0 = 12 puts every erf unit at ±1.
    let signs = [1.0, -1, 1]
    let problem = Setup(
      data: Mixture(clusters: [Cluster(probability: 1, centre: [1], label: 2, variance: 1e-6)]),
      samplesPerWeight: 2,
      network: Softmax(activation: .erf, readout: initial, readoutLearningRate: .constant(eta)),
      start: Start(variance: 0, overlap: signs.map { [12 * $0] }), learningRate: 0.1, steps: 2,
      gradientScale: .mean, sampleMask: IndependentMask(density: 0.5), weightMask: mask,
      dropout: Dropout(hidden: 1 - q), theory: TheorySettings(trajectories: 20_000, batches: 16))
    let solution = try MeanFieldSolver(problem).solve()
    let units = LearningUnits(problem)
    var readout = initial
    for t in 0..<2 {
      let isOn = units.isOn(step: t, power: [])
      if !(mask is FullMask), t == 0 { #expect(Set(isOn).count == 2) }
      let gradient = gatedGradient(readout, signs, q)
      for o in 0...1 {
        for k in 0..<3 where isOn[k] { readout[o][k] -= eta * gradient[o][k] }
      }
      solution.expect(
        (0...1).flatMap { o in
          (0..<3).map { ByHand(.readout(o, $0, outputs: 2), t + 1, readout[o][$0]) }
        }, tolerance: 1e-5, precision: 2e-3)
    }
  }

  /// E[(ξ_k/q) (p_o - δ_o2) φ_k] over the gates of three units.
  private func gatedGradient(_ readout: [[Double]], _ phi: [Double], _ q: Double) -> [[Double]] {
    var gradient = [[0.0, 0, 0], [0, 0, 0]]
    for word in 0..<8 {
      let gates = (0..<3).map { word >> $0 & 1 == 1 ? 1 / q : 0 }
      let chance = gates.reduce(1) { $0 * ($1 > 0 ? q : 1 - q) }
      let weights = readout.map { row in
        exp((0..<3).reduce(0) { $0 + row[$1] * gates[$1] * phi[$1] })
      }
      for o in 0...1 {
        let error = weights[o] / (weights[0] + weights[1]) - (o == 1 ? 1 : 0)
        for k in 0..<3 { gradient[o][k] += chance * error * gates[k] * phi[k] }
      }
    }
    return gradient
  }
}
