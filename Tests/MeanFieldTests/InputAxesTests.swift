import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Groups of principal axes, of which inputs are mixtures. `[inputs.axes]`
@Suite("Groups of principal axes")
struct InputAxesTests {
  /// Without masks weights are Gaussian: those of inputs, mixtures of all axes, have the mean
  /// square of all groups. `[inputs.axes]`
  @Test("the length of changes of inputs that are mixtures")
  func lengths() throws {
    var setup = InputGroupsTests.square(InputGroupsTests.groups(.axes))
    setup.weightMask = FullMask()
    let mixed = try InputGroupsTests.closed(setup)
    var (square, before) = (0.0, 0.0)
    for step in 1...30 {
      let sum = mixed.named(.squaredChange).estimates[step].value
      square += (2 * (sum - before) / Double.pi).squareRoot()
      before = sum
      #expect(abs(mixed.named(.absoluteChange).estimates[step].value - square) < 1e-12)
    }
    setup.inputs = InputGroupsTests.groups()
    let apart = try InputGroupsTests.closed(setup)
    #expect(
      abs(apart.named(.norm).estimates[30].value - mixed.named(.norm).estimates[30].value) < 1e-13)
    #expect(apart.named(.absoluteChange).estimates[30].value < 0.99 * square)
  }

  /// E[c G_k G_l] follows from two steps on inputs, one of them without a mask.
  @Test("units that share the switch of an input share its noise on axes")
  func columns() throws {
    func norms(_ basis: InputGroups.Basis, density: Double) throws -> [[Double]] {
      var setup = InputGroupsTests.ways[5].1
      setup.dropout = Dropout()
      setup.weightMask = ColumnMask(density: density)
      setup.steps = 1
      setup.inputs = GroupedInputs(
        shares: [0.5, 0.3, 0.2], variances: [0.1, 0.5, 1.5], signal: [[0.4, 1, 2.5]],
        basis: basis)
      let curves = try MeanFieldSolver(setup).solve().curves
      return (0..<3).map { g in
        curves.named(Observable.norm(0, 1, single: false).of(group: g)).estimates[..<2]
          .map(\.value)
      }
    }
    let (p, eta) = (0.6, 0.3)
    let full = try norms(.inputs, density: 1 - 1e-12)
    let half = try norms(.inputs, density: p)
    let mixed = try norms(.axes, density: p)
    // full = C - x + η² E, half = C - p x + η² p E: the two give only x - η² E, so that squares
    // come from what axes must conserve: shares of the noise add up.
    let shares = [0.5, 0.3, 0.2]
    var total = 0.0
    for g in 0..<3 {
      #expect(abs(half[g][1] - half[g][0] - p * (full[g][1] - full[g][0])) < 1e-9)
      total += shares[g] * (mixed[g][1] - half[g][1])
      #expect(abs(mixed[g][1] - half[g][1]) > 1e-6 * eta)
    }
    #expect(abs(total) < 1e-12)
  }

  @Test("what does not close on axes is refused with advice")
  func refusals() throws {
    func advice(_ change: (inout Setup) -> Void) -> String {
      var setup = InputGroupsTests.square(InputGroupsTests.groups(.axes))
      change(&setup)
      do {
        _ = try MeanFieldSolver(setup)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(advice { _ in }.isEmpty)
    #expect(advice { $0.update = SignUpdate() }.contains("update.kind: plain"))
    #expect(
      advice { $0.weightMask = FrozenMask(density: 0.5) }.contains("independent"))
    #expect(advice { $0.theory.sites = .ensembleBoth }.contains("theory.sites: auto"))
    var online = InputGroupsTests.square(InputGroupsTests.groups())
    online.sampleMask = FullMask()
    #expect(throws: SolverError.self) { try online.problem.requireAlikeInputs("a test") }
  }
}
