import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Numbers of theory/9-networks.md for several outputs, readouts, kinks, masks and machines.
@Suite("Exact limit: networks")
struct NetworkLimitTests {
  private func problem(
    data: any DataModel = TwoClusters(variance: 0.5), network: any Network,
    loss: (any Loss)? = nil, decay: Double = 0.1, start: Start, steps: Int = 1,
    scale: LearningRule.GradientScale = .sum, samples: any Mask = FullMask(),
    weights: any WeightMask = FullMask(), trajectories: Int = 6000
  ) -> Setup {
    Setup(
      data: data, samplesPerWeight: 2, network: network, loss: loss, weightDecay: decay,
      start: start, learningRate: 0.3, steps: steps, gradientScale: scale, sampleMask: samples,
      weightMask: weights, theory: TheorySettings(trajectories: trajectories, batches: 8))
  }

  @Test("softmax of three fields from w = 0 `[network.softmax]`")
  func threeClasses() throws {
    let corners = Mixture(
      clusters: (0..<3).map { a in
        Cluster(
          probability: 1.0 / 3, centre: (0..<3).map { $0 == a ? 1 : 0 }, label: Double(a + 1),
          variance: 0.5)
      })
    let zero = Start(variance: 0, overlap: Array(repeating: [0, 0, 0], count: 3))
    let problem = problem(data: corners, network: Softmax(outputs: 3), decay: 0, start: zero)
    var numbers = [ByHand]()
    for k in 0..<3 {
      for p in 0..<3 { numbers.append(.m(k, p: p, k == p ? 2.0 / 15 : -1.0 / 15)) }
      for l in k..<3 { numbers.append(.c(k, l, k == l ? 7.0 / 150 : -7.0 / 300)) }
    }
    try MeanFieldSolver(problem).solve().expect(numbers, precision: 1e-3)
  }

  /// Columns share the switches of an input, elements do not, and who rests does not move.
  /// `[weight.columns]`
  @Test(
    "softmax of two fields from w = 0 under weight masks",
    arguments: [TheorySettings.Sites.auto, .ensembleBoth])
  func twoClasses(sites: TheorySettings.Sites) throws {
    let zero = Start(variance: 0, overlap: [[0], [0]])
    let (m, c) = (0.15, 0.05625)
    for (mask, cross) in [
      (ColumnMask(density: 0.5) as any WeightMask, -c), (IndependentMask(density: 0.5), -c / 2),
    ] {
      var problem = problem(
        network: Softmax(outputs: 2), decay: 0, start: zero, weights: mask)
      problem.theory.sites = sites
      // Gradients that are exactly opposite order the draws of both units alike: C_12 of sampled
      // elements varies from batch to batch, whatever the number of trajectories.
      problem.theory.sampling.trajectories = 2000
      problem.theory.sampling.batches = 64
      try MeanFieldSolver(problem).solve().expect(
        [.m(0, m), .m(1, -m), .c(0, 0, c), .c(1, 1, c), .c(0, 1, cross)], precision: 5e-3)
    }
    let subnet = SubnetMask(inputs: 0.5, units: 0.5, period: nil)
    var problem = problem(network: Softmax(outputs: 2), decay: 0, start: zero, weights: subnet)
    problem.theory.sites = sites
    let learns = LearningUnits(problem).isOn(step: 0, power: []).map { $0 ? 1.0 : 0 }
    #expect(learns.reduce(0, +) == 1)
    let (mean, square) = (learns.map { $0 * m }, learns.map { $0 * c })
    try MeanFieldSolver(problem).solve().expect(
      [
        .m(0, mean[0]), .m(1, -mean[1]), .c(0, 0, square[0]), .c(1, 1, square[1]), .c(0, 1, 0),
        ByHand(.writes, 1, 0.25), ByHand(.squaredChange, 1, c / 2),
      ], precision: 1e-3)
  }

