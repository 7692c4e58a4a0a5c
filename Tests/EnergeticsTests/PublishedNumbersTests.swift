import Energetics
import Foundation
import Testing

/// Relative distance.
func distance(_ value: Double, _ expected: Double) -> Double { abs(value / expected - 1) }

@Suite("Published numbers, recomputed")
struct PublishedNumbersTests {
  /// 298 K, 16 bits.
  static let memory = ThermalMemory(temperature: 298, bits: 16)
  static let brain = Workload(operations: 1e28, parameters: 1e15)
  /// 1.380649e-23 J/K times 298 K, by hand.
  static let kT = 4.11433402e-21

  /// Chen et al., Fig. 6(B), with twelve digits (mpmath).
  @Test(
    "brain-scale learning in memory, infinitely many updates [bounds.polynomial] [bounds.schedule]",
    arguments: [
      (0.5, 1.69782293301e12), (2, 2.52741057932e12), (5, 2.68222430851e12),
      (10, 2.69597772712e12),
    ])
  func brainScale(gamma: Double, joules: Double) {
    let model = LearningInMemory(
      memory: Self.memory, schedule: PolynomialSchedule(gamma: gamma))
    #expect(distance(model.energyJoules(Self.brain), joules) < 1e-9)
  }

  @Test("brain-scale learning in memory, 100000 updates at gamma 0")
  func brainScaleFinite() {
    let model = LearningInMemory(
      memory: Self.memory, schedule: PolynomialSchedule(gamma: 0, updates: 100_000))
    #expect(distance(model.energyJoules(Self.brain), 5.81206959554e11) < 1e-9)
    let retention = 1e15 * Self.kT * 16 * 0.693147180559945309
    #expect(distance(model.retentionEnergyJoules(Self.brain), retention) < 1e-12)
    #expect(
      model.energyJoules(Self.brain)
        == model.writeEnergyJoules(Self.brain) + model.retentionEnergyJoules(Self.brain))
  }

  /// The numbers test (F kT/δ) alone: M adds 1e-15 of it. Here M is all there is.
  @Test("without operations only the barriers of the parameters remain [bounds.retention]")
  func retention() {
    let storage = Workload(operations: 0, parameters: 1e15)
    let model = LearningInMemory(memory: Self.memory, schedule: PolynomialSchedule(gamma: 1))
    let expected = 1e15 * Self.kT * 11.090354888959125
    #expect(distance(model.energyJoules(storage), expected) < 1e-12)
    #expect(
      distance(ConstantBarrierBound.energyJoules(storage, memory: Self.memory), expected) < 1e-12)
    #expect(distance(Self.memory.retentionBarrierJoules, Self.kT * log(65536)) < 1e-12)
  }

  @Test("GPT-3, to the printed digits")
  func gpt3() throws {
    let published = try #require(PublishedWorkload.all.first { $0.name == "GPT-3" })
    func energy(_ schedule: PolynomialSchedule) -> Double {
      LearningInMemory(memory: Self.memory, schedule: schedule).energyJoules(published.workload)
    }
    #expect(distance(energy(PolynomialSchedule(gamma: 0, updates: 100_000)), 1.825e7) < 1e-3)
    #expect(distance(energy(PolynomialSchedule(gamma: 10)), 8.465e7) < 1e-3)
    let constant = ConstantBarrierBound.energyJoules(published.workload, memory: Self.memory)
    #expect(distance(constant, 1.433e4) < 1e-3)
    #expect(published.reportedJoules == 1287 * 3.6e9)
  }

  @Test("brain-scale on devices of 1 fJ and 1 pJ a bit [bounds.device]")
  func device() {
    for (bit, joules) in [(1e-15, 1.6e14), (1e-12, 1.6e17)] {
      let energy = ConstantBarrierBound.energyJoules(Self.brain, bits: 16, bitEnergyJoules: bit)
      #expect(distance(energy, joules) < 1e-12)
    }
  }

  @Test("the seven workloads, and where between reported and estimated energy they stand")
  func workloads() {
    let table: [(String, Double, Double, Double)] = [
      ("T5", 11e9, 4.05e22, 85.7), ("Meena", 2.6e9, 1.12e23, 232),
      ("GShard-600B", 619e9, 1.33e22, 24.1), ("Switch Transformer", 1500e9, 8.22e22, 179),
      ("GPT-3", 175e9, 3.14e23, 1287), ("LaMDA", 137e9, 3.55e23, 451),
      ("brain-scale (extrapolated)", 1e15, 1e28, 2.78e7),
    ]
    #expect(PublishedWorkload.all.map(\.name) == table.map(\.0))
    let model = LearningInMemory(
      memory: Self.memory, schedule: PolynomialSchedule(gamma: 0, updates: 100_000))
    for (published, row) in zip(PublishedWorkload.all, table) {
      #expect(published.workload == Workload(operations: row.2, parameters: row.1))
      #expect(published.reportedJoules == row.3 * 3.6e9)
      let orders = log10(published.reportedJoules / model.energyJoules(published.workload))
      #expect(orders > 4.89 && orders < 5.41, "\(published.name): \(orders)")
    }
  }
}
