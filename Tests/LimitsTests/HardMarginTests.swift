import Foundation
import LearningProblem
import Limits
import NumericalKit
import Testing

@Suite("Static limit: no decay")
struct HardMarginTests {
  /// Numbers of `theory/10-static.md`, from an independent prototype. `[static.threshold]`
  @Test(
    "threshold of separability for two clusters",
    arguments: zip(
      [0.1, 0.5, 1, 2, 10, 100], [539.0700, 6.662817, 3.700033, 2.732884, 2.130874, 2.012767]))
  func threshold(variance: Double, known: Double) throws {
    let found = try StaticCases.solve(TwoClusters(variance: variance)).separabilityThreshold
    #expect(abs(found / known - 1) < 3e-7)
  }

  /// The average of y B/√Δ vanishes: no hyperplane can use the signal.
  @Test("symmetric clusters are separable up to two samples per weight")
  func symmetric() throws {
    let data: [any DataModel] = [
      ThreeClusters(variance: 0.1, outerProbability: 0.3), Xor(separation: 2, variance: 0.2),
      TwoClusters(variance: 1e8),
    ]
    for model in data {
      #expect(abs(try StaticCases.solve(model).separabilityThreshold - 2) < 1e-6)
    }
  }

  /// D(t) on grids around the best of two directions, averaged by adaptive integration.
  @Test("threshold of a mixture against a search by brute force")
  func search() throws {
    func samples(_ t: [Double]) -> Double {
      let length = (1 + t[0] * t[0] + t[1] * t[1]).squareRoot()
      return 1
        / StaticCases.mixture.clusters.reduce(0.0) { sum, cluster in
          let mean = cluster.label * cluster.mean(t[...]) / cluster.variance.squareRoot()
          // (-mean - length z)₊ is positive below this.
          let edge = max(-mean / length, -12)
          return sum + cluster.probability
            * Integration.integral(from: -12, to: edge) { z in
              NormalDistribution.density(z) * pow(mean + length * z, 2)
            }
        }
    }
    let found = try StaticCases.solve(StaticCases.mixture, loss: HingeLoss()).separabilityThreshold
    var (best, place, width) = (0.0, [1.0, 1.0], 1.0)
    for _ in 0..<40 {
      for i in -2...2 {
        for j in -2...2 {
          let t = [place[0] + width * Double(i) / 2, place[1] + width * Double(j) / 2]
          let value = samples(t)
          if value > best { (best, place) = (value, t) }
        }
      }
      width *= 0.7
    }
    #expect(abs(found / best - 1) < 1e-6)
  }

