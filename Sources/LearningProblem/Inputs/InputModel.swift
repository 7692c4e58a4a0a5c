/// How the inputs differ from each other: in variance, and in how much of the signal they carry.
/// `[inputs.model]`
public protocol InputModel: Ingredient {
  /// The groups of inputs with P = `directions` signal directions and clusters of `probabilities`;
  /// nil where all are alike.
  ///
  /// Throws a `Mismatch` about a key of the model without the name of its section.
  func groups(directions: Int, probabilities: [Double]) throws(Mismatch) -> InputGroups?
}

extension InputModel {
  /// The key that models with groups share.
  static var basisKey: Parameter {
    Parameter(
      "basis", .choice(InputGroups.Basis.allCases.map(\.rawValue)),
      "inputs: the groups are of inputs, on which masks act; axes: of principal axes, in a generic "
        + "direction to the inputs", default: InputGroups.Basis.inputs.rawValue)
  }

  /// The basis that a section names.
  static func basis(_ section: Section) throws -> InputGroups.Basis {
    InputGroups.Basis(rawValue: try section.choice(basisKey)) ?? .inputs
  }
}

/// Inputs that all have the same variance and as much of the signal.
public struct AlikeInputs: InputModel {
  public static let kind = "alike"
  public static let summary = "all inputs have the same variance"
  public static let parameters: [Parameter] = []

  /// Creates the model.
  public init() {}

  public init(from section: Section) throws {}

  public func groups(directions: Int, probabilities: [Double]) -> InputGroups? { nil }
}
