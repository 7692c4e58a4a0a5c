import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Fields of fresh samples from (m, C) [observable.testloss]")
struct FieldSamplerTests {
  private let overlaps = [[0.6], [-0.3]]
  private let covariance = [1.2, 0.5, 0.5, 0.8]

  private func problem(_ data: any DataModel, weightNoise: Double = 0) -> Setup {
    Setup(
      data: data, samplesPerWeight: 1, network: Committee(activation: .erf, readout: [1, 1]),
      loss: SquareLoss(), start: Start(variance: 1, overlap: [[0], [0]]), learningRate: 0.1,
      steps: 1, weightNoise: WeightNoise(sigma: weightNoise, reliabilityCost: 0))
  }

  /// Averages of 1, h_1, h_2, h_1², h_1 h_2, h_2² and y h_1 by a rule that is exact for them.
  private func moments(_ problem: Setup) -> [[Double]] {
    let sampler = FieldSampler(problem.dynamics)
    let rule = NormalRule(dimension: sampler.dimension, order: 4)
    let law = sampler.law(overlaps: overlaps, covariance: covariance, at: 0)
    var evaluator = SampleEvaluator(
      problem.dynamics.objective, readout: problem.network.readout.initial)
    return problem.data.clusters.map { cluster in
      let fields = law.within(cluster)
      var sums = [Double](repeating: 0, count: 7)
      for (index, weight) in rule.weights.enumerated() {
        let label = fields.draw(rule.points, at: index * rule.dimension, into: &evaluator)
        let (h, g) = (evaluator.fields[0], evaluator.fields[1])
        for (moment, value) in [1, h, g, h * h, h * g, g * g, label * h].enumerated() {
          sums[moment] += weight * value
        }
      }
      return sums
    }
  }

  private func expect(_ found: [Double], _ expected: [Double]) {
    for (x, y) in zip(found, expected) { #expect(abs(x - y) < 1e-12, "\(found) \(expected)") }
  }

  @Test("clusters: means B m, covariance Δ (C + σ²), labels of the clusters")
  func clusters() {
    let data = Mixture(
      clusters: [
        Cluster(probability: 0.4, centre: [1], label: 1, variance: 0.5),
        Cluster(probability: 0.6, centre: [-2], label: -1, variance: 2),
      ])
    let found = moments(problem(data, weightNoise: 0.3))
    for (cluster, found) in zip(data.clusters, found) {
      let (a, b) = (cluster.centre[0] * 0.6, cluster.centre[0] * -0.3)
      let v = cluster.variance
      expect(
        found,
        [
          1, a, b, a * a + v * 1.29, a * b + v * 0.5, b * b + v * 0.89, cluster.label * a,
        ])
    }
  }

  @Test("a teacher: covariance C, and E[y h] = m", arguments: [0, 0.7])
  func teacher(noise: Double) {
    let problem = problem(LinearTeacher(noise: noise))
    #expect(FieldSampler(problem.dynamics).dimension == (noise == 0 ? 3 : 4))
    expect(moments(problem)[0], [1, 0, 0, 1.2, 0.5, 0.8, 0.6])
  }
}
