import Experiments
import Observables
import TestSupport
import Testing

/// What `dmft compare` prints.
struct ComparisonReportTests {
  @Test func verdictIsThatOfTheComparison() {
    let synthetic = SyntheticCurves()
    let training = synthetic.curves(seed: 1000, replicas: 16)
    for (shift, verdict) in [(0, "AGREE:"), (0.1, "DISAGREE:")] {
      let theory = synthetic.curves(seed: 0, replicas: 8, shift: shift)
      let text = Comparison(theory: theory, training: training).text(training: "training")
      #expect(text.contains("theory and training \(verdict)"))
      #expect(text.contains("  DISAGREES") == (shift > 0))
    }
  }

  @Test func dimensionsAreNamed() {
    let synthetic = SyntheticCurves()
    let extrapolation = Extrapolation(
      [1000, 500, 2000].map { dimension in
        (dimension: dimension, curves: synthetic.curves(seed: UInt64(dimension), replicas: 16))
      })
    #expect(extrapolation.text.contains("d = 500, 1000, 2000"))
  }
}
