import LearningProblem
import NumericalKit
import Training

/// A problem and how it is trained.
struct TrainingCase {
  let problem: Problem
  let settings: TrainingSettings

  /// The plan of run number `number`; ends the program if the problem is bad.
  func run(_ number: Int) -> RunPlan {
    do {
      return RunPlan(
        try Dynamics(problem), settings, dimension: settings.dimension, run: number)
    } catch {
      fatalError("\(error)")
    }
  }
}
