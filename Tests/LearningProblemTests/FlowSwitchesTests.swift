import Foundation
import LearningProblem
import MaskedDMFT
import TestSupport
import Testing

/// Persistent switches of a flow, whose density is a function of the time. `[schedule.rates]`
@Suite("Switches in continuous time")
struct FlowSwitchesTests {
  private static func law(
    _ density: any ScheduleShape, time: Double, duration: Double, steps: Int
  ) throws -> any SwitchLaw {
    try PersistentMask(density: .varying(density), .time(time)).law(
      on: TimeGrid(ofFlow: duration / Double(steps), steps: steps, duration: duration))
  }

  /// The correlation of the switches at the ends.
  private static func correlation(_ law: any SwitchLaw, steps: Int) throws -> Double {
    try (1...steps).reduce(1) { try $0 * #require(law.correlation(into: $1)) }
  }

  @Test("by hand: b = 0.2 + 0.1 t")
  func byHand() throws {
    let line = PiecewiseLinear(times: [0, 2], values: [0.2, 0.4])
    let law = try Self.law(line, time: 1, duration: 2, steps: 20)
    let r = try (1...10).reduce(1.0) { try $0 * #require(law.correlation(into: $1)) }
    #expect(abs(r - 0.0260122949) < 1e-9)
    // One step: off switches go on with 1 - P(stays off).
    let step = try #require(law.correlation(into: 1))
    let kept = 1.05 * pow(1 / 1.05, 10)
    #expect(abs(step - kept) < 1e-9)
    #expect(abs(law.probabilityOn(step: 1, memory: false) - (0.21 - 0.2 * kept)) < 1e-9)
    #expect(abs(law.probabilityOn(step: 1, memory: true) - (0.21 + 0.8 * kept)) < 1e-9)
    #expect(law.density(at: 20) == 0.4 && law.density(at: 0) == 0.2)
  }

  static let shapes: [any ScheduleShape] = [
    ExponentialApproach(initial: 0.9, final: 0.2, rate: 1),
    ExponentialApproach(initial: 0.2, final: 0.7, rate: 0.3),
    CosineDecay(initial: 0.3, final: 0.6), PowerDecay(initial: 1, timescale: 0.5),
  ]

  @Test("a step is the product of its halves", arguments: shapes.indices)
  func halves(index: Int) throws {
    let found = try [10, 20].map { steps in
      try Self.correlation(
        Self.law(Self.shapes[index], time: 0.7, duration: 2, steps: steps), steps: steps)
    }
    #expect(abs(found[0] / found[1] - 1) < 1e-6, "\(found)")
  }

  /// r_t = (b_t - η/τ)/b_t-1, extrapolated to η = 0.
  @Test("the limit of the discrete rule")
  func limit() throws {
    let flow = try Self.correlation(
      Self.law(
        ExponentialApproach(initial: 0.9, final: 0.2, rate: 1), time: 2, duration: 1, steps: 10),
      steps: 10)
    let discrete = try [1000, 2000, 4000].map { steps in
      let eta = 1 / Double(steps)
      let mask = PersistentMask(
        density: .varying(ExponentialApproach(initial: 0.9, final: 0.2, rate: eta)), .time(2))
      let law = try mask.law(on: TimeGrid(learningRate: .constant(eta), steps: steps + 1))
      return try Self.correlation(law, steps: steps)
    }
    let limit = (8 * discrete[2] - 6 * discrete[1] + discrete[0]) / 3
    #expect(abs(flow - limit) < 1e-8, "\(flow), \(limit) from \(discrete)")
    #expect(abs(discrete[2] - limit) > 1e-6)
  }

  @Test("a density that falls at once thins the switches that are on")
  func fall() throws {
    let law = try Self.law(
      PiecewiseConstant(times: [0, 0.7], values: [0.8, 0.2]), time: 1e9, duration: 1, steps: 10)
    #expect(abs(law.probabilityOn(step: 7, memory: true) - 0.25) < 1e-6)
    #expect(law.probabilityOn(step: 7, memory: false) < 1e-6)
    #expect(law.density(at: 6) == 0.8 && law.density(at: 7) == 0.2)
  }

  @Test("a density that stands still is that of the chain with rates")
  func constant() throws {
    let line = try Self.law(
      PiecewiseLinear(times: [0], values: [0.4]), time: 1.5, duration: 1, steps: 4)
    let number = try PersistentMask(density: 0.4, time: 1.5).law(
      on: TimeGrid(ofFlow: 0.25, steps: 4, duration: 1))
    let (r, exact) = try (
      #require(line.correlation(into: 3)), #require(number.correlation(into: 3))
    )
    #expect(abs(r - exact) < 1e-12)
  }

  static let refused: [(any ScheduleShape, [String])] = [
    (
      PiecewiseLinear(times: [0, 1, 2], values: [0.2, 0.2, 0.9]),
      ["density", "a rise from 0.2", "between the times 1.0 and", "at most to 0.2", "1/persis"]
    ),
    (
      PiecewiseConstant(times: [0, 1], values: [0.2, 0.3]),
      ["a rise from 0.2 to 0.3", "and 1.0", "at most to"]
    ),
  ]

  @Test("a rise faster than switches go on is refused", arguments: refused.indices)
  func rises(index: Int) throws {
    let (shape, words) = Self.refused[index]
    do {
      _ = try Self.law(shape, time: 2, duration: 2, steps: 20)
      Issue.record("taken")
    } catch let error as Mismatch {
      for word in words { #expect("\(error)".contains(word), "\(error)") }
    }
    _ = try Self.law(
      PiecewiseLinear(times: [0, 1, 2], values: [0.2, 0.2, 0.4]), time: 2, duration: 2, steps: 20)
  }

  // MARK: Files

  private static func yaml(_ density: String) -> String {
    """
    data: {kind: two-clusters, variance: 0.5}
    samples_per_weight: 2
    start: {variance: 0.1}
    time: {kind: flow, duration: 2.1, step: 0.3}
    weight_mask: {kind: independent, density: \(density)}
    """
  }

  private static func table(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try body(yaml("{kind: table, path: \(path), column: p, time_column: t}"))
  }

  @Test("a table has lines between its times; values hold from times on, rounded or not")
  func files() throws {
    func densities(_ yaml: String) throws -> [Double] {
      let problem = try ProblemFile(yaml: yaml).problem
      let density = try #require(problem.rule.weightMask.switchDensity)
      return problem.grid.valuesWithLast(of: density)
    }
    try Self.table("t,p\n0,1\n0.6,0.4\n2.1,0.9\n") { yaml in
      for (found, exact) in zip(
        try densities(yaml), [1, 0.7, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
      { #expect(abs(found - exact) < 1e-12) }
    }
    // 7 x 0.3 is less than 2.1, 3 x 0.3 less than 0.9.
    let steps = try densities(Self.yaml("{kind: piecewise, times: [0, 0.9], values: [0.3, 0.6]}"))
    #expect(steps == [0.3, 0.3, 0.3, 0.6, 0.6, 0.6, 0.6, 0.6])
    for step in [1.0 / 3, 0.1, 0.7] {
      let grid = TimeGrid(ofFlow: step, steps: 30, duration: 30 * step)
      for place in 1..<30 {
        let time = (Double(place) * step).nextUp
        let jump = PiecewiseConstant(times: [0, time], values: [1, 0.5])
        #expect(grid.value(of: .varying(jump), at: place) == 0.5)
        #expect(grid.value(of: .varying(jump), at: place - 1) == 1)
      }
    }
  }

  @Test("bad tables and densities are named")
  func badFiles() throws {
    func message(_ yaml: String) -> String {
      do {
        try ProblemFile(yaml: yaml).problem.validate()
        return "taken"
      } catch { return "\(error)" }
    }
    func expect(_ yaml: String, _ words: [String]) {
      let message = message(yaml)
      for word in words { #expect(message.contains(word), "\(message)") }
    }
    try Self.table("t,p\n0,1\n0.6,0.4\n0.3,0.9\n") {
      expect($0, ["time_column", "0.3 after 0.6", "times that ascend from 0"])
    }
    try Self.table("t,p\n0.3,1\n0.6,0.4\n") { expect($0, ["time_column", "0.3 first"]) }
    try Self.table("t,p\n0,1\n0.5,0.4\n") {
      expect($0, ["weight_mask.density", "times with 0.5, between two results", "such as 0.6"])
    }
    try Self.table("t,p\n0,1\n0.6,0.4\n") {
      expect(
        $0.replacingOccurrences(of: ", time_column: t", with: ""),
        ["weight_mask.density", "name its time_column"])
    }
    expect(
      Self.yaml("{kind: piecewise, times: [0, 0.5], values: [0.3, 0.6]}"),
      ["weight_mask.density", "times with 0.5, between two results", "such as 0.6"])
    expect(
      Self.yaml("{kind: cosine, initial: 1, final: 0}"),
      ["weight_mask.density", "0.0 at time 2.1", "0.0 < x <= 1.0"])
    expect(
      Self.yaml("{kind: piecewise, steps: [0, 3], values: [0.3, 0.6]}"),
      ["weight_mask.density", "is of steps, where a flow wants times"])
  }
}
