/// Hidden units and inputs that a sample leaves out of a learning pass, drawn anew for every sample
/// and step. `[problem.dropout]`
///
/// What stays is scaled by 1/(1 - fraction), so that means are kept. The observables of a step are
/// those of the whole network.
public struct Dropout: Sendable, Equatable {
  /// 1 - q_h, the fraction of the hidden units left out, in [0, 1).
  public let hidden: Double
  /// 1 - q_x, the fraction of the inputs left out, in [0, 1).
  public let inputs: Double

  /// Creates the dropout; none by default.
  public init(hidden: Double = 0, inputs: Double = 0) {
    precondition(
      hidden >= 0 && hidden < 1 && inputs >= 0 && inputs < 1,
      "fractions must lie in [0, 1), got \(hidden) and \(inputs)")
    self.hidden = hidden
    self.inputs = inputs
  }

  /// Whether nothing is ever left out.
  public var isNone: Bool { hidden == 0 && inputs == 0 }

  static let hiddenKey = Parameter(
    "hidden", .number(.rightOpen(0, 1)), "fraction of the hidden units that a sample leaves out",
    default: "0")
  static let inputsKey = Parameter(
    "inputs", .number(.rightOpen(0, 1)), "fraction of the inputs that a sample leaves out",
    default: "0")
  /// Keys of `dropout` in the problem file.
  public static let parameters = [hiddenKey, inputsKey]

  init(from section: Section) throws {
    try section.refuseUnknownKeys(Self.parameters.map(\.name))
    self.init(
      hidden: try section.number(Self.hiddenKey), inputs: try section.number(Self.inputsKey))
  }
}
