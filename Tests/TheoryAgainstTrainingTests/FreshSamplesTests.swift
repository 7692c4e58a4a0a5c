import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Before the first step a fresh sample is like one to learn from, so test quantities are training
/// quantities: for every network, every loss it takes, and every data model. `[observable.fresh]`
/// `[observable.testloss]` `[observable.testerror]`
@Suite struct FreshSamplesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let network: any Network
    let loss: any Loss
    let data: any DataModel
    let name: String

    var testDescription: String { name }

    func problem(dimension: Int, alpha: Double, runs: Int) -> Setup {
      let (units, directions) = (network.hiddenUnits, data.signalDirections)
      var overlap = Array(repeating: Array(repeating: -0.2, count: directions), count: units)
      for k in 0..<units {
        for p in 0..<directions where (k + p) % 2 == 0 { overlap[k][p] = 0.3 + 0.1 * Double(k) }
      }
      return Setup(
        data: data, samplesPerWeight: alpha, network: network, loss: loss,
        start: Start(variance: 0.4, overlap: overlap), learningRate: 0.05, steps: 1,
        theory: TheorySettings(trajectories: 2000, batches: 16, sites: .ensemble),
        training: TrainingSettings(dimension: dimension, runs: runs, seed: 12))
    }
  }

  private static let readouts = [[1.1], [1.1, -0.8], [1.1, -0.8, 0.5]]

  static let networks: [(String, any Network)] = {
    var networks: [(String, any Network)] = [
      ("perceptron", Perceptron()), ("door", Door(width: 0.8)),
      ("saturating perceptron", SaturatingPerceptron()),
      ("softmax of 2 fields", Softmax(outputs: 2)), ("softmax of 3 fields", Softmax(outputs: 3)),
      (
        "softmax of 3 above 2 relu units",
        Softmax(activation: .relu, readout: [[1, -0.5], [-0.3, -0.4], [-0.6, 1]])
      ),
    ]
    for readout in readouts {
      let units = readout.count
      for activation in Activation.allCases {
        let committee = Committee(activation: activation, readout: readout)
        networks.append(("\(activation.rawValue) committee of \(units)", committee))
      }
      for activation in [Activation.relu, .erf] {
        let other = readout.map { 0.3 - $0 }
        let softmax = Softmax(activation: activation, readout: [readout, other])
        networks.append(("softmax above \(units) \(activation.rawValue) units", softmax))
      }
      networks.append(("machine of \(units)", Boltzmann(hidden: units, variance: 0.5)))
    }
    return networks
  }()

  private static func mixture(_ labels: [Double]) -> Mixture {
    Mixture(clusters: [
      Cluster(probability: 0.5, centre: [1.2, 0], label: labels[0], variance: 0.3),
      Cluster(probability: 0.2, centre: [-0.5, 1], label: labels[1], variance: 0.8),
      Cluster(probability: 0.3, centre: [-0.5, -1], label: labels[2], variance: 0.5),
    ])
  }

  static let dataModels: [(String, any DataModel)] = [
    ("two clusters", TwoClusters(variance: 0.5)),
    ("three clusters", ThreeClusters(variance: 0.5)),
    ("xor", Xor(separation: 1.5, variance: 0.4)),
    ("mixture", mixture([1, -1, -1])), ("mixture of 3 classes", mixture([1, 2, 3])),
    ("regression teacher", LinearTeacher(noise: 0.4)),
    ("sign teacher", LinearTeacher(labels: .sign)),
    ("unequal clusters", specimens.problem("data", UnequalClusters.kind).data),
  ]
  private static let specimens = Specimens(Additions.catalogue)

  /// Whether the network has answers for the labels.
  private static func fits(_ network: any Network, _ data: any DataModel) -> Bool {
    let classes = network.classes
    if network.machine != nil { return true }
    guard let teacher = data.teacher else {
      let signs = data.clusters.allSatisfy { abs($0.label) == 1 }
      return classes == 3 ? !signs : signs
    }
    return classes == 0 || classes == 2 && teacher.labels == .sign
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for (networkName, network) in networks {
      for (dataName, data) in dataModels where fits(network, data) {
        for loss in losses where type(of: network).takes(type(of: loss)) {
          let name = "\(networkName), \(loss.kind), \(dataName)"
          cases.append(Case(network: network, loss: loss, data: data, name: name))
        }
      }
    }
    return cases
  }()

  private static let losses = Additions.catalogue.losses.map {
    specimens.problem("loss", $0.kind).loss
  }

  @Test func everyIngredientIsHere() {
    let networks = Set(Self.cases.map { type(of: $0.network).kind })
    let catalogue = Additions.catalogue
    #expect(networks == Set(catalogue.networks.map { $0.kind }))
    let losses = Set(Self.cases.map { type(of: $0.loss).kind })
    #expect(losses == Set(catalogue.losses.map { $0.kind }))
    let models = Set(Self.cases.map { type(of: $0.data).kind })
    #expect(models == Set(catalogue.dataModels.map { $0.kind }).subtracting([CSVData.kind]))
  }

  private static let pairs: [(test: Observable, training: Observable)] = [
    (.testLoss, .trainingLoss), (.testError, .trainingError), (.testLogLikelihood, .logLikelihood),
  ]

  /// The integrals of the theory against its own trajectories.
  @Test(arguments: cases)
  func theory(_ example: Case) throws {
    let curves = try MeanFieldSolver(example.problem(dimension: 2, alpha: 2, runs: 2)).solve()
      .curves
    for (test, training) in Self.pairs where curves.contains(where: { $0.observable == training }) {
      let (fresh, learned) = (curves.named(test).estimates[0], curves.named(training).estimates[0])
      let welch = WelchTest(fresh, replicas: 16, learned, replicas: 16)
      #expect(welch.pValue > 1e-6, "\(test) \(fresh), \(training) \(learned)")
      #expect(learned.standardError < 0.02 * max(1, abs(learned.value)))
    }
  }

  /// Fresh samples against rows, run by run, in few dimensions, where samples are all but normal.
  @Test(arguments: cases, [0, 0.6])
  func training(_ example: Case, _ noise: Double) throws {
    var problem = example.problem(dimension: 8, alpha: 20, runs: 200)
    problem.weightNoise = WeightNoise(sigma: noise)
    let recordings = try DirectTraining(problem).recordings()
    for (test, training) in Self.pairs where !recordings[0].values(training).isEmpty {
      let differences = recordings.map {
        $0.values(test)[0].value - $0.values(training)[0].value
      }
      let mean = Estimate(mean: differences)
      // 200 runs: |t| > 5 has probability 1e-6.
      #expect(abs(mean.value) <= 5 * mean.standardError, "\(test) - \(training): \(mean)")
    }
  }

  /// A forgotten half of the undecided answers is flagged: relu units are silent on half of the
  /// space.
  @Test func undecidedAnswersCount() throws {
    let problem = Setup(
      data: ThreeClusters(variance: 0.5), samplesPerWeight: 2,
      network: Committee(activation: .relu, readout: [1.1]),
      start: Start(variance: 0.4, overlap: [[0.2]]), learningRate: 0.1, steps: 1,
      training: TrainingSettings(dimension: 500, runs: 16))
    let training = try DirectTraining(problem).run().filter { $0.observable == .testError }
    // As many positive as negative labels, half of all fields positive.
    for (error, agrees) in [(0.5, true), (0.25, false)] {
      let theory = Curve(
        observable: .testError, steps: [0], estimates: [Estimate(error)], replicas: 1)
      #expect(Comparison(theory: [theory], training: training).agrees == agrees)
    }
  }

  /// Errors too rare to be seen have no spread either: 1e-5 is no contradiction to none of 16000,
  /// 1e-3 is.
  @Test(arguments: [LogisticLoss() as any Loss, HingeLoss()])
  func rareErrors(_ loss: any Loss) throws {
    var problem = Setup(
      data: TwoClusters(variance: 0.02), samplesPerWeight: 2, loss: loss,
      start: Start(variance: 0, overlap: [[3]]), learningRate: 0.01, steps: 1,
      theory: TheorySettings(trajectories: 500, batches: 2),
      training: TrainingSettings(dimension: 500, runs: 16))
    let training = try DirectTraining(problem).run()
    let error = training.named(.testError).estimates[0]
    #expect(error.value == 0 && error.standardError < 3e-4)
    for (rate, agrees) in [(1e-5, true), (1e-3, false)] {
      let theory = Curve(
        observable: .testError, steps: [0], estimates: [Estimate(rate)], replicas: 1)
      #expect(Comparison(theory: [theory], training: training).agrees == agrees)
    }
    problem.data = TwoClusters(variance: 0.05)
    let theory = try MeanFieldSolver(problem).solve().curves
    #expect(theory.named(.testError).estimates[0].value > 1e-6)
    let common = Comparison(theory: theory, training: try DirectTraining(problem).run())
    for row in common.rows where [.testLoss, .testError].contains(row.observable) {
      #expect(row.agrees, "\(row)")
    }
  }

  static let silent: [(any Network, any DataModel)] = [
    (Perceptron(), TwoClusters(variance: 0.5)), (Perceptron(), LinearTeacher(labels: .sign)),
    (Perceptron(), LinearTeacher(noise: 0.3)),
    (Committee(activation: .erf, readout: [1]), TwoClusters(variance: 0.5)),
    (Committee(activation: .relu, readout: [1, -1]), TwoClusters(variance: 0.5)),
    (Committee(activation: .relu, readout: [1, -1, 1]), LinearTeacher(labels: .sign)),
    (Softmax(outputs: 3), mixture([1, 2, 3])),
  ]

  /// At w = 0 nothing is decided in any run, and values without spread are compared.
  @Test(arguments: silent.indices)
  func withoutSpread(_ index: Int) throws {
    let (network, data) = Self.silent[index]
    let (units, directions) = (network.hiddenUnits, data.signalDirections)
    let problem = Setup(
      data: data, samplesPerWeight: 2, network: network,
      start: Start(
        variance: 0,
        overlap: Array(repeating: Array(repeating: 0, count: directions), count: units)),
      learningRate: 0.1, steps: 1, theory: TheorySettings(trajectories: 500, batches: 2),
      training: TrainingSettings(dimension: 50, runs: 4))
    let (theory, training) = (
      try MeanFieldSolver(problem).solve().curves, try DirectTraining(problem).run()
    )
    let error = training.named(.testError).estimates[0]
    #expect(error.value == 0.5 && error.standardError < 0.01)
    let comparison = Comparison(theory: theory, training: training)
    for point in comparison.points where point.step == 0 {
      #expect(point.test.pValue >= comparison.threshold, "\(point)")
    }
  }
}
