import DataFitting
import LearningProblem
import MaskedDMFT
import NumericalKit
import Observables
import Testing
import Training

/// Estimates against the mixtures that made the rows. `[fit.gram]` `[fit.error]` `[fit.centres]`
@Suite struct MixtureFitTests {
  /// d = 40 and 120 rows: the sample means are 1.29 apart where the true ones are 1.
  static let rows = SyntheticRows.twoClasses(
    dimension: 40, counts: [80, 40], variances: [0.5, 0.8])
  static let fits: [MixtureFit] = (0..<200).compactMap { index in
    (try? MeasuredData(rows.table(index))).map { MixtureFit($0) }
  }

  @Test func distanceIsUnbiasedWithItsError() {
    let fits = Self.fits
    #expect(fits.count == 200)
    // The square of the distance is unbiased, not the distance.
    let squares = fits.map { $0.distance.value * $0.distance.value }
    let (mean, deviation) = statistics(squares)
    #expect(abs(mean - 1) < 4 * deviation / 200.0.squareRoot())
    let claimed = fits.map { 2 * $0.distance.value * $0.distance.standardError }
    #expect(abs(statistics(claimed).mean / deviation - 1) < 4 / 400.0.squareRoot() + 0.02)
  }

  /// d = 200 and 40 rows: most of the error is that of noise with itself, 2 Tr V² of `[fit.error]`.
  @Test func distanceHasItsErrorWhereNoiseDominates() throws {
    let rows = SyntheticRows.twoClasses(dimension: 200, counts: [20, 20])
    let fits = (0..<150).compactMap { index in
      (try? MeasuredData(
        rows.table(index), preparation: MeasuredData.Preparation(scales: false)))
        .map { MixtureFit($0) }
    }
    #expect(fits.count >= 148)
    let found = statistics(fits.map { $0.distance.value * $0.distance.value })
    // V = 0.05: Var = (4 · 4 V + 2 · 200 V²)/16.
    let truth = ((16 * 0.05 + 400 * 0.0025) / 16).squareRoot()
    #expect(abs(found.deviation / truth - 1) < 4 / 300.0.squareRoot())
    let claimed = statistics(fits.map { 2 * $0.distance.value * $0.distance.standardError })
    #expect(abs(claimed.mean / truth - 1) < 0.1, "\(claimed)")
  }

  /// Without the correction the square is too large by (Tr Σ_1/n_1 + Tr Σ_2/n_2)/4.
  @Test func withoutTheCorrectionItIsBiased() {
    let squares = Self.fits.map { $0.rawDistance * $0.rawDistance }
    let (mean, deviation) = statistics(squares)
    let bias = (40 * 0.5 / 80 + 40 * 0.8 / 40) / 4
    #expect(abs(mean - 1 - bias) < 4 * deviation / 200.0.squareRoot())
    #expect(mean - 1 > 20 * deviation / 200.0.squareRoot(), "the bias is seen")
  }

  /// Δ_a · distance² is the variance in units of the file, and Δ_a has the error of both.
  @Test func variancesAreThoseOfTheRows() {
    for (a, truth) in [0.5, 0.8].enumerated() {
      let values = Self.fits.map { $0.variances[a].value * $0.distance.value * $0.distance.value }
      let (mean, deviation) = statistics(values)
      #expect(abs(mean - truth) < 4 * deviation / 200.0.squareRoot())
      let z = Self.fits.map { fit in
        (1 / fit.variances[a].value - 1 / truth)
          / (fit.variances[a].standardError / (truth * fit.variances[a].value))
      }
      #expect(abs(statistics(z).deviation - 1) < 0.25, "\(statistics(z))")
    }
  }

  @Test func probabilitiesHaveBinomialErrors() throws {
    let fit = Self.fits[0]
    #expect(abs(fit.probabilities[0].value - 2.0 / 3) < 1e-14)
    #expect(abs(fit.probabilities[1].standardError - (2.0 / 9 / 120).squareRoot()) < 1e-14)
  }

  /// Three classes in a plane: the products of the fitted centres are those of the true ones.
  @Test func threeClassesSpanAPlane() throws {
    let d = 60
    let corners = [[2.0, 0], [-1, 1.2], [-1, -1.2]]
    let rows = SyntheticRows(
      dimension: d, counts: [300, 200, 100],
      means: corners.map { $0 + [Double](repeating: 0, count: d - 2) },
      variances: [0.4, 0.5, 0.6].map { [Double](repeating: $0, count: d) })
    let size = (corners.reduce(0) { $0 + $1[0] * $1[0] + $1[1] * $1[1] } / 3).squareRoot()
    var products: [[Double]] = []
    for index in 0..<40 {
      let fit = MixtureFit(try MeasuredData(rows.table(index)))
      #expect(fit.mixture.signalDirections == 2)
      let centres = fit.mixture.clusters.map { $0.centre.map { $0 * fit.distance.value } }
      products.append(
        (0..<9).map { k in zip(centres[k / 3], centres[k % 3]).reduce(0) { $0 + $1.0 * $1.1 } })
      // Errors of the distance: 5 of its own.
      #expect(abs(fit.distance.value - size) < 5 * fit.distance.standardError)
      // Signal directions are orthogonal, of length √d.
      for (p, v) in fit.data.signals.enumerated() {
        for (q, w) in fit.data.signals.enumerated() {
          #expect(abs(DenseVector.dot(v, w) / Double(d) - (p == q ? 1 : 0)) < 1e-10)
        }
      }
    }
    for k in 0..<9 {
      let truth = zip(corners[k / 3], corners[k % 3]).reduce(0) { $0 + $1.0 * $1.1 }
      let (mean, deviation) = statistics(products.map { $0[k] })
      #expect(abs(mean - truth) < 4.5 * deviation / 40.0.squareRoot(), "\(k): \(mean), \(truth)")
    }
  }

  /// What is written is read back as the same mixture, and the rows are read as the same data.
  @Test func theWrittenProblemsAreRead() throws {
    let fit = Self.fits[3]
    let text = FittedProblem(fit, samplesPerWeight: 1.5).mixture(source: "rows.csv")
    let file = try ProblemFile(yaml: text)
    let problem = file.problem
    #expect(problem.samplesPerWeight == 1.5 && file.training.dimension == 40)
    for (read, fitted) in zip(problem.data.clusters, fit.mixture.clusters) {
      #expect(abs(read.probability - fitted.probability) < 1e-9)
      #expect(abs(read.variance / fitted.variance - 1) < 1e-5)
      #expect(read.label == fitted.label && abs(read.centre[0] - fitted.centre[0]) < 1e-9)
    }
  }
}
