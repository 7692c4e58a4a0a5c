import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Gradient descent that is solved without sites: at each time and pair of times.
protocol ExactDescent {
  /// m(t).
  func magnetisation(_ t: Int) -> Double
  /// The training loss.
  func trainingLoss(_ t: Int) -> Double
  /// C(t, s), s <= t.
  func correlation(_ t: Int, _ s: Int) -> Double
  /// R(t, s), s < t.
  func response(_ t: Int, _ s: Int) -> Double
}

extension SpectralSolution: ExactDescent {}

extension ExactDescent {
  /// Expects m, C, R and the training loss of a solution, with its kernels, to 1e-8 at some steps.
  func expectEqual(
    _ solution: Solution, at steps: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let kernels = try #require(solution.kernels, sourceLocation: sourceLocation)
    func expect(_ found: Double, _ exact: Double, _ name: String) {
      #expect(
        abs(found - exact) < 1e-8, "\(name): \(found), \(exact)", sourceLocation: sourceLocation)
    }
    for step in steps {
      let m = try #require(solution.curve(.magnetisation).at(step: step))
      let loss = try #require(solution.curve(.trainingLoss).at(step: step))
      expect(m.value, magnetisation(step), "m(\(step))")
      expect(loss.value, trainingLoss(step), "training loss at \(step)")
      for earlier in [0, step / 2, step] {
        let c = kernels.correlation[step, earlier, 0, 0]
        expect(c, correlation(step, earlier), "C(\(step), \(earlier))")
        guard earlier < step else { continue }
        let r = kernels.response[step, earlier, 0, 0]
        expect(r, response(step, earlier), "R(\(step), \(earlier))")
      }
    }
  }
}
