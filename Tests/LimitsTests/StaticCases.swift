import Foundation
import LearningProblem
import Limits
import NumericalKit
import TestSupport

/// Problems with a static limit.
enum StaticCases {
  static let losses: [any OutputLoss] = [LogisticLoss(), SquareLoss(), HingeLoss()]

  /// Three clusters in two directions, all different.
  static let mixture = Mixture(clusters: [
    Cluster(probability: 0.3, centre: [1, 0.2], label: 1, variance: 0.4),
    Cluster(probability: 0.2, centre: [-1, 0.5], label: -1, variance: 0.8),
    Cluster(probability: 0.5, centre: [-0.3, -1], label: -1, variance: 0.2),
  ])

  /// A perceptron with given data and loss.
  static func problem(
    _ data: any DataModel = TwoClusters(variance: 0.5), alpha: Double = 2,
    loss: any OutputLoss = LogisticLoss(), decay: Double = 0.1
  ) -> Setup {
    Setup(
      data: data, samplesPerWeight: alpha, loss: loss, weightDecay: decay,
      start: Start(
        variance: 0.1, overlap: [[Double](repeating: 0, count: data.signalDirections)]),
      learningRate: 0.2, steps: 1)
  }

  static func solve(
    _ data: any DataModel = TwoClusters(variance: 0.5), alpha: Double = 2,
    loss: any OutputLoss = LogisticLoss(), decay: Double = 0.1
  ) throws -> StaticMinimiser {
    try StaticSolver(problem(data, alpha: alpha, loss: loss, decay: decay)).solve()
  }
}

/// The right sides of `[limit.static]` at a minimiser, by means of their own: cluster by cluster,
/// the proximal operator by bisection, averages by adaptive integration between its kinks.
struct NaiveAverages {
  private(set) var signal: [Double]
  private(set) var squares = 0.0
  private(set) var curvature = 0.0
  private(set) var trainingLoss = 0.0
  private(set) var trainingError = 0.0
  private(set) var testLoss = 0.0

  init(_ problem: Setup, at minimiser: StaticMinimiser) {
    guard let loss = problem.loss as? any OutputLoss else { preconditionFailure() }
    signal = [Double](repeating: 0, count: problem.signalDirections)
    let r = minimiser.response
    for cluster in problem.data.clusters {
      let y = cluster.label
      let s = cluster.variance * r
      let mean = cluster.mean(minimiser.overlaps[...])
      let deviation = (cluster.variance * minimiser.norm).squareRoot()
      /// h + s g(h) = omega.
      func field(_ omega: Double) -> Double {
        var (low, high) = (omega - s * 40 - 40, omega + s * 40 + 40)
        while true {
          let middle = 0.5 * (low + high)
          if middle == low || middle == high { return middle }
          if middle + s * loss.evaluate(label: y, output: middle).slope > omega {
            high = middle
          } else {
            low = middle
          }
        }
      }
      // Kinks of the hinge, and where the answer turns.
      let kinks = [1, 1 - s, s * loss.evaluate(label: 1, output: 0).slope].map {
        (y * $0 - mean) / deviation
      }
      func average(_ f: (Double) -> Double) -> Double {
        let edges = ([-9, -4, 0, 4, 9] + kinks.filter { abs($0) < 9 }).sorted()
        return cluster.probability
          * zip(edges, edges.dropFirst()).reduce(0) { sum, edge in
            sum
              + Integration.integral(from: edge.0, to: edge.1, tolerance: 1e-10) { z in
                NormalDistribution.density(z) * f(mean + deviation * z)
              }
          }
      }
      let slope = average { omega in (omega - field(omega)) / s }
      for (p, b) in cluster.centre.enumerated() { signal[p] += b * slope }
      squares += average { omega in cluster.variance * pow((omega - field(omega)) / s, 2) }
      // E[Δ ∂g/∂ω] by parts: no second derivative, which the hinge does not have.
      curvature += average { omega in
        cluster.variance * (omega - field(omega)) / s * (omega - mean) / (deviation * deviation)
      }
      trainingLoss += average { omega in loss.evaluate(label: y, output: field(omega)).value }
      trainingError += average { omega in y * field(omega) < 0 ? 1 : 0 }
      testLoss += average { omega in loss.evaluate(label: y, output: omega).value }
    }
  }
}
