import DataFitting
import LearningProblem
import NumericalKit
import Observables
import Testing

/// Measures of isotropy and shape on rows of which they are known.
/// `[fit.participation]` `[fit.edge]` `[fit.traces]` `[fit.gaussianity]` `[fit.standin]`
@Suite struct AnisotropyTests {
  private func fits(_ rows: SyntheticRows, _ count: Int) throws -> [MixtureFit] {
    try (0..<count).map { MixtureFit(try MeasuredData(rows.table($0))) }
  }

  @Test func eigenvaluesAndVectorsOfAKnownMatrix() {
    let root = 0.5.squareRoot()
    let found = SymmetricEigenproblem(DenseMatrix(rows: 2, columns: 2, values: [2, 1, 1, 2]))
    #expect(abs(found.values[0] - 1) < 1e-14 && abs(found.values[1] - 3) < 1e-14)
    #expect(abs(abs(found.vectors[0, 0]) - root) < 1e-14)
    #expect(abs(found.vectors[0, 0] + found.vectors[0, 1]) < 1e-14)
    #expect(abs(found.vectors[1, 0] - found.vectors[1, 1]) < 1e-14)
    // Off the diagonal by chance: A u = λ u for 30 random rows.
    var stream = RandomStream(seed: 3, purpose: .check)
    let random = DenseMatrix(rows: 30, columns: 8, values: (0..<240).map { _ in stream.normal() })
    let gram = random.gram()
    let spectrum = SymmetricEigenproblem(gram)
    for i in 0..<8 {
      let u = DenseMatrix(rows: 8, columns: 1, values: Array(spectrum.vectors[i]))
      for (x, y) in zip(gram.times(u).values, u.values) {
        #expect(abs(x - spectrum.values[i] * y) < 1e-12 * spectrum.values[7])
      }
    }
  }

  /// Inputs that hardly vary change no spectrum, also where they make more inputs than rows, whose
  /// spectrum is read off the products of rows.
  @Test func moreInputsThanRows() throws {
    let (d, more) = (20, 10)
    let table = SyntheticRows.twoClasses(
      dimension: d, counts: [14, 12], distance: 3, variances: [0.5, 2]
    ).table(0)
    var stream = RandomStream(seed: 4, purpose: .check)
    let values = table.labels.indices.flatMap { row in
      table.values[row * d..<(row + 1) * d] + (0..<more).map { _ in 1e-9 * stream.normal() }
    }
    let wide = CSVTable(
      columns: (0..<d + more).map { "x\($0)" }, values: values, labels: table.labels)
    let fits = try [table, wide].map { MixtureFit(try MeasuredData($0)) }
    let spectra = fits.map(\.anisotropy.eigenvalues)
    #expect(spectra[1].count == d + more && spectra[1].prefix(more).allSatisfy { $0 < 1e-15 })
    for (narrow, wide) in zip(spectra[0], spectra[1].suffix(d)) {
      #expect(abs(narrow - wide) < 1e-10, "\(narrow) \(wide)")
    }
    let rates = fits.map { fit in
      FittedProblem(fit, samplesPerWeight: 0.5).mixture(source: "rows.csv").split(separator: "\n")
        .first { $0.hasPrefix("learning_rate") }
    }
    #expect(rates[0] == rates[1] && rates[0] != nil)
  }

  /// Isotropic rows: participation ratio 1, sphericity N(0, 1), eigenvalues below the edge.
  @Test func isotropicRows() throws {
    let fits = try fits(.twoClasses(dimension: 50, counts: [60, 60], distance: 3), 60)
    let ratios = statistics(fits.map(\.anisotropy.participationRatio))
    // 1/(1 + x) of an unbiased x of deviation 2/ν.
    #expect(abs(ratios.mean - 1) < 4 * ratios.deviation / 60.0.squareRoot() + 4 / 118.0 / 118)
    #expect(abs(ratios.deviation - 2 / 118.0) < 4 * 2 / 118.0 / 120.0.squareRoot())
    #expect(fits.allSatisfy { $0.anisotropy.rawParticipationRatio < 0.8 })
    #expect(looksNormal(fits.map(\.anisotropy.sphericity)))
    // Fluctuations of the largest eigenvalue about the edge: order d^(-2/3) of it.
    for fit in fits {
      let top = fit.anisotropy.eigenvalues[49] / fit.anisotropy.edge
      #expect(top > 0.8 && top < 1.12, "\(top)")
    }
    let square = statistics(fits.map(\.anisotropy.classDifference))
    #expect(abs(square.mean) < 4 * square.deviation / 60.0.squareRoot())
  }

  /// Half of the variances 4 times the others: (Tr Σ)²/(d Tr Σ²) = 6.25/8.5.
  @Test func twoVariancesHaveTheirParticipationRatio() throws {
    var rows = SyntheticRows.twoClasses(dimension: 40, counts: [50, 50], distance: 5)
    rows.variances = rows.variances.map { $0.indices.map { $0 % 2 == 0 ? 1 : 4 } }
    let fits = try fits(rows, 60)
    let ratios = statistics(fits.map { 1 / $0.anisotropy.participationRatio })
    #expect(abs(ratios.mean - 8.5 / 6.25) < 4 * ratios.deviation / 60.0.squareRoot())
    let raw = statistics(fits.map { 1 / $0.anisotropy.rawParticipationRatio })
    #expect(raw.mean - 8.5 / 6.25 > 20 * raw.deviation / 60.0.squareRoot())
    #expect(fits.allSatisfy { $0.anisotropy.sphericity > 8 })
  }

