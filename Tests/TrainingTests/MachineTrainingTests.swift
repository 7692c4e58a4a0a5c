import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// What the likelihood gradient of a machine must do, exactly or by dreams.
@Suite struct MachineTrainingTests {
  static func problem(
    hidden: Int, steps: Int, learningRate: Double, overlap: [[Double]], variance: Double = 0.1,
    dimension: Int = 200, runs: Int = 2, contrast: Int = 0, weightDecay: Double = 0
  ) -> Setup {
    Setup(
      data: overlap[0].count == 1
        ? TwoClusters(variance: 0.5) : Xor(separation: 1.5, variance: 0.5),
      samplesPerWeight: 2,
      network: Boltzmann(hidden: hidden, variance: 0.5, contrastiveDivergence: contrast),
      weightDecay: weightDecay, start: Start(variance: variance, overlap: overlap),
      learningRate: learningRate, steps: steps,
      training: TrainingSettings(
        dimension: dimension, runs: runs, seed: 3, observeEvery: steps))
  }

  /// Where the gradient vanishes, α D w = (1/√d) Σ_μ tanh(h_μ) x_μ for K = 1. Along w and v: the
  /// data averages of tanh(h) h and tanh(h) x·v/√d are D C and D m. The fixed point is found by
  /// iteration of that equation, which needs neither a step size nor the machine's average.
  /// `[boltzmann.drive]`
  @Test func stationaryWeightsMatchTheMoments() throws {
    let problem = Self.problem(hidden: 1, steps: 800, learningRate: 0.3, overlap: [[0.5]])
    let d = 200.0
    for (run, recording) in try DirectTraining(problem).recordings().enumerated() {
      let set = TrainingSet(RunPlan(problem, dimension: 200, run: run))
      let inputs = set.labels.indices.map { row in set.inputs[row].map { Double($0) } }
      let v = set.signals[0]
      var w = v
      var (alongWeights, alongSignal) = (0.0, 0.0)
      for _ in 0..<300 {
        var next = w.map { _ in 0.0 }
        (alongWeights, alongSignal) = (0, 0)
        for x in inputs {
          let h = dot(w, x) / d.squareRoot()
          for j in x.indices { next[j] += tanh(h) * x[j] / (0.5 * 2 * d.squareRoot()) }
          alongWeights += tanh(h) * h / (2 * d)
          alongSignal += tanh(h) * dot(x, v) / (2 * d * d.squareRoot())
        }
        w = next
      }
      let norm = try #require(recording.values(.norm(0, 0, single: true)).last).value
      let overlap = try #require(recording.values(.magnetisation(0, 0, single: true)).last).value
      #expect(abs(alongWeights - 0.5 * norm) < 1e-5 && norm > 1)
      #expect(abs(alongSignal - 0.5 * overlap) < 1e-5 && overlap > 0.5)
    }
  }

  /// M2 = η (decrease of the objective) (1 + O(η)), with the objective of `[boltzmann.likelihood]`
  /// per weight, -α/K log-likelihood + λ Σ_k C_kk/2K: the gradient is that of what is recorded.
  @Test func stepsBuyLikelihood() throws {
    let excess = try [20, 40].map { steps in
      let rate = 0.8 / Double(steps)
      let curves = try DirectTraining(
        Self.problem(
          hidden: 2, steps: steps, learningRate: rate, overlap: [[0.6, 0.1], [0.2, 0.5]],
          weightDecay: 0.2)
      ).run()
      let likelihood = values(curves, .logLikelihood)
      func objective(_ row: Int) -> Double {
        let norms = (0..<2).map { values(curves, .norm($0, $0, single: false))[row] }
        return -likelihood[row] + 0.1 * (norms[0] + norms[1]) / 2
      }
      #expect(objective(0) - objective(1) > 0.05)
      return values(curves, .squaredChange)[1] / (rate * (objective(0) - objective(1))) - 1
    }
    // First order in η: halving it halves the excess.
    #expect(abs(excess[0]) < 0.2 && abs(log2(excess[0] / excess[1]) - 1) < 0.15)
  }

  /// One step with dreams against the same step with the exact average: the difference is that of
  /// the negative phases alone, and its mean over runs vanishes for long dreams, not for short
  /// ones.
  @Test(arguments: [1, 50])
  func longDreamsAreTheMachine(_ gibbsSteps: Int) throws {
    func overlaps(_ contrast: Int) throws -> [[Double]] {
      let problem = Self.problem(
        hidden: 2, steps: 1, learningRate: 1, overlap: [[1.5, 0.2], [0.3, 1.2]], dimension: 200,
        runs: 100, contrast: contrast)
      return try DirectTraining(problem).recordings().map { recording in
        (0..<4).map { recording.values(.magnetisation($0 / 2, $0 % 2, single: false))[1].value }
      }
    }
    let (dreamt, exact) = (try overlaps(gibbsSteps), try overlaps(0))
    var largest = 0.0
    for index in 0..<4 {
      let differences = zip(dreamt, exact).map { $0[index] - $1[index] }
      let mean = differences.reduce(0, +) / 100
      let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 99
      let error = (variance / 100).squareRoot()
      largest = max(largest, abs(mean) / error)
      // The average itself moves m by α D <S Sᵀ> m, about 1.5.
      #expect(error < 0.02)
    }
    // Student's t with 99 degrees of freedom: beyond 5 with probability 1e-5 for four.
    #expect(gibbsSteps == 1 ? largest > 8 : largest < 5, "\(largest) standard errors")
  }

  /// From weak weights even the shortest dreams make the data likelier, in every run.
  @Test func shortDreamsPointDownhill() throws {
    let problem = Self.problem(
      hidden: 2, steps: 1, learningRate: 0.02, overlap: [[0.2, 0], [0, 0.2]], variance: 0.05,
      runs: 20, contrast: 1)
    for recording in try DirectTraining(problem).recordings() {
      let likelihood = recording.values(.logLikelihood).map(\.value)
      #expect(likelihood[1] > likelihood[0] + 1e-4)
    }
  }
}
