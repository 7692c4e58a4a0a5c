import LearningProblem
import NumericalKit
import Testing

/// How rows become inputs. `[fit.scale]` `[fit.whiten]`
@Suite struct MeasuredDataTests {
  /// Σ over rows of a class of x_j, over their number.
  private func means(_ data: MeasuredData, _ a: Int) -> [Double] {
    let rows = data.members.indices.filter { data.members[$0] == a }
    return (0..<data.dimension).map { j in
      rows.reduce(0.0) { $0 + data.inputs[$1, j] } / Double(rows.count)
    }
  }

  /// By hand: class means (3, 0) and (1, 0) of the rows, |half distance|² = 1 less Tr S
  /// (1/2 + 1/2)/4.
  @Test func fourRowsByHand() throws {
    let table = try CSVTable(text: "3,0.5,b\n3,-0.5,b\n1,0.25,a\n1,-0.25,a\n")
    let data = try MeasuredData(table)
    #expect(data.classes == ["b", "a"])
    #expect(data.clusters.map(\.label) == [1, -1])
    // Tr S: 0.5 and 0.125; separation 1 - (0.5/2 + 0.125/2)/4 = 0.921875.
    #expect(abs(data.unit * data.unit - 0.921875) < 1e-14)
    #expect(abs(data.moments.separation - 1) < 1e-14)
    #expect(abs(data.moments.rawSeparation - 1 / 0.921875) < 1e-14)
    #expect(abs(data.inputs[0, 0] - 1 / data.unit) < 1e-14)
    #expect(abs(data.inputs[2, 1] - 0.25 / data.unit) < 1e-14)
    #expect(abs(data.clusters[0].variance - 0.25 / 0.921875) < 1e-14)
    #expect(abs(data.clusters[1].variance - 0.0625 / 0.921875) < 1e-14)
    #expect(abs(data.clusters[0].centre[0] - 1) < 1e-12)
    #expect(abs(data.clusters[1].centre[0] + 1) < 1e-12)
    #expect(data.clusters.map(\.probability) == [0.5, 0.5])
    #expect(abs(data.signals[0][0] - 2.0.squareRoot()) < 1e-12 && abs(data.signals[0][1]) < 1e-12)
  }

  @Test func unevenClassesAreCentredBetweenTheirMeans() throws {
    let rows = SyntheticRows.twoClasses(dimension: 20, counts: [90, 30])
    let data = try MeasuredData(rows.table(0, shift: 7))
    let (plus, minus) = (means(data, 0), means(data, 1))
    for j in plus.indices { #expect(abs(plus[j] + minus[j]) < 1e-12) }
    #expect(data.clusters.map(\.probability) == [0.75, 0.25])
  }

  @Test func scaleNoneLeavesTheNumbersAlone() throws {
    let table = SyntheticRows.twoClasses(dimension: 5, counts: [10, 10]).table(0, shift: 3)
    let data = try MeasuredData(
      table, preparation: MeasuredData.Preparation(scales: false))
    #expect(data.inputs.values == table.values && data.unit == 1)
  }

  @Test func classesCanBePicked() throws {
    let text = "1,0,7\n1.2,0.1,7\n5,4,3\n5.2,4.1,3.0\n9,2,5\n8.8,2,5\n"
    let picked = try MeasuredData(CSVTable(text: text), classes: ["3", "7"])
    #expect(picked.classes == ["3", "7"] && picked.members == [1, 1, 0, 0])
    #expect(picked.notes == ["2 rows of other classes left out"])
    let all = try MeasuredData(CSVTable(text: text))
    #expect(all.classes == ["3", "5", "7"] && all.clusters.map(\.label) == [1, 2, 3])
    #expect(all.signals.count == 2 && all.clusters.allSatisfy { $0.centre.count == 2 })
    for wanted in [["3"], ["3", "3"], ["3", "4"]] {
      let error = try #require(throws: ProblemError.self) {
        try MeasuredData(CSVTable(text: text), classes: wanted)
      }
      #expect("\(error)".contains("of 3 (2 rows), 5 (2 rows), 7 (2 rows)"))
    }
  }

  /// Three means on a line: the second axis is noise, and no axis of the mixture.
  @Test func axesThatAreNoiseAreLeftOut() throws {
    var rows = SyntheticRows.twoClasses(dimension: 30, counts: [40, 40])
    let zeros = [Double](repeating: 0, count: 30)
    rows.counts.append(40)
    rows.means.append(zeros)
    rows.variances.append(rows.variances[0])
    let directions = try (0..<20).map { try MeasuredData(rows.table($0)).signals.count }
    let ones = directions.count { $0 == 1 }
    #expect(directions.allSatisfy { $0 == 1 || $0 == 2 } && (2...18).contains(ones))
    let index = try #require(directions.firstIndex(of: 1))
    let data = try MeasuredData(rows.table(index))
    #expect(data.notes == ["the class means span 1 of 2 directions beyond sampling noise"])
    #expect(data.clusters.allSatisfy { $0.centre.count == 1 })
  }

