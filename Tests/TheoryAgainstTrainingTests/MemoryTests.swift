import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing
import Training

@Suite("Problems that do not fit the machine")
struct MemoryTests {
  @Test("are refused before anything is allocated")
  func refused() {
    var problem = Cases.square(steps: 1)
    problem.steps = 1_000_000
    problem.theory.history = .all
    #expect(throws: SolverError.self) { try MeanFieldSolver(problem) }
    problem.training.dimension = 100_000_000
    #expect(throws: SolverError.self) { try DirectTraining(problem).run() }
  }
}
