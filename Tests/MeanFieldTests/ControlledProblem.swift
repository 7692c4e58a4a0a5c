import LearningProblem
import MeanField
import Observables
import TestSupport

/// A problem whose every control may be changed at every step, for differences. Closed sites.
struct ControlledProblem {
  /// All but the controls.
  var setup: Setup
  var rates: [Double]
  var decays: [Double]
  /// b and r; nil leaves the mask of the setup.
  var samples: Chain?
  /// p and ρ; nil leaves the mask of the setup.
  var weights: Chain?

  /// Switches whose densities and correlations are given at every step.
  struct Chain {
    var densities: [Double]
    var correlations: [Double]
    /// What correlations follow from instead; nil if they are as given.
    var timeConstant: Double?
  }

  /// The problem.
  var problem: Problem {
    var setup = setup
    setup.parts.timing = .steps(
      rates.count, learningRate: .varying(TabulatedSchedule(rates)))
    setup.parts.rule.weightDecay = .varying(TabulatedSchedule(decays))
    if let samples {
      setup.sampleMask =
        samples.timeConstant.map {
          PersistentMask(
            density: .varying(TabulatedSchedule(samples.densities)), .time($0))
        } ?? ChainMask(samples)
    }
    if let weights {
      setup.weightMask =
        weights.timeConstant.map {
          PersistentMask(
            density: .varying(TabulatedSchedule(weights.densities)), .time($0))
        } ?? ChainMask(weights)
    }
    return setup.problem
  }

  /// The values of sums of observables.
  func values(_ sums: [ObservedSum]) throws -> [Double] {
    let settings = TheorySettings(sites: .closed, history: .all)
    let curves = try MeanFieldSolver(problem, settings).solve().curves
    return sums.map { sum in
      sum.terms.reduce(0) {
        $0 + $1.coefficient * curves.named($1.observable).estimates[$1.step].value
      }
    }
  }

  private typealias Rule = [(shift: Double, weight: Double)]
  private static let central: Rule = [
    (-2, 0.25 / 3), (-1, -2.0 / 3), (1, 2.0 / 3), (2, -0.25 / 3),
  ]
  private static let below: Rule = [
    (0, 6.25 / 3), (-1, -4.0), (-2, 3.0), (-3, -4.0 / 3), (-4, 0.25),
  ]

  /// Derivatives of sums by one control at each step, [sum][step], of fourth order in differences
  /// of 0.2 % of the value; from below only where the value is 1, of 0.01 %: noise is added to
  /// lengths that are almost 0 there.
  func differences(
    _ sums: [ObservedSum], _ control: WritableKeyPath<ControlledProblem, [Double]>
  ) throws -> [[Double]] {
    var columns = [[Double]]()
    for step in self[keyPath: control].indices {
      let value = self[keyPath: control][step]
      let h = value == 1 ? 1e-4 : 2e-3 * value
      let rule = value == 1 ? Self.below : Self.central
      var column = sums.map { _ in 0.0 }
      for (shift, weight) in rule {
        var moved = self
        moved[keyPath: control][step] += shift * h
        for (index, value) in try moved.values(sums).enumerated() {
          column[index] += weight * value / h
        }
      }
      columns.append(column)
    }
    return sums.indices.map { index in columns.map { $0[index] } }
  }
}

/// A mask of which the user gives density and correlation at every step: for tests.
struct ChainMask: Mask, WeightMask {
  static let kind = "chain"
  static let summary = "a chain whose densities and correlations are given"
  static let parameters: [Parameter] = []

  private let chain: ControlledProblem.Chain

  init(_ chain: ControlledProblem.Chain) { self.chain = chain }

  init(from section: Section) throws { preconditionFailure("not in files") }

  var density: Schedule { .varying(TabulatedSchedule(chain.densities)) }

  func law(on grid: TimeGrid) -> any SwitchLaw { Law(chain: chain) }

  private struct Law: SwitchLaw {
    let chain: ControlledProblem.Chain

    func density(at step: Int) -> Double {
      chain.densities[min(step, chain.densities.count - 1)]
    }

    var isFull: Bool { chain.densities.allSatisfy { $0 == 1 } }

    var correlation: Double? { chain.correlations.allSatisfy { $0 == 0 } ? 0 : nil }

    func correlation(into step: Int) -> Double? {
      chain.correlations[min(step, chain.correlations.count - 1)]
    }

    func probabilityOn(step: Int, memory: Bool) -> Double { preconditionFailure("closed sites") }

    func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { isOn }
  }
}