  /// Variances exchanged between two classes: Tr (Σ_1 - Σ_2)²/(Tr Σ_1² + Tr Σ_2²) = 9/17.
  @Test func classesWithDifferentCovariances() throws {
    var rows = SyntheticRows.twoClasses(dimension: 40, counts: [60, 40], distance: 5)
    rows.variances = (0..<2).map { a in (0..<40).map { $0 % 2 == a ? 1 : 4 } }
    let found = statistics(try fits(rows, 60).map(\.anisotropy.classDifference))
    #expect(abs(found.mean - 9.0 / 17) < 4 * found.deviation / 60.0.squareRoot())
  }

  /// One class of few rows: its covariance is poorly known, but not smaller.
  @Test func equalCovariancesOfUnevenClasses() throws {
    let fits = try fits(.twoClasses(dimension: 40, counts: [200, 10], distance: 5), 60)
    let found = statistics(fits.map(\.anisotropy.classDifference))
    #expect(abs(found.mean) < 0.05, "\(found)")
  }

  /// Three directions far above a flat rest.
  @Test func spikesAreCounted() throws {
    var rows = SyntheticRows.twoClasses(dimension: 60, counts: [300, 300], distance: 5)
    for a in 0..<2 { for j in 5..<8 { rows.variances[a][j] = 6 } }
    #expect(try fits(rows, 5).allSatisfy { $0.anisotropy.countAboveEdge == 3 })
  }

  /// Rows (1 ± 1/2)√ N(0, I): excess kurtosis 3 Var(s²)/E[s²]² = 3/4 in every direction.
  @Test func mixedScalesAreNotGaussian() throws {
    let d = 100
    let plain = SyntheticRows.twoClasses(dimension: d, counts: [2000, 2000], distance: 4).table(1)
    var values = plain.values
    for i in plain.labels.indices {
      let scale = (i % 2 == 0 ? 1.5 : 0.5).squareRoot()
      let centre = i < 2000 ? 4.0 : -4.0
      values[i * d] = centre + (values[i * d] - centre) * scale
      for j in 1..<d { values[i * d + j] *= scale }
    }
    let table = CSVTable(columns: plain.columns, values: values, labels: plain.labels)
    let found = MixtureFit(try MeasuredData(table)).gaussianity
    #expect(abs(found.kurtosis.value - 0.75) < 4 * found.kurtosis.standardError)
    // The law of the kurtosis of such rows is wider than that of Gaussian ones.
    #expect(abs(found.signalKurtosis.value - 0.75) < 8 * found.signalKurtosis.standardError)
    #expect(abs(found.lengthSpread - (0.25 + 1.25 * 2 / 100).squareRoot()) < 0.01)
    #expect(abs(found.gaussianLengthSpread - (2.0 / 100).squareRoot()) < 0.002)
    let normal = MixtureFit(try MeasuredData(plain)).gaussianity
    #expect(abs(normal.kurtosis.value) < 5 * normal.kurtosis.standardError)
    #expect(abs(normal.signalKurtosis.value) < 4 * normal.signalKurtosis.standardError)
    #expect(abs(normal.lengthSpread - (2.0 / 100).squareRoot()) < 0.01)
  }

  /// 30 rows of each class in 60 dimensions: sample means are 1.5 times as far apart (squared) as
  /// true ones, and stand-ins are drawn around means at the true distance.
  @Test func standInsAreAsFarApartAsTheTruth() throws {
    let rows = SyntheticRows.twoClasses(dimension: 60, counts: [30, 30])
    let raw = MeasuredData.Preparation(scales: false)
    let data = try MeasuredData(rows.table(0), preparation: raw)
    let found = statistics(
      (0..<60).map { seed in
        let drawn = StandIn.rows(of: data, seed: UInt64(seed))
        return ClassMoments(drawn, members: data.members, classes: 2).separation
      })
    let truth = data.moments.separation
    #expect(data.moments.rawSeparation > truth + 0.4)
    #expect(abs(found.mean - truth) < 4 * found.deviation / 60.0.squareRoot(), "\(found)")
  }

  /// Gaussian rows with the same means and covariances, the means without their sampling excess.
  @Test func standInsHaveMeansAndCovariances() throws {
    var rows = SyntheticRows.twoClasses(dimension: 6, counts: [900, 500], variances: [1, 1])
    rows.variances = [[1, 2, 3, 1, 1, 1], [4, 1, 1, 1, 1, 1]]
    let raw = MeasuredData.Preparation(scales: false)
    let data = try MeasuredData(rows.table(0, shift: 2), preparation: raw)
    let drawn = StandIn.rows(of: data)
    #expect(drawn != StandIn.rows(of: data, seed: 2) && drawn == StandIn.rows(of: data))
    let moments = ClassMoments(drawn, members: data.members, classes: 2)
    for a in 0..<2 {
      let n = Double(data.moments.counts[a])
      let own = data.members.indices.filter { data.members[$0] == a }
      for j in 0..<6 {
        // Sampling again: mean and variance within 5 of their errors.
        let variance = rows.variances[a][j]
        let shrunk =
          data.moments.means[a, j]
          * (data.moments.separation / data.moments.rawSeparation).squareRoot()
        let mean = data.moments.middle[j] + shrunk
        let found = own.reduce(0.0) { $0 + drawn[$1, j] } / n
        #expect(abs(found - mean) < 5 * (variance / n).squareRoot())
        let square = own.reduce(0.0) { $0 + (drawn[$1, j] - found) * (drawn[$1, j] - found) } / n
        let sample =
          own.reduce(0.0) {
            let x = data.inputs[$1, j] - data.moments.middle[j] - data.moments.means[a, j]
            return $0 + x * x
          } / n
        #expect(abs(square / sample - 1) < 5 * (2 / n).squareRoot())
      }
      #expect(abs(moments.traces[a] / data.moments.traces[a] - 1) < 0.15)
    }
  }
}
