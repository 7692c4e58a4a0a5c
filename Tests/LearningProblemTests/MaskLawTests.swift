import LearningProblem
import NumericalKit
import TestSupport
import Testing

/// The contract of `SwitchLaw` on every entry of the catalogue, by simulation.
///
/// Bounds are 5 standard errors; with about 1500 comparisons the level of false alarm is 9e-4.
@Suite struct MaskLawTests {
  static let sampleKinds = Additions.catalogue.sampleMasks.map { $0.kind }
  static let weightKinds = Additions.catalogue.weightMasks.map { $0.kind }
  static let sites = 40_000
  static let steps = 12

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let law: any SwitchLaw
  }

  /// The laws of all masks, switches redrawn at other times, and switches whose density changes.
  static let cases =
    sampleKinds.map {
      Case(testDescription: $0, law: problem("sample_mask", $0).dynamics.sampleSwitches)
    }
    + weightKinds.map {
      Case(
        testDescription: "\($0) weights",
        law: problem("weight_mask", $0).dynamics.weightSwitches)
    }
    + [3, nil].map {
      Case(
        testDescription: "redrawn every \($0 ?? 0)",
        law: RedrawnSwitches(density: 0.25, period: $0))
    }
    + [
      ("independent", 0), ("correlated", 0.5), ("alternating", -0.2),
    ].map { name, correlation in
      Case(testDescription: "\(name) with a schedule", law: scheduled(correlation))
    }
    + [
      Case(
        testDescription: "all on for some steps",
        law: scheduled(0.8, PiecewiseConstant(steps: [0, 4, 8], values: [0.4, 1, 0.5])))
    ]

  /// Switches whose density changes, from .3 to .8 unless told otherwise.
  private static func scheduled(
    _ correlation: Double,
    _ shape: any ScheduleShape = PiecewiseLinear(steps: [0, steps - 1], values: [0.3, 0.8])
  ) -> any SwitchLaw {
    let density = Schedule.varying(shape)
    let mask: any Mask =
      correlation == 0
      ? IndependentMask(density: density)
      : PersistentMask(density: density, .correlation(correlation))
    guard let law = try? mask.law(on: TimeGrid(learningRate: 1.0, steps: steps)) else {
      preconditionFailure("no law of correlation \(correlation)")
    }
    return law
  }

  private static let specimens = Specimens(
    Additions.catalogue,
    values: [
      "density": "0.25", "correlation": "0.6", "inputs": "0.25", "units": "0.5", "fraction": "0.5",
    ])

  /// A problem with a mask of the given kind.
  static func problem(_ key: String, _ kind: String) -> Setup { specimens.problem(key, kind) }

  /// paths[t][site]
  static func simulate(_ mask: any SwitchLaw) -> [[Double]] {
    var stream = RandomStream(seed: 1, purpose: .check)
    var memory = [Bool](repeating: false, count: sites)
    return (0..<steps).map { step in
      memory.indices.map { site in
        let probability = mask.probabilityOn(step: step, memory: memory[site])
        let isOn = stream.uniform() < probability
        memory[site] = mask.memory(after: step, memory: memory[site], isOn: isOn)
        return isOn ? 1 : 0
      }
    }
  }

  static func mean(_ x: [Double]) -> (value: Double, error: Double) {
    let mean = x.reduce(0, +) / Double(x.count)
    var squares = 0.0
    for value in x { squares += (value - mean) * (value - mean) }
    return (mean, squares.squareRoot() / Double(x.count))
  }

  @Test(arguments: cases)
  func densityIsThatOfTheLaw(_ example: Case) {
    for (step, path) in Self.simulate(example.law).enumerated() {
      let fraction = Self.mean(path)
      #expect(abs(fraction.value - example.law.density(at: step)) <= 5 * fraction.error)
    }
  }

  /// b (1 - b) of the earlier step times the correlations of the steps between; geometric for
  /// stationary chains. `[schedule.switch]`
  @Test(arguments: cases)
  func covarianceIsTheProductOfTheCorrelations(_ example: Case) {
    let law = example.law
    guard law.correlation(into: 1) != nil else { return }
    let paths = Self.simulate(law)
    for t in 0..<Self.steps {
      for s in 0...t {
        let (now, before) = (law.density(at: t), law.density(at: s))
        let products = Self.mean(zip(paths[t], paths[s]).map { ($0 - now) * ($1 - before) })
        var expected = before * (1 - before)
        for step in s..<t {
          let correlation = law.correlation(into: step + 1) ?? .nan
          if let common = law.correlation { #expect(common == correlation) }
          expected *= correlation
        }
        #expect(abs(products.value - expected) <= 5 * products.error, "steps \(t), \(s)")
      }
    }
  }

  /// P(on at t | on at s), counted. `[schedule.recall]`
  @Test(arguments: cases)
  func recallIsAConditionalProbability(_ example: Case) {
    let law = example.law
    guard law.recall(after: 0) != nil else { return }
    let paths = Self.simulate(law)
    var recall = SwitchRecall(law)
    for t in 0..<Self.steps {
      #expect(recall.time == t && recall.values[t] == 1)
      for s in 0..<t {
        let both = Self.mean(zip(paths[t], paths[s]).map { $0 * $1 })
        let expected = law.density(at: s) * recall.values[s]
        #expect(abs(both.value - expected) <= 5 * both.error + 1e-15, "steps \(t), \(s)")
      }
      recall.advance()
    }
  }

  /// Off switches go on with η/τ of the step before, whatever the density does. `[schedule.switch]`
  @Test func persistenceTimeIsThatOfOffSwitches() throws {
    func line(_ first: Double, _ last: Double) -> Schedule {
      .varying(PiecewiseLinear(steps: [0, 8], values: [first, last]))
    }
    let grid = TimeGrid(learningRate: line(0.1, 0.5), steps: 8)
    let law = try PersistentMask(density: line(0.5, 0.3), .time(4)).law(on: grid)
    for step in 1..<8 {
      let rate = 0.1 + 0.05 * Double(step - 1)
      #expect(abs(law.probabilityOn(step: step, memory: false) - rate / 4) < 1e-15)
    }
  }

  /// Constant within a period, and chance after it. `[mask.redrawn]`
  @Test func redrawnSwitchesKeepForAPeriod() {
    let paths = Self.simulate(RedrawnSwitches(density: 0.25, period: 3))
    for step in 1..<Self.steps {
      #expect((paths[step] == paths[step - 1]) == (step % 3 != 0), "step \(step)")
    }
    let frozen = Self.simulate(RedrawnSwitches(density: 0.25, period: nil))
    #expect(frozen.allSatisfy { $0 == frozen[0] })
  }

  /// What each mask shares, and between whom. `[mask.structure]`
  @Test func structureOfWeightMasks() {
    let shared = ["column", "subnet"]
    let selective = ["row", "subnet", "competitive-units"]
    for kind in Self.weightKinds {
      let mask = Self.problem("weight_mask", kind).weightMask
      #expect(mask.sharesInputs == shared.contains(kind), "\(kind)")
      #expect((mask.units != .all) == selective.contains(kind), "\(kind)")
    }
  }

  @Test func epochUsesEverySampleExactlyOnce() {
    let paths = Self.simulate(EpochSwitches(epochSteps: 4))
    for epoch in stride(from: 0, to: Self.steps, by: 4) {
      for site in 0..<Self.sites {
        #expect(paths[epoch..<epoch + 4].map { $0[site] }.reduce(0, +) == 1)
      }
    }
  }
}
