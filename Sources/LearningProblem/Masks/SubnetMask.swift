/// A coherent path learns: some inputs, through some hidden units, to the output.
/// `[mask.structure]`
///
/// The weights between the chosen inputs and the chosen hidden units may change, and these units'
/// readout if it is learned.
public struct SubnetMask: WeightMask {
  public static let kind = "subnet"
  public static let summary = "only weights from some inputs to some hidden units may change"
  public static let parameters = [inputsKey, unitsKey, RedrawParameter.key, UnitSeed.key]
  static let inputsKey = Parameter(
    "inputs", .number(.leftOpen(0, 1)), "fraction of the inputs in the subnet", default: "1")
  static let unitsKey = Parameter(
    "units", .number(.leftOpen(0, 1)),
    "fraction of the hidden units in the subnet, rounded to whole units, at least one")

  private let inputs: RedrawnSwitches
  public let units: UnitSelection
  public var sharesInputs: Bool { true }

  /// Creates the mask; inputs and units are drawn anew every `period` steps, or once if it is nil.
  public init(inputs: Double = 1, units: Double, period: Int? = 1, seed: UInt64 = 1) {
    precondition(units > 0 && units <= 1, "units must lie in (0, 1], got \(units)")
    self.inputs = RedrawnSwitches(density: inputs, period: period)
    self.units = .randomFraction(units, period: period, seed: seed)
  }

  public func switches(on grid: TimeGrid) -> any SwitchLaw { inputs }

  public init(from section: Section) throws {
    self.init(
      inputs: try section.number(Self.inputsKey), units: try section.number(Self.unitsKey),
      period: try RedrawParameter.period(from: section), seed: try UnitSeed.read(from: section))
  }
}
