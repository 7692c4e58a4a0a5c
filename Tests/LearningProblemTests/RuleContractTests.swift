import LearningProblem
import NumericalKit
import TestSupport
import Testing

/// The contract of `UpdateRule` on every entry of the catalogue, synapse by synapse.
@Suite struct RuleContractTests {
  static let kinds = Additions.catalogue.updates.map { $0.kind }
  private static let specimens = Specimens(Additions.catalogue, values: Specimens.ruleValues)

  /// The rule of the given kind, with typical parameters.
  static func rule(_ kind: String) -> any UpdateRule { specimens.problem("update", kind).update }

  static let gradients = [-2.31, -0.77, -0.123, -0.011, 0, 0.042, 0.31, 0.583, 1.91]
  static let memories = [-1.37, -0.21, 0, 0.08, 0.93]
  static let chances = [0.013, 0.29, 0.51, 0.87]
  static let thresholds = [0, 0.4, 1.3]

  /// ψ, what is written, and the memory left behind.
  struct Outcome: Equatable {
    var psi: Double
    var written: Double
    var memory: Double
    static prefix func - (x: Outcome) -> Outcome {
      Outcome(psi: -x.psi, written: -x.written, memory: -x.memory)
    }
  }

  static func apply(
    _ rule: any UpdateRule, _ gradient: Double, _ memory: Double, threshold: Double = 0,
    chance: Double = 0.5, rate: Double = 0.7, relativeRate: Double = 1
  ) -> Outcome {
    var memory = memory
    let step = UpdateStep(
      learningRate: rate, relativeRate: relativeRate, threshold: threshold, chance: chance)
    let change = rule.change(gradient: gradient, memory: &memory, in: step)
    return Outcome(psi: change.psi, written: change.written, memory: memory)
  }

