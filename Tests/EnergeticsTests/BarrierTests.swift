import Energetics
import Foundation
import Testing

@Suite("Height of the barrier [bounds.barrier]")
struct BarrierTests {
  let memory = PublishedNumbersTests.memory

  private func barrier(_ gamma: Double, at update: Int) -> Double {
    LearningInMemory(memory: memory, schedule: PolynomialSchedule(gamma: gamma))
      .barrierInUnitsOfKT(at: update)
  }

  @Test("gamma 0.5", arguments: [(10, 4.147025), (1000, 11.05478), (100_000, 17.96254)])
  func published(update: Int, height: Double) {
    #expect(distance(barrier(0.5, at: update), height) < 1e-6)
  }

  @Test("the first barrier is Landauer's kT ln 2")
  func first() {
    let model = LearningInMemory(memory: memory, schedule: PolynomialSchedule(gamma: 0.5))
    let landauer = LandauerBound.energyJoules(erasedBits: 1, temperature: 298)
    #expect(distance(model.barrierJoules(at: 1), landauer) < 1e-12)
  }

  /// r = 2 e^-E (1 - e^-x)/(1 + e^-x) must give back the rate, and the two flows their mean.
  @Test("the rate flows across the barrier", arguments: [0.01, 0.7, 3, 40])
  func flow(drive: Double) {
    for rate in [1e-6, 0.003, 0.01] {
      let height = BarrierHeight.inUnitsOfKT(logarithmOfRate: log(rate), drive: drive)
      let above = 2 * exp(-height) / (1 + exp(-drive))
      let below = above * exp(-drive)
      #expect(distance(above - below, rate) < 1e-12)
      #expect(distance(above + below, 2 * exp(-height)) < 1e-12)
    }
  }

  @Test("late barriers are kT ln(n^(1/2 + γ)/δ)")
  func late() {
    for gamma in [0, 0.5, 2] {
      let model = LearningInMemory(
        memory: memory, schedule: PolynomialSchedule(gamma: gamma, updates: .max))
      let n = 1_000_000_000_000_000
      let expected = (0.5 + gamma) * log(1e15) + log(65536)
      #expect(abs(model.barrierInUnitsOfKT(at: n) - expected) < 1e-6)
    }
  }

  /// The paper's calibration: with r_n = 1/√n the barrier must end at kT ln(1/δ), Eq. A.9.
  @Test("with rates 1/√n the barrier ends at the retention barrier")
  func calibration() {
    let n = 1e15
    let height = BarrierHeight.inUnitsOfKT(
      logarithmOfRate: -0.5 * log(n), drive: memory.inversePrecision / n.squareRoot())
    #expect(abs(height - memory.retentionBarrierJoules / memory.thermalEnergyJoules) < 1e-6)
  }

  @Test("barriers rise with the update and with gamma")
  func monotonic() {
    for (n, next) in [(1, 2), (2, 10), (10, 1000), (1000, 1_000_000)] {
      for gamma in [0.1, 1, 10] {
        #expect(barrier(gamma, at: next) > barrier(gamma, at: n))
        #expect(barrier(gamma + 0.1, at: next) > barrier(gamma, at: next))
      }
    }
  }

  @Test("where nothing is written the barrier is infinite; a weak drive has none")
  func extremes() {
    let model = LearningInMemory(
      memory: memory,
      schedule: MeasuredSchedule(
        rates: [0, 0.5, 0], variances: [0, 1, 1], lastLearningRate: 1))
    #expect(model.barrierInUnitsOfKT(at: 1) == .infinity)
    #expect(model.barrierInUnitsOfKT(at: 3) == .infinity)
    #expect(abs(model.barrierInUnitsOfKT(at: 2) - log(4)) < 1e-12)
    #expect(BarrierHeight.inUnitsOfKT(logarithmOfRate: 0, drive: 0) == -.infinity)
    #expect(BarrierHeight.inUnitsOfKT(logarithmOfRate: 0, drive: 0.1) < 0)
    // Rates that no Double holds.
    let fast = LearningInMemory(memory: memory, schedule: PolynomialSchedule(gamma: 1000))
    #expect(distance(fast.barrierInUnitsOfKT(at: 10), log(2) + 1001 * log(10)) < 1e-12)
  }

  @Test("the first write costs 65536 kT, the hundredth a tenth of it [bounds.drive]")
  func drive() {
    let model = LearningInMemory(memory: memory, schedule: PolynomialSchedule(gamma: 2))
    let kT = PublishedNumbersTests.kT
    #expect(distance(model.driveJoules(at: 1), 65536 * kT) < 1e-12)
    #expect(distance(model.driveJoules(at: 100), 6553.6 * kT) < 1e-12)
    let fast = LearningInMemory(memory: memory, schedule: ExponentialSchedule(gamma: 2))
    #expect(distance(fast.driveJoules(at: 100), 655.36 * kT) < 1e-12)
  }
}