  /// g = 2 (h² - y) h with h = y m0 + √V z, V = Δ C(0, 0) = 0.27; E[y h³] = m0³ + 3 m0 V and
  /// E[h] = 0, so μ = 2α (m0³ + 3 m0 V) = 0.68, S = 4αΔ (E[h⁶] + E[h²]), χ = 6αΔ E[h²].
  /// `[network.readout]`
  @Test("a quadratic unit and its readout, one step")
  func quadraticUnit() throws {
    let problem = problem(
      network: Committee(activation: .quadratic, readout: [1], readoutLearningRate: 0.1),
      loss: SquareLoss(), start: Start(variance: 0.5, overlap: [[0.2]]), trajectories: 40_000)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    solution.expect(
      [
        ByHand(.magnetisation, 1, -0.1216), ByHand(.norm, 1, 0.3671418),
        ByHand(.readout(0, 0, outputs: 1), 1, 0.97149),
      ], precision: 0.02)
    let (kernels, errors) = (try #require(solution.kernels), try #require(solution.kernelErrors))
    let expected = [
      (kernels.correlation[1, 0], errors.correlation[1, 0], 0.18168),
      (kernels.gradientCovariance[0, 0], errors.gradientCovariance[0, 0], 2.972036),
      (kernels.gradientResponse[0, 0], errors.gradientResponse[0, 0], 1.86),
    ]
    for (value, error, exact) in expected {
      #expect(abs(value - exact) < 5 * error + 1e-6 && error < 0.02 * exact)
    }
  }

  @Test(
    "the readout of an erf unit `[network.readout]`",
    arguments: [
      FullMask() as any Mask,
      IndependentMask(density: 0.4),
    ])
  func readout(mask: any Mask) throws {
    let network = Committee(activation: .erf, readout: [1], readoutLearningRate: 0.1)
    let problem = problem(
      network: network, loss: SquareLoss(), start: Start(variance: 0.5), scale: .mean,
      samples: mask, trajectories: 20_000)
    try MeanFieldSolver(problem).solve().expect(
      [ByHand(.readout(0, 0, outputs: 1), 1, 0.9871812)], precision: 1e-4)
  }

  @Test("the response of a relu unit contains its kink `[network.relu]`")
  func relu() throws {
    let problem = problem(
      data: ThreeClusters(variance: 0.5, outerProbability: 0.4),
      network: Committee(activation: .relu, readout: [1]), loss: SquareLoss(),
      start: Start(variance: 0.5), trajectories: 40_000)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let value = try #require(solution.kernels).gradientResponse[0, 0]
    let error = try #require(solution.kernelErrors).gradientResponse[0, 0]
    #expect(abs(value - 0.6595769) < 5 * error + 1e-6 && error < 0.01)
  }

  /// G is an unbiased gradient of the likelihood times σ b: mini-batches change no mean.
  /// `[boltzmann.drive]` `[boltzmann.observables]`
  @Test(
    "machines, one step by hand",
    arguments: [
      (FullMask() as any Mask, LearningRule.GradientScale.sum),
      (IndependentMask(density: 0.4), .mean),
      (IndependentMask(density: 0.4), .sum),
    ], [TheorySettings.Sites.auto, .ensembleBoth])
  func machines(_ passes: (any Mask, LearningRule.GradientScale), sites: TheorySettings.Sites)
    throws
  {
    let (mask, scale) = passes
    // σ b, which multiplies μ, χ and Γ alike; tables are for 1.
    let strength = mask.isFull || scale == .mean ? 1 : 0.4
    let chi = [-0.7650810859, -0.8190768952]
    let mu = [-0.4749278438, -0.1644714510]
    let single = [0.5957353976]
    let double = [0.5953746493, 0.0560041563, 0.4550456384]
    let rows = [
      (1, 0.8603306139, 0.8406471806, 0.0196834334), (2, 1.6725687901, 1.6614068569, 0.0111619332),
    ]
    let m0 = [0.3, 0.1]
    for (units, minusLoss, logPartition, logLikelihood) in rows {
      var problem = problem(
        network: Boltzmann(hidden: units, variance: 0.5),
        start: Start(variance: 0.5, overlap: (0..<units).map { [m0[$0]] }), scale: scale,
        samples: mask, trajectories: 20_000)
      problem.theory.sites = sites
      let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
      solution.expect(
        [
          ByHand(.trainingLoss, 0, -minusLoss), ByHand(.freeEnergy, 0, -logPartition),
          ByHand(.logLikelihood, 0, logLikelihood), ByHand(.testLogLikelihood, 0, logLikelihood),
        ], precision: 2e-3)
      for k in 0..<units {
        var pull = (0.1 + strength * (1 + chi[k])) * m0[k]
        if units == 2 { pull += strength * 0.0149988751 * m0[1 - k] }
        let m = m0[k] - 0.3 * (pull + strength * mu[k])
        solution.expect(
          [ByHand(.magnetisation(k, 0, single: units == 1), 1, m)], precision: 2e-3)
      }
      guard mask.isFull else { continue }
      let found =
        units == 1
        ? [Observable.norm]
        : [(0, 0), (0, 1), (1, 1)].map {
          .norm($0.0, $0.1, single: false)
        }
      solution.expect(
        zip(found, units == 1 ? single : double).map { ByHand($0, 1, $1) }, precision: 2e-3)
    }
  }

  @Test("the curvature of unequal variances `[observable.weightnoise]`")
  func curvature() throws {
    let clusters = [(0.2, 0.3), (0.5, 1.7), (0.3, 0.1)].map {
      Cluster(probability: $0.0, centre: [1], label: 1, variance: $0.1)
    }
    var problem = problem(
      data: Mixture(clusters: clusters), network: Perceptron(), loss: SquareLoss(),
      start: Start(variance: 0.5))
    problem.weightNoise = WeightNoise(sigma: 0, reliabilityCost: 0.1)
    // H = α E[Δ_a], as ∂²Λ/∂h² = 1.
    let optimum = problem.weightNoise.optimum(curvature: 2 * (0.06 + 0.85 + 0.03))
    try MeanFieldSolver(problem).solve().expect(
      [ByHand(.optimalWeightNoise, 0, optimum)], precision: 0.01 * optimum)
  }

  /// Closed sites only where theory/ has them. `[weight.columns]`
  @Test("of two units only persistent elements are sampled")
  func sites() throws {
    let start = Start(variance: 0.5, overlap: [[0.1], [0]])
    for (mask, site) in [
      (PersistentMask(density: 0.5, correlation: 0.5) as any WeightMask, "ensemble"),
      (FrozenMask(density: 0.5), "ensemble"), (IndependentMask(density: 0.5), "closed"),
      (ColumnMask(density: 0.5, correlation: 0.5), "closed"), (RowMask(density: 0.5), "closed"),
    ] {
      let problem = problem(
        network: LinearUnits(), loss: SquareLoss(), start: start, weights: mask, trajectories: 400)
      let solution = try MeanFieldSolver(problem).solve()
      #expect(solution.diagnostics.weightSite.hasPrefix(site), "\(mask)")
    }
  }

  /// A cluster that is never seen has a variance of its own: known moments, which carry one
  /// variance, must not be used, and nothing else changes. `[sampling.persistent]`
  @Test("a rare cluster of another variance, persistent sample masks")
  func rareCluster() throws {
    var problem = Cases.square(
      steps: 8, sampleMask: PersistentMask(density: 0.4, correlation: 0.7))
    problem.learningRate = 0.15
    let closed = try MeanFieldSolver(problem).solve()
    problem.data = Mixture(
      clusters: [Cluster(probability: 1e-12, centre: [1], label: 1, variance: 5)]
        + TwoClusters(variance: 0.5).clusters)
    problem.theory = TheorySettings(trajectories: 4000, batches: 16)
    let sampled = try MeanFieldSolver(problem).solve()
    #expect(sampled.diagnostics.sampleSite == "ensemble")
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      sampled.expect(
        closed.curve(observable).estimates.enumerated().map {
          ByHand(observable, $0, $1.value)
        }, tolerance: 1e-5, precision: 0.01)
    }
  }
}