  @Test func constantColumnsAreDroppedWithANote() throws {
    let data = try MeasuredData(CSVTable(text: "1,4,2,u\n2,4,2.5,u\n5,4,1,v\n6,4,3,v\n"))
    #expect(data.dimension == 2)
    #expect(data.notes == ["1 constant columns dropped: column 2"])
  }

  @Test func classesThatNoiseAloneTellsApartAreRefused() throws {
    var rows = SyntheticRows.twoClasses(dimension: 50, counts: [20, 20])
    rows.means[1] = rows.means[0]
    let refused = (0..<10).count { index in
      do {
        _ = try MeasuredData(rows.table(index))
        return false
      } catch { return "\(error)".contains("no further apart than sampling noise") }
    }
    #expect((1...9).contains(refused), "half of the samples, by chance")
  }

  /// Within classes together, whitened inputs have the covariance 1/unit².
  @Test func whiteningGivesTheUnitCovariance() throws {
    var rows = SyntheticRows.twoClasses(dimension: 12, counts: [80, 50])
    rows.variances = rows.variances.map { $0.indices.map { 0.01 * Double($0 * $0 + 1) } }
    let data = try MeasuredData(
      rows.table(0, shift: -2), preparation: MeasuredData.Preparation(whitens: true))
    let gram = data.residuals.gram()
    for i in 0..<12 {
      for j in 0..<12 {
        let expected = i == j ? 1 / (data.unit * data.unit) : 0
        #expect(abs(gram[i, j] / 128 - expected) < 1e-10)
      }
    }
    let (plus, minus) = (means(data, 0), means(data, 1))
    for j in plus.indices { #expect(abs(plus[j] + minus[j]) < 1e-10) }
  }

  @Test func linearCombinationsAreDroppedByWhitening() throws {
    let table = SyntheticRows.twoClasses(dimension: 3, counts: [30, 30]).table(0)
    var values: [Double] = []
    for i in table.labels.indices {
      let x = Array(table.values[3 * i..<3 * i + 3])
      values += x + [x[0] - 2 * x[1]]
    }
    let wide = CSVTable(columns: ["a", "b", "c", "d"], values: values, labels: table.labels)
    let data = try MeasuredData(wide, preparation: MeasuredData.Preparation(whitens: true))
    #expect(data.dimension == 3)
    #expect(data.notes == ["1 linear combinations without variance dropped"])
    let narrow = try MeasuredData(table, preparation: MeasuredData.Preparation(whitens: true))
    #expect(abs(data.unit - narrow.unit) < 1e-9)
  }

  /// Ledoit and Wolf's weight of the unit matrix for four rows: S = diag(8, 2, 0)/3.
  @Test func shrinkageByHand() {
    let rows = DenseMatrix(
      rows: 4, columns: 3, values: [2, 0, 0, -2, 0, 0, 0, 1, 0, 0, -1, 0])
    let square = 68.0 / 9
    let mean = 10.0 / 9
    let weight = (34.0 / 4 - square) / 4 / (square - 3 * mean * mean)
    let whitening = Whitening(residuals: rows, freedom: 3)
    #expect(abs(whitening.shrinkage - weight) < 1e-14)
    let smallest = whitening.map[2, 2]
    #expect(abs(abs(smallest) - 1 / (weight * mean).squareRoot()) < 1e-12)
  }

  /// With fewer rows than dimensions the covariance is shrunk, and no direction is lost.
  @Test func fewRowsAreRegularised() throws {
    let rows = SyntheticRows.twoClasses(dimension: 40, counts: [15, 15], distance: 6)
    let data = try MeasuredData(
      rows.table(0), preparation: MeasuredData.Preparation(whitens: true))
    #expect(data.dimension == 40)
    #expect(data.notes.count == 1 && data.notes[0].contains("28 degrees of freedom in 40"))
    // An isotropic covariance is best estimated by a multiple of the unit matrix.
    let whitening = Whitening(residuals: data.residuals, freedom: 28)
    #expect(whitening.shrinkage > 0.5 && whitening.shrinkage <= 1)
    #expect(whitening.map.columns == 40)
    #expect(Whitening(residuals: data.residuals, freedom: 41).shrinkage == 0)
  }
}
