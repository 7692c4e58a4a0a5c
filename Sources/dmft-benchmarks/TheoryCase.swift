import LearningProblem
import MeanField
import NumericalKit
import Observables

/// A problem and how its theory is solved.
struct TheoryCase {
  var problem: Problem
  var settings: TheorySettings

  /// The same with other parts of the problem.
  func with(_ change: (inout Problem.Parts) -> Void) -> TheoryCase {
    do {
      return TheoryCase(problem: try problem.with(change), settings: settings)
    } catch {
      fatalError("\(error)")
    }
  }

  /// The whole solution; ends the program if there is none.
  func solve(threads: Int? = nil) -> Solution {
    do {
      return try problem.theorySolver(settings, parallel: ParallelFor(threads: threads)).solve()
    } catch {
      fatalError("\(error)")
    }
  }
}