  /// κ, m/√C and the norm satisfy `[static.margin]`, in the form of `[static.hard]`.
  @Test("largest margin by brute force", arguments: [0, 1])
  func equations(setting: Int) throws {
    let data: any DataModel = setting == 0 ? TwoClusters(variance: 0.5) : StaticCases.mixture
    let found = try StaticCases.solve(data, loss: HingeLoss(), decay: 0)
    let margin = try #require(found.margin)
    #expect(found.regime == .maximumMargin)
    #expect(abs(found.norm * margin * margin - 1) < 1e-12)
    var moved = [Double](repeating: 0, count: found.overlaps.count)
    var square = found.overlaps.reduce(0) { $0 + $1 * $1 }
    for cluster in data.clusters {
      let mean = cluster.label * cluster.mean(found.overlaps[...])
      let deviation = (cluster.variance * found.norm).squareRoot()
      func average(_ power: Double) -> Double {
        2 * cluster.probability / cluster.variance
          * Integration.integral(from: -10, to: (1 - mean) / deviation) { z in
            NormalDistribution.density(z) * pow(1 - mean - deviation * z, power)
          }
      }
      square += average(2)
      for p in moved.indices { moved[p] += cluster.label * cluster.centre[p] * average(1) }
    }
    for (m, sum) in zip(found.overlaps, moved) { #expect(abs(m - sum) < 1e-9) }
    #expect(abs(square / found.norm - 1) < 1e-9)
  }

  /// The soft margin becomes the hard one; published numbers.
  @Test("hinge loss with little decay has the largest margin")
  func hinge() throws {
    let limit = try StaticCases.solve(loss: HingeLoss(), decay: 0)
    #expect(abs(try #require(limit.margin) - 0.4216833) < 6e-8)
    #expect(abs(limit.alignments[0] - 0.6825600) < 6e-8)
    #expect(abs(limit.norm - 5.6237658) < 6e-8 && abs(limit.testError - 0.1672009) < 6e-8)
    #expect(limit.trainingLoss == 0 && limit.trainingError == 0 && limit.cost == 0)
    for decay in [1e-4, 1e-8] {
      let soft = try StaticCases.solve(loss: HingeLoss(), decay: decay)
      #expect(abs(soft.norm - limit.norm) < 1e-9)
      #expect(abs(soft.alignments[0] - limit.alignments[0]) < 1e-10)
      #expect(abs(soft.testLoss - limit.testLoss) < 1e-9 && soft.trainingError < 1e-12)
      // λ R tends to 1 - α P[u ≠ ω]. `[static.hard]`
      let mean = limit.overlaps[0]
      let active = NormalDistribution.cumulative((1 - mean) / (0.5 * limit.norm).squareRoot())
      #expect(abs(decay * soft.response - (1 - 2 * active)) < 1e-8)
    }
  }

  /// The distance is the width 1/√C of the logistic wall.
  @Test("logistic loss tends to the same direction as 1/√C")
  func logistic() throws {
    let limit = try StaticCases.solve(loss: LogisticLoss(), decay: 0)
    let hinge = try StaticCases.solve(loss: HingeLoss(), decay: 0)
    #expect(limit.norm == .infinity && limit.overlaps[0] == .infinity)
    #expect(limit.alignments == hinge.alignments && limit.margin == hinge.margin)
    #expect(limit.testError == hinge.testError && limit.testLoss == .infinity)
    let distances = try [1e-4, 1e-6, 1e-8].map { decay in
      let soft = try StaticCases.solve(loss: LogisticLoss(), decay: decay)
      return (soft.alignments[0] - limit.alignments[0]) * soft.norm.squareRoot()
    }
    for (found, known) in zip(distances, [0.4235, 0.4311, 0.4343]) {
      #expect(abs(found - known) < 6e-5)
    }
  }

  @Test("samples that cannot be separated have a finite minimum", arguments: [0, 2])
  func finite(loss: Int) throws {
    let limit = try StaticCases.solve(alpha: 8, loss: StaticCases.losses[loss], decay: 0)
    let near = try StaticCases.solve(alpha: 8, loss: StaticCases.losses[loss], decay: 1e-8)
    #expect(limit.regime == .unregularised && limit.margin == nil && limit.trainingError > 0.01)
    #expect(abs(near.norm / limit.norm - 1) < 1e-5)
    #expect(abs(near.trainingLoss - limit.trainingLoss) < 1e-7)
  }

  @Test("the norm grows towards the threshold from above, the margin falls from below")
  func transition() throws {
    let threshold = try StaticCases.solve().separabilityThreshold
    let above = try [1.01, 1.1, 1.5].map { try StaticCases.solve(alpha: $0 * threshold, decay: 0) }
    let below = try [0.99, 0.9, 0.5].map { try StaticCases.solve(alpha: $0 * threshold, decay: 0) }
    #expect(above.allSatisfy { $0.regime == .unregularised })
    #expect(above[0].norm > 10 * above[1].norm && above[1].norm > 3 * above[2].norm)
    let margins = below.compactMap(\.margin)
    #expect(margins.count == 3 && margins[0] < margins[1] && margins[1] < margins[2])
    #expect(margins[0] < 0.01)
  }

  /// m = 0 by symmetry, also where C is infinite; α = 2 is the threshold itself.
  @Test(
    "three clusters: nothing is learned, at the threshold the margin is zero", arguments: [1, 2.0])
  func edge(alpha: Double) throws {
    for loss in [0, 2] {
      let found = try StaticCases.solve(
        ThreeClusters(variance: 0.3), alpha: alpha, loss: StaticCases.losses[loss], decay: 0)
      #expect(found.regime == .maximumMargin && found.overlaps == [0] && found.testError == 0.5)
      let margin = try #require(found.margin)
      #expect(alpha == 2 ? margin < 1e-9 : margin > 0.1)
      #expect(found.norm.isFinite == (loss == 2 && alpha < 2))
    }
  }

  /// Clusters so far apart that errors of the best hyperplane have no number.
  @Test("clusters far apart", arguments: [0.01, 0.003, 0.0001])
  func far(variance: Double) throws {
    let found = try StaticCases.solve(TwoClusters(variance: variance), loss: HingeLoss(), decay: 0)
    #expect(found.separabilityThreshold > 1e20)
    #expect(found.separabilityThreshold.isFinite == (variance > 0.0005))
    let soft = try StaticCases.solve(
      TwoClusters(variance: variance), loss: HingeLoss(), decay: 1e-8)
    #expect(abs(soft.norm / found.norm - 1) < 1e-8 && found.regime == .maximumMargin)
  }

  /// `[static.interpolation]`: the peak of the square loss, and the limit of small decay around it.
  @Test("square loss: the interpolation peak")
  func peak() throws {
    let peak = try StaticCases.solve(alpha: 1, loss: SquareLoss(), decay: 0)
    #expect(peak.regime == .minimumNorm && peak.norm == .infinity && peak.overlaps[0].isFinite)
    #expect(peak.testError == 0.5)
    for alpha in [0.5, 1.5] {
      let limit = try StaticCases.solve(
        StaticCases.mixture, alpha: alpha, loss: SquareLoss(), decay: 0)
      let near = try StaticCases.solve(
        StaticCases.mixture, alpha: alpha, loss: SquareLoss(), decay: 1e-8)
      #expect(limit.regime == (alpha < 1 ? .minimumNorm : .unregularised))
      #expect(abs(near.norm / limit.norm - 1) < 1e-6)
      #expect(abs(near.overlaps[0] - limit.overlaps[0]) < 1e-6)
      #expect(abs(near.overlaps[1] - limit.overlaps[1]) < 1e-6)
      #expect(abs(near.testLoss - limit.testLoss) < 1e-6)
      #expect(abs(near.testError - limit.testError) < 1e-7)
    }
  }
}
