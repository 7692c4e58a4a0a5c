import DataFitting
import Foundation
import LearningProblem
import NumericalKit
import Observables
import Testing

/// Groups of principal axes against the covariances and means that made the rows. `[fit.groups]`
@Suite struct FittedGroupsTests {
  /// d = 40: 8 axes of variance 4 that carry .8 of the signal, or another part of it, 32 of
  /// variance 0.25.
  private static func rows(
    counts: [Int] = [150, 90], part: Double = 0.8
  ) -> SyntheticRows {
    let (large, small) = ((part / 8).squareRoot(), ((1 - part) / 32).squareRoot())
    let mean = (0..<40).map { $0 < 8 ? large : small }
    let variances = (0..<40).map { $0 < 8 ? 4.0 : 0.25 }
    return SyntheticRows(
      dimension: 40, counts: counts, means: [mean.map { 2 * $0 }, mean.map { -2 * $0 }],
      variances: [variances, variances])
  }

  /// The rows reflected at a plane that no axis lies in, so that inputs correlate.
  private static func turned(_ table: CSVTable) -> CSVTable {
    let d = table.columns.count
    var axis = (0..<d).map { 1.0 + 0.5 * sin(Double($0)) }
    let length = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
    axis = axis.map { $0 / length }
    var values = table.values
    for row in table.labels.indices {
      let along = (0..<d).reduce(0) { $0 + axis[$1] * table.values[row * d + $1] }
      for j in 0..<d { values[row * d + j] -= 2 * along * axis[j] }
    }
    return CSVTable(columns: table.columns, values: values, labels: table.labels)
  }

