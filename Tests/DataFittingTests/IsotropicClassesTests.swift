import DataFitting
import Foundation
import LearningProblem
import MaskedDMFT
import NumericalKit
import Observables
import Testing

/// Gaussian classes of different variances, each isotropic or not: what `dmft fit` says of them.
/// `[fit.scaled]` `[fit.john]` `[fit.sphericity]` `[fit.verdict]` `[fit.kurtosis]` `[fit.lengths]`
@Suite struct IsotropicClassesTests {
  /// Files of one kind: three classes with variances .5, .9 and .3.
  struct Kind: Sendable, CustomStringConvertible {
    var dimension = 80
    let counts: [Int]
    let seeds: Int

    var description: String { "\(counts) rows of \(dimension) inputs" }

    /// Rows with the variance `factor` per input, on top of that of the class.
    func fits(_ factor: @Sendable (_ class: Int, _ input: Int) -> Double) throws -> [MixtureFit] {
      let corners = [[24.0, 0], [-12, 12], [-12, -12]]
      let (d, variances) = (dimension, [0.5, 0.9, 0.3])
      let rows = SyntheticRows(
        dimension: d, counts: counts,
        means: corners.map { $0 + [Double](repeating: 0, count: d - 2) },
        variances: (0..<3).map { a in (0..<d).map { variances[a] * factor(a, $0) } })
      return try (0..<seeds).map { MixtureFit(try MeasuredData(rows.table($0))) }
    }
  }

  static let large = Kind(counts: [900, 500, 350], seeds: 40)
  static let small = Kind(counts: [40, 30, 30], seeds: 200)
  static let tiny = Kind(dimension: 4, counts: [6, 4, 2], seeds: 4000)
  static let least = Kind(dimension: 2, counts: [3, 3, 2], seeds: 4000)

  /// Whether the mean of `x` is `mean`, within 4 of its errors.
  private func mean(of x: [Double], is mean: Double) -> Bool {
    let found = statistics(x)
    return abs(found.mean - mean) < 4 * found.deviation / Double(x.count).squareRoot()
  }

  /// Whether the variance of `x` is `variance`, within 4 of its errors.
  private func variance(of x: [Double], is variance: Double) -> Bool {
    let found = statistics(x)
    return mean(of: x.map { ($0 - found.mean) * ($0 - found.mean) }, is: variance)
  }

  /// Sphericities have mean 0 and variance 1, also of classes of a few rows. The unscaled one was
  /// 5.9.
  @Test(arguments: [large, small, tiny, least]) func sphericities(_ kind: Kind) throws {
    let fits = try kind.fits { _, _ in 1 }
    for z in [fits.map(\.anisotropy.sphericity), fits.map(\.anisotropy.classSphericity)] {
      #expect(mean(of: z, is: 0), "\(statistics(z))")
      #expect(variance(of: z, is: 1), "\(statistics(z))")
    }
    // 1 % of them are called uneven; of few inputs some more, since the law is skew.
    let wrong = fits.count { !$0.anisotropy.isIsotropic }
    #expect(Double(wrong) <= 0.05 * Double(fits.count), "\(wrong)")
  }

  /// All other measures are those of isotropic Gaussian rows of one variance.
  @Test(arguments: [large, small]) func measures(_ kind: Kind) throws {
    let fits = try kind.fits { _, _ in 1 }
    let d = Double(kind.dimension)
    let (count, classes) = (Double(kind.counts.reduce(0, +)), Double(kind.counts.count))
    let inverse = fits.map { 1 / $0.anisotropy.participationRatio }
    #expect(mean(of: inverse, is: 1), "\(statistics(inverse))")
    let size = statistics(inverse).deviation * (count - classes) / 2
    #expect(abs(size - 1) < 4 / (2 * Double(fits.count)).squareRoot() + 2 / d, "\(size)")
    let raw = statistics(fits.map { 1 / $0.anisotropy.rawParticipationRatio })
    #expect(abs((raw.mean - 1) * count / d - 1) < 0.1, "\(raw)")
    for fit in fits {
      let top = fit.anisotropy.eigenvalues[kind.dimension - 1] / fit.anisotropy.edge
      #expect(top > 0.85 && top < 1.08, "\(top)")
      let variance = zip(fit.data.moments.traces, kind.counts)
        .reduce(0) { $0 + $1.0 * Double($1.1 - 1) / (count - classes) }
      #expect(abs(fit.anisotropy.eigenvalues.reduce(0, +) / variance - 1) < 1e-12)
    }
    let lengths = fits.map { $0.gaussianity.lengthSpread * $0.gaussianity.lengthSpread }
    #expect(mean(of: lengths, is: 2 / d), "\(statistics(lengths))")
    let claimed = fits.map {
      $0.gaussianity.gaussianLengthSpread * $0.gaussianity.gaussianLengthSpread
    }
    #expect(mean(of: claimed, is: 2 / d), "\(statistics(claimed))")
    let spread = statistics(fits.map(\.gaussianity.lengthSpread))
    let error = spread.deviation / spread.mean * (2 * count).squareRoot()
    #expect(abs(error - 1) < 4 / (2 * Double(fits.count)).squareRoot() + 0.1, "\(error)")
    let kurtosis = fits.map(\.gaussianity.kurtosis.value)
    #expect(mean(of: kurtosis, is: 0), "\(statistics(kurtosis))")
    let signal = fits.map(\.gaussianity.signalKurtosis.value)
    #expect(mean(of: signal, is: 0), "\(statistics(signal))")
    let ratio = statistics(signal).deviation / fits[0].gaussianity.signalKurtosis.standardError
    #expect(ratio > 0.6 && ratio < 1.3, "\(ratio)")
  }

