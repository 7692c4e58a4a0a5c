import Experiments
import Foundation
import LearningProblem
import MaskedDMFT
import Testing

/// Controls between bounds, protocols of them, and what the command line says about both.
struct ProtocolFamilyTests {
  private let rate = ControlVariable(
    key: "learning_rate", lower: 0.01, upper: 3, isConstant: false)
  private let density = ControlVariable(
    key: "weight_mask.density", lower: 0.2, upper: 0.9, isConstant: false)

  @Test func positionsRunFromBoundToBound() {
    for control in [rate, density] {
      #expect(control.value(at: 0) == control.lower && control.value(at: 1) == control.upper)
      for position in [0.1, 0.5, 0.95] {
        let value = control.value(at: position)
        #expect(abs(control.position(of: value) - position) < 1e-12)
        let difference = (control.value(at: position + 1e-6) - control.value(at: position - 1e-6))
        #expect(abs(control.slope(at: position) - difference / 2e-6) < 1e-6 * control.upper)
      }
      #expect(control.position(of: 100) == 1 && control.position(of: 0) == 0)
    }
    #expect(abs(rate.value(at: 0.5) - (0.01 * 3).squareRoot()) < 1e-12, "by powers")
    #expect(abs(density.value(at: 0.5) - 0.55) < 1e-12, "evenly")
  }