  static func fitted(
    _ rows: SyntheticRows, _ index: Int, turns: Bool
  ) throws -> FittedGroups {
    let table = rows.table(index)
    return try #require(
      try MixtureFit(MeasuredData(turns ? turned(table) : table)).groups)
  }

  @Test func sumsAreExact() throws {
    for turns in [true, false] {
      let fit = try Self.fitted(Self.rows(), 0, turns: turns)
      #expect(fit.groups.count == 40 && fit.basis == (turns ? .axes : .inputs))
      for sum in [
        fit.groups.reduce(0) { $0 + $1.share },
        fit.groups.reduce(0) { $0 + $1.share * $1.variance.value },
        fit.groups.reduce(0) { $0 + $1.share * $1.signal[0].value },
      ] { #expect(abs(sum - 1) < 1e-12) }
      _ = try fit.model.groups(directions: 1, probabilities: [0.5, 0.5])
    }
  }

  /// Signal and mean square of the variances of the 8 large axes, over 60 samples: unbiased within
  /// 4 errors, where the raw ones are off by far more.
  @Test func noiseIsTakenOut() throws {
    let rows = Self.rows(counts: [75, 45])
    let fits = try (0..<60).map { try Self.fitted(rows, $0, turns: true) }
    // True: mean variance 1 (8 · 4 + 32 · 0.25 = 40), so f = 4 and .25, Σ f² = 130.
    let squares = statistics(
      fits.map { $0.groups.reduce(0) { $0 + $1.variance.value * $1.variance.value } })
    #expect(abs(squares.mean - 130) < 4 * squares.deviation / 60.0.squareRoot(), "\(squares)")
    // Tr S² is larger by about d²/ν = 13.6.
    #expect(4 * squares.deviation / 60.0.squareRoot() < 8)
    let signal = statistics(
      fits.map { $0.groups[..<8].reduce(0) { $0 + $1.share * $1.signal[0].value } })
    // Flooring at 0 leaves the small axes a little more than their .2.
    #expect(abs(signal.mean - 0.8) < 0.02, "\(signal)")
  }

  /// .8 of the noise of the means lies along the large inputs, of the signal only .3: left in, this
  /// would be .34.
  @Test func noiseOfMeansIsTakenOut() throws {
    let rows = Self.rows(counts: [75, 45], part: 0.3)
    let signal = statistics(
      try (0..<400).map { index in
        try Self.fitted(rows, index, turns: false)
          .groups[..<8].reduce(0) { $0 + $1.share * $1.signal[0].value }
      })
    #expect(5 * signal.deviation / 400.0.squareRoot() < 0.02)
    #expect(abs(signal.mean - 0.3) < 0.02, "\(signal)")
  }

  /// T along inputs, whose true axes are known, has the errors it claims.
  @Test func signalHasItsErrors() throws {
    let rows = Self.rows(counts: [150, 90])
    let fits = try (0..<150).map { try Self.fitted(rows, $0, turns: false) }
    #expect(fits.allSatisfy { $0.basis == .inputs })
    // The 8 inputs of large variance and signal T = .1 · 40 = 4.
    let found = fits.flatMap { $0.groups[..<8].map(\.signal[0]) }
    let values = statistics(found.map(\.value))
    let claimed =
      (found.reduce(0) { $0 + $1.standardError * $1.standardError } / Double(found.count))
      .squareRoot()
    #expect(abs(values.mean - 4) < 5 * values.deviation / Double(found.count).squareRoot() + 0.1)
    #expect(abs(values.deviation / claimed - 1) < 0.1, "\(values) \(claimed)")
    let measured = fits.flatMap { $0.groups[..<8].map(\.variance) }
    let variances = statistics(measured.map(\.value))
    #expect(abs(variances.deviation / (4 * (2 / 238.0).squareRoot()) - 1) < 0.1, "\(variances)")
    let errors = statistics(measured.map(\.standardError))
    #expect(abs(variances.deviation / errors.mean - 1) < 0.1, "\(variances) \(errors)")
  }

  /// Isotropic rows: what the sample's eigenvalues spread by is noise.
  @Test func isotropicRowsHaveOneVariance() throws {
    let groups = try (0..<20).map { index in
      try Self.fitted(
        SyntheticRows.twoClasses(dimension: 40, counts: [80, 80], distance: 2), index, turns: true)
    }
    let spread = statistics(
      groups.map { fit in fit.groups.reduce(0) { $0 + $1.variance.value * $1.variance.value } / 40 }
    )
    #expect(spread.mean < 1.02, "\(spread), 1.25 with the noise of 160 rows")
  }

  /// Three classes: T is a matrix, positive, of mean δ_pq, and so is that of 130 inputs in bins.
  @Test(arguments: [40, 130]) func directionsAndBins(_ d: Int) throws {
    var means = [[Double]](repeating: [Double](repeating: 0, count: d), count: 3)
    for (a, mean) in [(3.0, 0.0), (-1.5, 2.6), (-1.5, -2.6)].enumerated() {
      (means[a][0], means[a][1]) = mean
      means[a][2] = mean.0 + mean.1
    }
    let variances = (0..<d).map { pow(Double($0 + 1), -0.5) }
    let rows = SyntheticRows(
      dimension: d, counts: [120, 120, 120], means: means,
      variances: [variances, variances, variances])
    let fit = try Self.fitted(rows, 1, turns: true)
    #expect(fit.groups.count == min(d, 100) && fit.groups[0].signal.count == 3)
    for (entry, expected) in [1.0, 0, 1].enumerated() {
      let sum = fit.groups.reduce(0) { $0 + $1.share * $1.signal[entry].value }
      #expect(abs(sum - expected) < 1e-9)
    }
    #expect(abs(fit.groups.reduce(0) { $0 + $1.share * $1.variance.value } - 1) < 1e-9)
    #expect(fit.groups.allSatisfy { $0.variance.value > 0 })
    _ = try #require(try fit.model.groups(directions: 2, probabilities: [0.5, 0.5]))
    // Of 130 axes the 30 that are too many join the smallest: the largest 35 stay alone.
    #expect(fit.groups[..<35].allSatisfy { $0.share == 1 / Double(d) })
    #expect(d == 40 || fit.groups[99].share == 2 / Double(d))
  }

  @Test func noneOfFewOrWhitenedRows() throws {
    let few = SyntheticRows.twoClasses(dimension: 40, counts: [20, 20], distance: 4)
    #expect(try MixtureFit(MeasuredData(few.table(0))).groups == nil)
    let white = try MeasuredData(
      Self.rows().table(0), preparation: MeasuredData.Preparation(whitens: true))
    #expect(MixtureFit(white).groups == nil)
  }
}

