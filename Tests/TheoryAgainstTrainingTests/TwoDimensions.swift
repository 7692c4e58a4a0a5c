import MeanField
import Observables
import TestSupport
import Testing
import Training

/// Expects every observable of direct training at d = 400 and 1200 to agree with the theory, of
/// which there are at least `count`.
func expectAgreementAtTwoDimensions(
  _ setup: Setup, count: Int, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let theory = try setup.theorySolver().solve().curves
  for (dimension, runs) in [(400, 24), (1200, 6)] {
    var setup = setup
    setup.training = TrainingSettings(dimension: dimension, runs: runs, seed: 5)
    let comparison = Comparison(theory: theory, training: try DirectTraining(setup).run())
    #expect(comparison.rows.count >= count, sourceLocation: sourceLocation)
    for row in comparison.rows {
      #expect(
        row.agrees, "d = \(dimension), \(row.observable): \(row.largestDistance)",
        sourceLocation: sourceLocation)
    }
  }
}
