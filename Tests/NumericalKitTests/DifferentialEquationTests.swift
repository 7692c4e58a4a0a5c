import Foundation
import NumericalKit
import Testing

/// The integrator: tolerance, dense output, failures.
struct DifferentialEquationTests {
  /// y'' = -y as a system: (cos t, -sin t).
  private func oscillator(
    _ times: [Double], tolerance: Double
  ) throws -> OrdinaryDifferentialEquations.Solution {
    try OrdinaryDifferentialEquations.solve(
      from: [cos(times[0]), -sin(times[0])], at: times, tolerance: tolerance
    ) { _, y in [y[1], -y[0]] }
  }

  private func error(_ times: [Double], _ states: [[Double]]) -> Double {
    zip(times, states).map { max(abs($1[0] - cos($0)), abs($1[1] + sin($0))) }.max() ?? .infinity
  }

  /// Between the steps as accurate as at their ends, whatever is asked for.
  @Test(arguments: [1e-6, 1e-8, 1e-10])
  func dense(_ tolerance: Double) throws {
    let times = (0...2000).map { 0.01 * Double($0) }
    let solution = try oscillator(times, tolerance: tolerance)
    #expect(solution.steps < 700 && solution.states.count == times.count)
    #expect(error(times, solution.states) < 40 * tolerance)
    let ends = try oscillator([0, 20], tolerance: tolerance)
    #expect(ends.steps == solution.steps)
  }

  /// Steps grow as tolerance^(-1/5): the method is of fifth order.
  @Test func order() throws {
    let counts = try [1e-7, 1e-12].map { try Double(oscillator([0, 100], tolerance: $0).steps) }
    #expect(abs(log10(counts[1] / counts[0]) - 1) < 0.1)
  }

  /// f may depend on t; times may repeat, and be one.
  @Test func timesAndExplicitTime() throws {
    let times = [1, 1, 1.5, 4, 4]
    let solution = try OrdinaryDifferentialEquations.solve(
      from: [1], at: times, tolerance: 1e-11
    ) { t, y in [3 * t * t + 0 * y[0]] }
    for (t, state) in zip(times, solution.states) { #expect(abs(state[0] - t * t * t) < 1e-9) }
    let only = try oscillator([2], tolerance: 1e-6)
    #expect(only.states == [[cos(2), -sin(2)]] && only.steps == 0)
  }

  /// y' = y² from 1 ends at t = 1.
  @Test func failures() {
    #expect {
      try OrdinaryDifferentialEquations.solve(from: [1], at: [0, 2], tolerance: 1e-8) { _, y in
        [y[0] * y[0]]
      }
    } throws: { error in
      switch error as? OrdinaryDifferentialEquations.Failure {
      case .notFinite(let time), .tooManySteps(let time): abs(time - 1) < 1e-3
      case nil: false
      }
    }
    #expect(throws: OrdinaryDifferentialEquations.Failure.notFinite(time: 0)) {
      try OrdinaryDifferentialEquations.solve(from: [1], at: [0, 2], tolerance: 1e-8) { _, _ in
        [.nan]
      }
    }
    #expect(throws: OrdinaryDifferentialEquations.Failure.self) {
      try OrdinaryDifferentialEquations.solve(
        from: [1], at: [0, 1e6], tolerance: 1e-8, maximumSteps: 10
      ) { _, y in [-y[0]] }
    }
  }
}