/// Classes of different shape. `[fit.shapes]` `[fit.classes]`
@Suite struct ClassShapesTests {
  /// d = 30 with the variances of each class.
  private static func rows(
    _ variances: [[Double]], counts: [Int] = [160, 90]
  ) -> SyntheticRows {
    let mean = (0..<30).map { $0 < 10 ? 0.6 : 0.2 }
    return SyntheticRows(
      dimension: 30, counts: counts, means: [mean.map { 2 * $0 }, mean.map { -2 * $0 }],
      variances: variances)
  }

  private static func fits(
    _ rows: SyntheticRows, count: Int, turns: Bool
  ) throws -> [FittedGroups] {
    try (0..<count).map { try FittedGroupsTests.fitted(rows, $0, turns: turns) }
  }

  private static let shape = (0..<30).map { pow(Double($0 + 1), -0.7) }

  /// z is a standard number, also for classes of different variance and along the rows' own axes.
  @Test(arguments: [false, true]) func sharedShapes(turns: Bool) throws {
    let fits = try Self.fits(
      Self.rows([Self.shape, Self.shape.map { 1.6 * $0 }]), count: 200, turns: turns)
    let z = statistics(fits.map(\.shapeDifference))
    #expect(abs(z.mean) < 0.25 && abs(z.deviation - 1) < 0.2, "\(z)")
    let shared = fits.count { $0.groups[0].variances.isEmpty }
    #expect(shared >= 190)
    #expect(
      fits.allSatisfy {
        $0.groups[0].variances.isEmpty == ($0.shapeDifference <= FittedGroups.criticalDifference)
      })
  }

  /// f_a of each class on average over samples, with the errors they claim, and the spread between
  /// classes that is not noise.
  @Test func ownShapes() throws {
    let tilt = (0..<30).map { $0 % 2 == 0 ? 1.15 : 0.87 }
    let own = [
      zip(Self.shape, tilt).map { $0 * $1 }, zip(Self.shape, tilt).map { 2 * $0 / $1 },
    ]
    let fits = try Self.fits(Self.rows(own, counts: [300, 200]), count: 60, turns: false)
    #expect(fits.allSatisfy { $0.basis == .inputs && $0.shapeDifference > 2.5 })
    for fit in fits {
      for a in 0..<2 {
        let mean = fit.groups.reduce(0) { $0 + $1.share * $1.variances[a].value }
        #expect(abs(mean - 1) < 1e-12)
      }
      let rows = try #require(try fit.model.groups(directions: 1, probabilities: [0.6, 0.4]))
      #expect(!rows.areShared && rows.groups[0].variances.count == 2)
    }
    // Groups are sorted by their pooled variance; the largest is the first input in all samples.
    for a in 0..<2 {
      let truth = 30 * own[a][0] / own[a].reduce(0, +)
      let found = statistics(fits.map { $0.groups[0].variances[a].value })
      let claimed = statistics(fits.map { $0.groups[0].variances[a].standardError })
      #expect(abs(found.mean / truth - 1) < 4 * found.deviation / truth / 60.0.squareRoot() + 0.01)
      // A little less than claimed, since it is a part of the mean that it is relative to.
      let ratio = found.deviation / claimed.mean
      #expect(ratio > 0.6 && ratio < 1.15, "\(found) \(claimed)")
    }
    // Σ (f_1 - f_2)² over inputs, a fifth higher with the noise left in.
    let truth = own.map { row in row.map { 30 * $0 / row.reduce(0, +) } }
    let difference = zip(truth[0], truth[1]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    let measured = statistics(
      fits.map { fit in
        fit.groups.reduce(0) { $0 + pow($1.variances[0].value - $1.variances[1].value, 2) }
      })
    #expect(abs(measured.mean / difference - 1) < 0.06, "\(measured) \(difference)")
  }

  /// Rows with heavy tails vary more: 1.4 without their kurtosis (a separate implementation), .6
  /// with it.
  @Test func heavyTails() throws {
    let z = statistics(
      try (0..<150).map { index in
        let table = Self.rows([Self.shape, Self.shape], counts: [200, 150]).table(index)
        let tails = CSVTable(
          columns: table.columns, values: table.values.map { $0 + 0.06 * $0 * $0 * $0 },
          labels: table.labels)
        return try #require(try MixtureFit(MeasuredData(tails)).groups).shapeDifference
      })
    #expect(z.mean < 1.05, "\(z)")
  }
}
