internal import Foundation

/// The height of an energy barrier across which a given rate flows.
///
/// Source: Chen et al., Eq. 8, whose fraction has the wrong sign.
public enum BarrierHeight {
  /// E/kT = ln[(2/r) tanh(ΔE/2kT)]. `[bounds.barrier]`
  ///
  /// `logarithmOfRate` is ln r <= 0 (+infinity returned for -infinity: nothing flows), `drive` is
  /// ΔE/kT >= 0. Negative where the drive is too weak for the rate, whatever the barrier.
  public static func inUnitsOfKT(logarithmOfRate: Double, drive: Double) -> Double {
    precondition(
      logarithmOfRate <= 0 && drive >= 0,
      "a rate e^\(logarithmOfRate) above 1, or a negative drive \(drive)")
    guard logarithmOfRate > -.infinity else { return .infinity }
    return log(2) - logarithmOfRate + log(tanh(drive / 2))
  }
}

extension LearningInMemory {
  /// E_n/kT, the barrier at update n >= 1; infinite where the schedule writes nothing.
  public func barrierInUnitsOfKT(at update: Int) -> Double {
    BarrierHeight.inUnitsOfKT(
      logarithmOfRate: schedule.logarithmOfRate(at: update),
      drive: memory.inversePrecision * schedule.learningRate(at: update))
  }

  /// E_n in joules.
  public func barrierJoules(at update: Int) -> Double {
    memory.thermalEnergyJoules * barrierInUnitsOfKT(at: update)
  }
}
