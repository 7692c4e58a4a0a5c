import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

@Suite("The criterion of agreement, on real solves and runs")
struct CriterionTests {
  /// A small problem whose theory is exact, so that only training fluctuates.
  private func problem(seed: UInt64) -> Setup {
    var problem = Cases.square(
      steps: 6, sampleMask: PersistentMask(density: 0.5, correlation: 0.5),
      weightMask: IndependentMask(density: 0.5))
    problem.learningRate = 0.2
    problem.training = TrainingSettings(dimension: 300, runs: 8, seed: seed)
    return problem
  }

  @Test("false alarms: 200 seeds of a case that agrees, at most 2 % flagged")
  func falseAlarms() throws {
    let theory = try MeanFieldSolver(problem(seed: 0)).solve().curves
    let flagged = try ParallelFor().map(200) { seed in
      let training = try DirectTraining(
        problem(seed: UInt64(1000 + seed)), parallel: ParallelFor(threads: 1)
      ).run()
      return !Comparison(theory: theory, training: training).agrees
    }
    #expect(flagged.count { $0 } <= 4, "\(flagged.count { $0 }) of 200 flagged")
  }

  /// Theory with one term wrong, expressed as the theory of another problem.
  enum WrongTerm: String, CaseIterable, Sendable {
    /// The variance of the weight mask dropped: step η p instead.
    case maskVariance
    /// The memory of the weight mask dropped.
    case weightMaskMemory
    /// The memory of the sample mask dropped.
    case sampleMaskMemory
    /// Weight decay dropped.
    case decay
    /// The strength σ of a mini-batch dropped.
    case strength

    func theory(of problem: Setup) -> Setup {
      var wrong = problem
      switch self {
      case .maskVariance:
        wrong.weightMask = FullMask()
        wrong.learningRate =
          problem.learningRate * problem.dynamics.weightSwitches.density(at: 0)
      case .weightMaskMemory:
        wrong.weightMask = IndependentMask(density: problem.dynamics.weightSwitches.density(at: 0))
      case .sampleMaskMemory:
        wrong.sampleMask = IndependentMask(density: problem.sampleMask.density)
      case .decay: wrong.weightDecay = 0
      case .strength: wrong.gradientScale = .sum
      }
      return wrong
    }
  }

  @Test("power: a wrong term of the theory is flagged", arguments: WrongTerm.allCases)
  func power(term: WrongTerm) throws {
    var problem = Cases.logistic(
      steps: 20, sampleMask: PersistentMask(density: 0.4, correlation: 0.9),
      weightMask: PersistentMask(density: 0.5, correlation: 0.9))
    problem.gradientScale = .mean
    problem.learningRate = 0.2
    problem.training = TrainingSettings(dimension: 1000, runs: 16)
    let training = try DirectTraining(problem).run()
    let right = try MeanFieldSolver(problem).solve().curves
    #expect(Comparison(theory: right, training: training).agrees)
    let wrong = try MeanFieldSolver(term.theory(of: problem)).solve().curves
    #expect(!Comparison(theory: wrong, training: training).agrees, "\(term) was not noticed")
  }
}
