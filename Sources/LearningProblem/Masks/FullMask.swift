/// Every site is on at every step.
public struct FullMask: Mask {
  public static let kind = "full"
  public static let summary = "always on"
  public static let parameters: [Parameter] = []

  public let density: Schedule = 1.0

  /// Creates the mask.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func law(on grid: TimeGrid) -> any SwitchLaw { AlwaysOn() }
}

/// A switch that is always on.
public struct AlwaysOn: SteadySwitchLaw {
  public let density = 1.0
  public let correlation: Double? = 0

  /// Creates the law.
  public init() {}

  public func probabilityOn(step: Int, memory: Bool) -> Double { 1 }
  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { false }
}
