import Energetics
import Foundation
import Testing

@Suite("Bounds without a schedule")
struct SimpleBoundsTests {
  let memory = PublishedNumbersTests.memory
  let kT = PublishedNumbersTests.kT

  @Test("Landauer: 2.871e-21 J a bit at 300 K, linear in bits and temperature [bounds.landauer]")
  func landauer() {
    let bit = LandauerBound.energyJoules(erasedBits: 1, temperature: 300)
    #expect(distance(bit, 2.8709792e-21) < 1e-6)
    #expect(distance(bit, 1.380649e-23 * 300 * 0.693147180559945309) < 1e-12)
    #expect(
      distance(LandauerBound.energyJoules(erasedBits: 7, temperature: 600), 14 * bit) < 1e-12)
  }

  @Test("quasi-static training: 2 M D kT, unknown without samples [bounds.training]")
  func training() throws {
    let workload = Workload(operations: 1, parameters: 3e9, samples: 5e11)
    let energy = try #require(
      QuasiStaticTrainingBound.energyJoules(workload, temperature: 298))
    #expect(distance(energy, 2 * 3e9 * 5e11 * kT) < 1e-12)
    let unknown = Workload(operations: 1, parameters: 3e9)
    #expect(QuasiStaticTrainingBound.energyJoules(unknown, temperature: 298) == nil)
  }

  @Test("constant barrier: F and M count alike, P bits each at Landauer's limit [bounds.constant]")
  func constant() {
    let one = ConstantBarrierBound.energyJoules(
      Workload(operations: 2, parameters: 0), memory: memory)
    let other = ConstantBarrierBound.energyJoules(
      Workload(operations: 0, parameters: 2), memory: memory)
    #expect(one == other)
    let bits = LandauerBound.energyJoules(erasedBits: 32, temperature: 298)
    #expect(distance(one, bits) < 1e-12)
    let device = ConstantBarrierBound.energyJoules(
      Workload(operations: 1, parameters: 1), bits: 16, bitEnergyJoules: kT * log(2))
    #expect(distance(device, one) < 1e-12)
  }

  @Test("the memory: kT, δ and the barrier that keeps it [bounds.retention]")
  func thermalMemory() {
    #expect(distance(memory.thermalEnergyJoules, kT) < 1e-12)
    #expect(memory.inversePrecision == 65536)
    #expect(distance(memory.retentionBarrierJoules / kT, 11.0903548889591) < 1e-12)
    #expect(ThermalMemory.boltzmannJoulesPerKelvin == 1.380649e-23)
  }
}