  /// The problem file reads a protocol as the family means it.
  @Test(arguments: [1, 2, 4, 12])
  func overridesAreTheProtocol(knots: Int) throws {
    let family = ProtocolFamily([rate, density], knots: knots, steps: 12)
    #expect(family.count == 2 * knots)
    let positions = (0..<family.count).map { 0.5 + 0.4 * sin(Double(3 * $0 + 1)) }
    let text = """
      data: {kind: two-clusters, variance: 0.5}
      samples_per_weight: 2
      start: {variance: 0.1}
      learning_rate: 0.2
      steps: 12
      weight_mask: {kind: independent, density: 0.5}
      """
    let file = try ProblemFile(yaml: text, overrides: family.overrides(positions))
    let dynamics = try Dynamics(file.problem)
    let (rates, densities) = (family.values(positions, 0), family.values(positions, 1))
    for step in 0..<12 {
      #expect(abs(dynamics.rate(at: step) - rates[step]) < 1e-15)
      #expect(abs(dynamics.weightSwitches.density(at: step) - densities[step]) < 1e-15)
    }
    #expect(rates[0] == rate.value(at: positions[0]))
    #expect(rates[11] == rate.value(at: positions[knots - 1]))
    // The closest protocol of the same family is itself.
    let again = family.positions { $0 == 0 ? rates[$1] : densities[$1] }
    for (old, new) in zip(positions, again) { #expect(abs(old - new) < 1e-12) }
  }

  /// Derivatives by positions against differences of Σ c_t v_t².
  @Test(arguments: [1, 3, 5, 9])
  func gradientsFollowTheChainRule(knots: Int) {
    let constant = ControlVariable(key: "update.beta", lower: 0, upper: 0.9, isConstant: true)
    let family = ProtocolFamily([rate, constant, density], knots: knots, steps: 9)
    #expect(family.count == 2 * knots + 1)
    let positions = (0..<family.count).map { 0.5 + 0.4 * sin(Double(5 * $0 + 2)) }
    func price(_ index: Int, _ step: Int) -> Double { cos(Double(7 * index + step)) }
    func objective(_ positions: [Double]) -> Double {
      (0..<3).reduce(0) { sum, index in
        sum
          + family.values(positions, index).enumerated().reduce(0) {
            $0 + price(index, $1.offset) * $1.element * $1.element
          }
      }
    }
    let derivatives = (0..<3).map { index in
      family.values(positions, index).enumerated().map { 2 * price(index, $0) * $1 }
    }
    let gradient = family.gradient(derivatives, at: positions)
    for index in positions.indices {
      var (above, below) = (positions, positions)
      above[index] += 1e-5
      below[index] -= 1e-5
      let difference = (objective(above) - objective(below)) / 2e-5
      #expect(abs(gradient[index] - difference) < 1e-7, "\(index)")
    }
  }

  private let file = """
    data: {kind: two-clusters, variance: 0.5}
    samples_per_weight: 2
    start: {variance: 0.1}
    learning_rate: {kind: power, initial: 0.4}
    weight_decay: 0.3
    steps: 12
    update: {kind: momentum, coefficient: 0.5}
    """

  private func variable(_ text: String, _ option: String = "--over") throws -> ControlVariable {
    try ControlRequest(parsing: text, option: option, isConstant: option == "--tune")
      .variable(in: ProblemFile(yaml: file))
  }

  @Test func boundsFitTheNumberInTheFile() throws {
    let rate = try variable("learning_rate")
    #expect(rate.lower == 0.004 && rate.upper == 4, "the largest of the schedule")
    let decay = try variable("weight_decay")
    #expect(decay.lower == 0 && decay.upper == 3)
    let coefficient = try variable("update.coefficient", "--tune")
    #expect(coefficient.lower == 0.01 && coefficient.upper == 0.99 && coefficient.isConstant)
    let exponent = try variable("learning_rate.exponent=-1:2", "--tune")
    #expect(exponent.lower == -1 && exponent.upper == 2)
  }

  @Test(
    arguments: [
      ("learning_rate=1", "allowed: KEY or KEY=LOWER:UPPER"),
      ("learning_rate=2:1", "found 'learning_rate=2:1'"), ("=1:2", "found '=1:2'"),
      ("learning_rate=0:1", "a bound of learning_rate at 0.0; allowed: a number > 0"),
      ("learning_rate=1:1e13", "of a size from 1e-12 to 1e12"),
      ("steps=1:2", "steps, which is no number of this problem's learning rule"),
      ("data.variance", "allowed: dropout.hidden, "), ("update.kind", "no number"),
      ("dropout.hidden", "--tune dropout.hidden"),
      ("weight_mask.density", "no number of this problem's learning rule"),
    ])
  func badControlsAreRefused(_ text: String, _ says: String) {
    do {
      _ = try variable(text)
      Issue.record("\(text) was read")
    } catch {
      #expect("\(error)".contains("--over") && "\(error)".contains(says), "\(error)")
    }
  }

  private func goal(
    minimise: String = "test_loss", energy: String? = nil, prices: [String] = [],
    budgets: [String] = [], target: String? = nil
  ) throws -> ProtocolGoal {
    try ProtocolGoal(
      minimise: minimise, energy: energy.map { try EnergySum(parsing: $0) }, prices: prices,
      budgets: budgets, target: target, step: nil)
  }

  @Test func goalsAreSums() throws {
    let sum = try goal(
      energy: "writes + 0.5*activity", prices: ["squared_change=0.02,energy=2"],
      budgets: ["energy=7", "writes=3"], target: "training_loss=0.1")
    #expect(
      sum.objective.map { [$0.name, "\($0.price)"] } == [
        ["test_loss", "1.0"], ["squared_change", "0.02"], ["writes", "2.0"], ["activity", "1.0"],
      ])
    #expect(sum.limits.map(\.name) == ["energy", "writes", "training_loss"])
    #expect(sum.limits.map(\.value) == [7, 3, 0.1])
    #expect(sum.limits[0].terms.map(\.price) == [1, 0.5])
  }

  @Test func badGoalsAreRefused() {
    func refused(_ says: String, _ body: () throws -> ProtocolGoal) {
      do {
        _ = try body()
        Issue.record("\(says) was read")
      } catch {
        #expect("\(error)".contains(says), "\(error)")
      }
    }
    refused("--minimise: found energy without --energy") { try goal(minimise: "energy") }
    refused("--price: found 'writes'") { try goal(prices: ["writes"]) }
    refused("--budget: found 'writes=-1'") { try goal(budgets: ["writes=-1"]) }
    refused("--budget: found ''") { try goal(budgets: ["writes=1,"]) }
    refused("--budget: found two limits of writes") { try goal(budgets: ["writes=1,writes=2"]) }
    refused("--target: found 'x'") { try goal(target: "x") }
  }
}