  /// Lengths and kurtosis of classes of a few rows, where every correction matters.
  @Test func fewRows() throws {
    let fits = try Self.tiny.fits { _, _ in 1 }
    let lengths = fits.map { $0.gaussianity.lengthSpread * $0.gaussianity.lengthSpread }
    #expect(mean(of: lengths, is: 0.5), "\(statistics(lengths))")
    let claimed = fits.map {
      $0.gaussianity.gaussianLengthSpread * $0.gaussianity.gaussianLengthSpread
    }
    #expect(mean(of: claimed, is: 0.5), "\(statistics(claimed))")
    let inverse = fits.map { 1 / $0.anisotropy.participationRatio }
    #expect(mean(of: inverse, is: 1), "\(statistics(inverse))")
    let kurtosis = fits.map(\.gaussianity.kurtosis.value)
    #expect(mean(of: kurtosis, is: 0), "\(statistics(kurtosis))")
  }

  /// Half of the variances twice the others: seen in nearly all files.
  @Test(arguments: [Kind(counts: [900, 500, 350], seeds: 20), small])
  func unevenInputs(_ kind: Kind) throws {
    let fits = try kind.fits { _, input in input % 2 == 0 ? 1 : 2 }
    let right = fits.count { !$0.anisotropy.isIsotropic }
    #expect(Double(right) >= 0.95 * Double(fits.count), "\(right)")
    let inverse = fits.map { 1 / $0.anisotropy.participationRatio }
    #expect(abs(statistics(inverse).mean - 2.5 / 2.25) < 0.01, "\(statistics(inverse))")
  }

  /// Shapes that average out between classes, 600 rows of each: class by class they are seen.
  @Test func opposedShapes() throws {
    let kind = Kind(counts: [400, 600, 200], seeds: 20)
    let fits = try kind.fits { a, input in input % 2 == a % 2 ? 1 : 2 }
    #expect(abs(statistics(fits.map(\.anisotropy.sphericity)).mean) < 2)
    let inverse = fits.map { 1 / $0.anisotropy.participationRatio }
    #expect(abs(statistics(inverse).mean - 1) < 0.01, "\(statistics(inverse))")
    #expect(fits.allSatisfy { $0.anisotropy.classSphericity > 10 && !$0.anisotropy.isIsotropic })
  }

  /// Eigenvalues that are more equal than chance, as after whitening, are not uneven.
  @Test func whitenedRows() throws {
    let rows = SyntheticRows.twoClasses(dimension: 20, counts: [200, 200], distance: 5)
    let whitened = MeasuredData.Preparation(whitens: true)
    let found = MixtureFit(try MeasuredData(rows.table(0), preparation: whitened)).anisotropy
    #expect(found.sphericity < -5 && found.isIsotropic, "\(found.sphericity)")
  }

  /// Classes wide along the means or not, all Gaussian: no kurtosis.
  @Test func kurtosisIsThatWithinClasses() throws {
    let fits = try Kind(counts: [200, 150, 150], seeds: 40)
      .fits { a, input in input < 2 ? [4, 1, 0.5][a] : 1 }
    let signal = fits.map(\.gaussianity.signalKurtosis.value)
    #expect(mean(of: signal, is: 0), "\(statistics(signal))")
  }

  /// The learning rate is that of rows as they are. Here few rows have most of the variance.
  @Test func learningRateKnowsUnscaledRows() throws {
    var rows = SyntheticRows.twoClasses(
      dimension: 40, counts: [20, 300], distance: 5, variances: [10, 0.1])
    rows.variances[0][7] = 400
    let fit = MixtureFit(try MeasuredData(rows.table(0)))
    var covariance = fit.data.residuals.gram()
    covariance.values = covariance.values.map { $0 / Double(fit.anisotropy.freedom) }
    let largest = try #require(SymmetricEigenproblem(covariance).values.last)
    #expect(largest > 5 * fit.anisotropy.eigenvalues[39], "scaling matters")
    let text = FittedProblem(fit, samplesPerWeight: 1).mixture(source: "rows.csv")
    let rate = try ProblemFile(yaml: text).problem.grid.rate(at: 0)
    let bound = 1 / (0.1 + 0.25 * 4 * (largest + fit.data.moments.rawSeparation))
    #expect(rate <= bound && rate > bound / 2, "\(rate), \(bound)")
  }
}
