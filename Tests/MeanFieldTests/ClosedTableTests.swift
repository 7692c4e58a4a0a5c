import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Closed sites: the square loss under persistent masks on samples and weights")
struct ClosedTableTests {
  /// Computed by an independent program at double precision.
  static let rows: [(step: Int, m: Double, norm: Double, loss: Double)] = [
    (1, 0.12000, 0.48192, 0.47575), (5, 0.34416, 0.59677, 0.29092),
    (15, 0.50316, 0.64734, 0.18507), (30, 0.55599, 0.62524, 0.14132),
  ]

  @Test("m, norm and training loss at steps 1, 5, 15, 30", arguments: rows)
  func table(row: (step: Int, m: Double, norm: Double, loss: Double)) throws {
    let solution = try MeanFieldSolver(
      Cases.square(
        steps: 30, sampleMask: PersistentMask(density: 0.4, correlation: 0.8),
        weightMask: PersistentMask(density: 0.5, correlation: 0.7))
    ).solve()
    #expect(solution.diagnostics.sampleSite.hasPrefix("closed"))
    func value(_ observable: Observable) -> Double {
      solution.curve(observable).at(step: row.step)?.value ?? .nan
    }
    #expect(abs(value(.magnetisation) - row.m) < 6e-6)
    #expect(abs(value(.norm) - row.norm) < 6e-6)
    #expect(abs(value(.trainingLoss) - row.loss) < 6e-6)
  }

  @Test("writes count the density, squared change the norm of the steps")
  func energy() throws {
    let solution = try MeanFieldSolver(
      Cases.square(steps: 1, weightMask: IndependentMask(density: 0.5))
    ).solve()
    #expect(solution.curve(.writes).estimates.map(\.value) == [0, 0.5])
    // E|w(1) - w(0)|² = C(1,1) - 2 C(1,0) + C(0,0)
    let kernels = try #require(
      try MeanFieldSolver(
        Cases.square(steps: 1, weightMask: IndependentMask(density: 0.5)), keepKernels: true
      ).solve().kernels)
    let c = kernels.correlation
    let change = c[1, 1, 0, 0] - 2 * c[1, 0, 0, 0] + c[0, 0, 0, 0]
    #expect(abs(solution.curve(.squaredChange).estimates[1].value - change) < 1e-14)
  }
}
