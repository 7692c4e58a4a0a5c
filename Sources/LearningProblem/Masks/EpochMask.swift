/// Every sample is used exactly once per epoch of 1/b steps, at a random step of it. `[mask.epoch]`
public struct EpochMask: Mask {
  public static let kind = "epoch"
  public static let summary = "exactly once per epoch of 1/density steps, 1/density an integer"
  public static let parameters = [DensityParameter.constant]

  /// 1/b, the steps of an epoch.
  public let epochSteps: Int
  public var density: Schedule { .constant(1 / Double(epochSteps)) }

  /// Creates the mask with epochs of `epochSteps` >= 1 steps.
  public init(epochSteps: Int) {
    precondition(epochSteps >= 1, "an epoch has at least one step, got \(epochSteps)")
    self.epochSteps = epochSteps
  }

  public init(from section: Section) throws {
    let density = try section.number(DensityParameter.constant)
    let steps = (1 / density).rounded()
    guard abs(1 / density - steps) < 1e-6 * steps else {
      throw section.problem(
        "density", found: "\(density)",
        allowed: "1 divided by an integer (1, 0.5, 0.25, 0.2, ...), so that an epoch is whole steps"
      )
    }
    self.init(epochSteps: Int(steps))
  }

  public func law(on grid: TimeGrid) -> any SwitchLaw { EpochSwitches(epochSteps: epochSteps) }
}

/// A switch that is on exactly once in every epoch. `[mask.epoch]`
public struct EpochSwitches: SteadySwitchLaw {
  /// 1/b, the steps of an epoch.
  public let epochSteps: Int
  public var density: Double { 1 / Double(epochSteps) }
  public let correlation: Double? = nil

  /// Creates the law with epochs of `epochSteps` >= 1 steps.
  public init(epochSteps: Int) {
    precondition(epochSteps >= 1, "an epoch has at least one step, got \(epochSteps)")
    self.epochSteps = epochSteps
  }

  /// Never on twice in an epoch, and independent of other epochs. `[schedule.recall]`
  public func recall(after step: Int) -> Recall? {
    let isLast = step % epochSteps == epochSteps - 1
    return Recall(last: isLast ? 0 : -density, earlier: isLast ? 0 : 1)
  }

  /// The memory is whether the sample was already used in this epoch.
  public func probabilityOn(step: Int, memory: Bool) -> Double {
    let position = step % epochSteps
    return memory && position > 0 ? 0 : 1 / Double(epochSteps - position)
  }

  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool {
    step % epochSteps == epochSteps - 1 ? false : memory || isOn
  }
}
