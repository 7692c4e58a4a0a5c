import LearningProblem
import TestSupport
import Testing

/// The path of the hidden units that learn. `[mask.units]`
@Suite struct LearningUnitsTests {
  /// paths[step][unit]
  static func path(
    _ mask: any WeightMask, units: Int = 5, steps: Int = 4000, number: Int = 0
  ) -> [[Bool]] {
    var problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 1,
      network: Committee(activation: .erf, readout: Array(repeating: 1, count: units)),
      start: Start(variance: 1, overlap: Array(repeating: [0], count: units)), learningRate: 0.1,
      steps: steps, weightMask: mask)
    problem.path = number
    let learning = LearningUnits(problem)
    #expect(!learning.compete)
    return (0..<steps).map { learning.isOn(step: $0, power: []) }
  }

  @Test func allOfThem() {
    for mask in [FullMask(), IndependentMask(density: 0.3), ColumnMask(density: 0.3)]
      as [any WeightMask]
    {
      #expect(Self.path(mask).allSatisfy { $0 == [true, true, true, true, true] })
    }
  }

  /// Each unit by itself, at every step by itself: densities, and products of two units and of two
  /// steps. Bounds are 5 standard errors.
  @Test func rowsAreIndependent() {
    let path = Self.path(RowMask(density: 0.3))
    let (b, n) = (0.3, Double(path.count))
    func mean(_ value: ([Bool], [Bool]) -> Double) -> Double {
      zip(path, path.dropFirst()).map(value).reduce(0, +) / (n - 1)
    }
    func centred(_ isOn: Bool) -> Double { (isOn ? 1 : 0) - b }
    for k in 0..<5 {
      #expect(abs(mean { now, _ in centred(now[k]) }) < 5 * (b * (1 - b) / n).squareRoot())
      for l in 0..<5 {
        let bound = 5 * b * (1 - b) / n.squareRoot()
        #expect(abs(mean { centred($0[k]) * centred($1[l]) }) < bound)
        if k != l { #expect(abs(mean { now, _ in centred(now[k]) * centred(now[l]) }) < bound) }
      }
    }
  }

  static let drawn: [@Sendable (Int?, UInt64) -> any WeightMask] = [
    { RowMask(density: 0.5, period: $0, seed: $1) },
    { SubnetMask(inputs: 0.3, units: 0.5, period: $0, seed: $1) },
  ]

  /// Constant within a period, drawn anew after it; the path depends on its seed and number alone.
  @Test(arguments: drawn.indices)
  func periods(_ index: Int) {
    let mask = Self.drawn[index]
    let path = Self.path(mask(4, 1), steps: 400)
    for step in 0..<400 { #expect(path[step] == path[step - step % 4]) }
    // Two draws of five units agree with probability 1/10 or less: 100 draws, mean 10, 90 % differ.
    let changes = stride(from: 4, to: 400, by: 4).count { path[$0] != path[$0 - 1] }
    #expect(changes > 70)
    let frozen = Self.path(mask(nil, 1), steps: 400)
    #expect(frozen.allSatisfy { $0 == frozen[0] })
    #expect(Self.path(mask(4, 1), steps: 400) == path)
    #expect(Self.path(mask(4, 2), steps: 400) != path)
    #expect(Self.path(mask(4, 1), steps: 400, number: 1) != path)
  }

  /// The runs say the same as the path, and no two in a row are alike.
  @Test(arguments: [1, 4, nil] as [Int?])
  func runsAreThePath(_ period: Int?) throws {
    for make in Self.drawn {
      var problem = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 1,
        network: Committee(activation: .erf, readout: [1, 1, 1]),
        start: Start(variance: 1, overlap: [[0], [0], [0]]), learningRate: 0.1, steps: 200,
        weightMask: make(period, 5))
      problem.path = 3
      let learning = LearningUnits(problem)
      let runs = try #require(learning.runs)
      #expect(runs.first?.step == 0)
      for (run, next) in zip(runs, runs.dropFirst()) {
        #expect(run.step < next.step && run.units != next.units)
      }
      for step in 0..<200 {
        let isOn = learning.isOn(step: step, power: [])
        let run = try #require(runs.last { $0.step <= step })
        #expect(run.units == isOn.indices.filter { isOn[$0] })
      }
      problem.weightMask = ColumnMask(density: 0.5)
      #expect(LearningUnits(problem).runs == nil)
    }
  }

  /// round(fraction K) units, at least one; all subsets alike, so each unit equally often.
  @Test(arguments: [(0.5, 3), (0.4, 2), (0.05, 1), (0.3, 2), (1, 5)])
  func subnetsHaveExactlySoManyUnits(_ fraction: Double, _ count: Int) {
    let path = Self.path(SubnetMask(units: fraction))
    #expect(path.allSatisfy { row in row.count { $0 } == count })
    let share = Double(count) / 5
    for k in 0..<5 {
      let fraction = Double(path.count { $0[k] }) / 4000
      #expect(abs(fraction - share) <= 5 * (share * (1 - share) / 4000).squareRoot())
    }
  }

  @Test func strongestWin() {
    func winners(_ fraction: Double, _ power: [Double]) -> [Int] {
      let problem = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 1,
        network: Committee(activation: .erf, readout: [1, 1, 1, 1]),
        start: Start(variance: 1, overlap: [[0], [0], [0], [0]]), learningRate: 0.1, steps: 3,
        weightMask: CompetitiveUnitsMask(fraction: fraction))
      let learning = LearningUnits(problem)
      #expect(learning.compete)
      let isOn = learning.isOn(step: 2, power: power)
      return isOn.indices.filter { isOn[$0] }
    }
    #expect(winners(0.5, [1, 4, 2, 3]) == [1, 3])
    #expect(winners(0.25, [1, 4, 2, 3]) == [1])
    #expect(winners(0.1, [1, 2, 2, 2]) == [1])
    #expect(winners(0.5, [2, 1, 2, 2]) == [0, 2])
    #expect(winners(0.75, [0, 0, 0, 0]) == [0, 1, 2])
    #expect(winners(1, [3, 1, 2, 0]) == [0, 1, 2, 3])
  }
}