  @Test(arguments: kinds)
  func oppositesDoTheOpposite(_ kind: String) {
    let rule = Self.rule(kind)
    for gradient in Self.gradients {
      for memory in Self.memories {
        let step = UpdateStep(learningRate: 0.7, relativeRate: 0.6)
        #expect(
          rule.score(gradient: gradient, memory: memory, in: step)
            == rule.score(gradient: -gradient, memory: -memory, in: step))
        for (threshold, chance) in zip(Self.thresholds + [0.7], Self.chances) {
          let here = Self.apply(rule, gradient, memory, threshold: threshold, chance: chance)
          let there = Self.apply(
            rule, -gradient, -memory, threshold: threshold, chance: 1 - chance)
          #expect(there == -here, "G \(gradient), memory \(memory), chance \(chance)")
        }
      }
    }
  }

  @Test(arguments: kinds)
  func nothingComesOfNothing(_ kind: String) {
    for chance in Self.chances + [1e-10, 1 - 1e-10] {
      let outcome = Self.apply(Self.rule(kind), 0, 0, chance: chance)
      #expect(outcome == Outcome(psi: 0, written: 0, memory: 0))
    }
  }

  /// What a rule remembers is made of the gradients it has seen, each at most once.
  @Test(arguments: kinds)
  func memoryIsAtMostTheSumOfGradients(_ kind: String) {
    let rule = Self.rule(kind)
    var stream = RandomStream(seed: 1, purpose: .check)
    var (memory, seen) = (0.0, 0.0)
    for _ in 0..<1000 {
      let gradient = stream.normal() + 0.3
      seen += abs(gradient)
      let outcome = Self.apply(
        rule, gradient, memory, threshold: 2, chance: stream.uniform(), rate: 0.01)
      memory = outcome.memory
      #expect(abs(memory) <= seen && outcome.psi.isFinite)
    }
  }

  @Test(arguments: kinds)
  func onlyDeclaredInputsMatter(_ kind: String) {
    let rule = Self.rule(kind)
    var (byChance, byThreshold) = (false, false)
    for gradient in Self.gradients {
      for memory in Self.memories {
        let here = Self.apply(rule, gradient, memory)
        for chance in Self.chances {
          byChance = byChance || Self.apply(rule, gradient, memory, chance: chance) != here
        }
        for threshold in Self.thresholds {
          byThreshold =
            byThreshold || Self.apply(rule, gradient, memory, threshold: threshold) != here
        }
      }
    }
    #expect(byChance == rule.usesChance)
    #expect(byThreshold == (rule.winningFraction != nil))
  }

  /// A winner's score is above the threshold, a loser's is not: they change or do not.
  @Test(arguments: kinds)
  func whoeverIsAboveTheThresholdChanges(_ kind: String) {
    let rule = Self.rule(kind)
    guard let fraction = rule.winningFraction else { return }
    #expect(fraction == 0.3)
    for gradient in Self.gradients {
      for memory in Self.memories {
        for relative in [1, 0.6] {
          let step = UpdateStep(learningRate: 0.7, relativeRate: relative)
          let score = rule.score(gradient: gradient, memory: memory, in: step)
          func moves(above threshold: Double) -> Bool {
            Self.apply(rule, gradient, memory, threshold: threshold, relativeRate: relative).psi
              != 0
          }
          #expect(!moves(above: score))
          #expect(moves(above: score.nextDown) == (score > 0))
        }
      }
    }
  }

  /// Linear rules are the plain rule; the others differ from it somewhere.
  @Test(arguments: kinds)
  func linearMeansPlain(_ kind: String) {
    let rule = Self.rule(kind)
    var isPlain = true
    for gradient in Self.gradients {
      for memory in Self.memories {
        let plain = Outcome(psi: gradient, written: gradient, memory: memory)
        isPlain = isPlain && Self.apply(rule, gradient, memory, threshold: 0.4) == plain
      }
    }
    #expect(isPlain == rule.isLinear)
  }

  /// Caching and error feedback postpone, they do not forget: the memory is what is still owed.
  /// `[update.caching]` `[update.feedback]`
  @Test func nothingIsLost() {
    for rule in [CachingUpdate(threshold: 0.4, decay: 0.1), ErrorFeedbackUpdate(fraction: 0.3)]
      as [any UpdateRule]
    {
      var stream = RandomStream(seed: 2, purpose: .check)
      var (memory, owed, writes) = (0.0, 0.0, 0)
      for _ in 0..<100 {
        let gradient = stream.normal()
        let outcome = Self.apply(rule, gradient, memory, threshold: 1.5, rate: 0.3)
        memory = outcome.memory
        owed += (rule is CachingUpdate ? outcome.psi : gradient) - outcome.written
        if outcome.written != 0 { writes += 1 }
        #expect(abs(memory - owed) < 1e-12)
      }
      #expect(writes > 5 && writes < 70)
    }
  }

  /// Clip keeps what soft-threshold removes. `[update.rules]`
  @Test func clipAndSoftThresholdAddUpToPlain() {
    for gradient in Self.gradients {
      let clipped = Self.apply(ClipUpdate(threshold: 0.5), gradient, 0).psi
      let shrunk = Self.apply(SoftThresholdUpdate(threshold: 0.5), gradient, 0).psi
      #expect(abs(clipped + shrunk - gradient) < 1e-15)
    }
  }

  /// By hand: η 0.7, θ 0.15, δ 0.2. `[update.caching]`
  @Test func cachingByHand() {
    let rule = CachingUpdate(threshold: 0.15, decay: 0.2)
    // 0.8 · 0.1 + 0.1 = 0.18 and 0.7 · 0.18 < 0.15; the weight moves by the loss as well.
    let kept = Self.apply(rule, 0.1, 0.1)
    #expect(abs(kept.psi - 0.08) < 1e-15 && kept.written == 0 && abs(kept.memory - 0.18) < 1e-15)
    // 0.8 · 0.1 + 0.2 = 0.28 and 0.7 · 0.28 > 0.15.
    let written = Self.apply(rule, 0.2, 0.1)
    #expect(abs(written.psi - 0.18) < 1e-15 && abs(written.written - 0.28) < 1e-15)
    #expect(written.memory == 0)
  }

  /// At a step a rule is the rule with the numbers of this step; before, it is not a number.
  /// `[schedule.rules]`
  @Test func numbersOfAStep() {
    func line(_ first: Double, _ last: Double) -> Schedule {
      .varying(PiecewiseLinear(steps: [0, 10], values: [first, last]))
    }
    let grid = TimeGrid(learningRate: 0.7, steps: 10)
    let pairs: [(any UpdateRule, any UpdateRule)] = [
      (ClipUpdate(threshold: line(0.1, 0.6)), ClipUpdate(threshold: 0.3)),
      (SoftThresholdUpdate(threshold: line(0.1, 0.6)), SoftThresholdUpdate(threshold: 0.3)),
      (MomentumUpdate(coefficient: line(0.1, 0.6)), MomentumUpdate(coefficient: 0.3)),
      (
        CachingUpdate(threshold: line(0.1, 0.6), decay: line(0.5, 0)),
        CachingUpdate(threshold: 0.3, decay: 0.3)
      ),
    ]
    for (rule, expected) in pairs {
      let settled = rule.settled(at: 4, on: grid)
      for gradient in Self.gradients {
        for memory in Self.memories {
          let (here, there) = (
            Self.apply(settled, gradient, memory), Self.apply(expected, gradient, memory)
          )
          #expect(abs(here.psi - there.psi) < 1e-15 && abs(here.memory - there.memory) < 1e-15)
          #expect(abs(here.written - there.written) < 1e-15, "\(rule.kind)")
        }
      }
      #expect(!rule.schedules.isEmpty && settled.schedules.allSatisfy { $0.schedule.isConstant })
    }
    for rule in [
      TopFractionUpdate(fraction: line(0.1, 0.6)), ErrorFeedbackUpdate(fraction: line(0.1, 0.6)),
    ] as [any UpdateRule] {
      #expect(abs((rule.settled(at: 4, on: grid).winningFraction ?? 0) - 0.3) < 1e-15)
      #expect(rule.winningFraction?.isNaN == true, "competition, whatever the number")
    }
  }

  /// c η_0 |memory|, which is c times the size of the transient part. `[observable.upkeep]`
  @Test func upkeepByHand() {
    let rule = CachingUpdate(threshold: 0.4, transientCost: 0.5)
    #expect(rule.hasUpkeep && abs(rule.upkeep(of: -0.3, firstRate: 0.2) - 0.03) < 1e-15)
    #expect(!CachingUpdate(threshold: 0.4).hasUpkeep && !PlainUpdate().hasUpkeep)
  }

  /// 0.7 · 2 + 1. `[update.momentum]`
  @Test func momentumByHand() {
    let outcome = Self.apply(MomentumUpdate(coefficient: 0.7), 1, 2)
    #expect(abs(outcome.psi - 2.4) < 1e-15 && outcome.memory == outcome.psi)
  }
}
