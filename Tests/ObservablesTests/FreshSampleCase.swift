import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport

/// A network, its data and a state of its weights at random, and the test quantities by
/// quasi-random points: the integrals over fields without any knowledge of the integrand.
struct FreshSampleCase {
  let problem: Setup
  let overlaps: [[Double]]
  let covariance: [Double]

  /// Case number `index`; `units` = 1 or 2.
  init(_ index: Int, units: Int) {
    var stream = RandomStream(seed: 91, purpose: .check, index: UInt64(1000 * units + index))
    func between(_ lower: Double, _ upper: Double) -> Double {
      lower + (upper - lower) * stream.uniform()
    }
    func oneOf<Item>(_ items: [Item]) -> Item {
      items[min(Int(stream.uniform() * Double(items.count)), items.count - 1)]
    }
    let readout = (0..<units).map { _ in between(0.3, 2.5) * oneOf([-1, 1]) }
    let activation = oneOf(Activation.allCases)
    let (network, loss): (any Network, any Loss)
    switch oneOf([0, 0, 0, 1, 2]) {
    case 0:
      network = Committee(activation: activation, readout: readout)
      loss = oneOf([LogisticLoss(), SquareLoss(), HingeLoss()])
    case 1 where units == 2:
      (network, loss) = (Softmax(outputs: 2), CrossEntropyLoss())
    default:
      let rows = (0..<3).map { _ in (0..<units).map { _ in between(-2, 2) } }
      (network, loss) = (Softmax(activation: activation, readout: rows), CrossEntropyLoss())
    }
    let classes = network.classes
    let shares = (0..<3).map { _ in between(0.1, 1) }
    let data = Mixture(
      clusters: (0..<3).map { a in
        Cluster(
          probability: shares[a] / shares.reduce(0, +), centre: [between(-1, 1)],
          label: classes == 0 ? (a % 2 == 0 ? 1 : -1) : Double(a % classes + 1),
          variance: between(0.2, 1.5))
      })
    // Independent, correlated or proportional fields, seldom wide ones; overlaps are 0 in one of
    // four.
    let scale = oneOf([0.3, 1, 1, 1, 3])
    let mixing = (0..<units).map { _ in (0..<units).map { _ in scale * between(-1, 1) } }
    let rank = oneOf([units, units, units, 1])
    covariance = (0..<units * units).map { index in
      (0..<rank).reduce(0) { $0 + mixing[index / units][$1] * mixing[index % units][$1] }
    }
    let isCentred = stream.uniform() < 0.25
    overlaps = (0..<units).map { _ in [isCentred ? 0 : between(-1, 1)] }
    problem = Setup(
      data: data, samplesPerWeight: 1, network: network, loss: loss,
      start: Start(variance: 1, overlap: Array(repeating: [0], count: units)), learningRate: 0.1,
      steps: 1, weightNoise: WeightNoise(sigma: oneOf([0, 0, 0, 0.4]), reliabilityCost: 0))
  }

  /// Test loss and error from 2^17 points, in 32 sets of independent shifts.
  func byPoints() -> (loss: Estimate, error: Estimate) {
    let units = overlaps.count
    let points = QuasiRandomPoints(dimension: units, count: 4096, shifts: 32, seed: 7)
    let sigma = problem.weightNoise.sigma.constant ?? .nan
    let noise = sigma * sigma
    let factor = Self.squareRoot(
      (0..<units * units).map { covariance[$0] + ($0 % (units + 1) == 0 ? noise : 0) })
    var evaluator = SampleEvaluator(
      problem.dynamics.objective, readout: problem.network.readout.initial)
    let each = points.shifts.map { shift in
      var (loss, error) = (0.0, 0.0)
      for cluster in problem.data.clusters {
        let deviation = cluster.variance.squareRoot()
        for first in stride(from: 0, to: shift.count, by: units) {
          for k in 0..<units {
            var field = cluster.centre[0] * overlaps[k][0]
            for l in 0...k { field += deviation * factor[k * units + l] * shift[first + l] }
            evaluator.fields[k] = field
          }
          let answer = evaluator.answer(label: cluster.label)
          loss += cluster.probability * answer.loss
          error += cluster.probability * answer.error
        }
      }
      return (loss / 4096, error / 4096)
    }
    return (Estimate(mean: each.map(\.0)), Estimate(mean: each.map(\.1)))
  }

  /// L with L Lᵀ = the matrix, of one or two rows.
  private static func squareRoot(_ matrix: [Double]) -> [Double] {
    let first = matrix[0].squareRoot()
    guard matrix.count == 4 else { return [first] }
    let second = first > 0 ? matrix[1] / first : 0
    return [first, 0, second, max(matrix[3] - second * second, 0).squareRoot()]
  }
}
