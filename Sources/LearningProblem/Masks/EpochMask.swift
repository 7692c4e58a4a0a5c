/// Every sample is used exactly once per epoch of 1/b steps, at a random step of it. `[mask.epoch]`
public struct EpochMask: Mask, SwitchLaw {
  public static let kind = "epoch"
  public static let summary = "exactly once per epoch of 1/density steps, 1/density an integer"
  public static let parameters = [densityParameter]

  /// 1/b, the steps of an epoch.
  public let epochSteps: Int
  public var density: Double { 1 / Double(epochSteps) }
  public let correlation: Double? = nil

  /// Creates the mask with epochs of `epochSteps` >= 1 steps.
  public init(epochSteps: Int) {
    precondition(epochSteps >= 1, "an epoch has at least one step, got \(epochSteps)")
    self.epochSteps = epochSteps
  }

  public init(from section: Section) throws {
    let density = try section.number(densityParameter)
    let steps = (1 / density).rounded()
    guard abs(1 / density - steps) < 1e-6 * steps else {
      throw section.problem(
        "density", found: "\(density)",
        allowed: "1 divided by an integer (1, 0.5, 0.25, 0.2, ...), so that an epoch is whole steps"
      )
    }
    self.init(epochSteps: Int(steps))
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
