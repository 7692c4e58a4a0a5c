/// An objective with room for its arguments and derivatives, to evaluate sample after sample.
public struct SampleEvaluator: Sendable {
  private let objective: any Objective
  /// h, K.
  public var fields: [Double]
  /// a, what the samples share.
  public var readout: [Double]
  /// ∂Λ/∂h_k at the last sample, K.
  public private(set) var gradient: [Double]
  /// ∂²Λ/∂h_k∂h_l, K x K row-major.
  public private(set) var hessian: [Double]
  /// ∂Λ/∂a.
  public private(set) var readoutGradient: [Double]

  /// Prepares the evaluation with a readout of `objective.readoutCount` numbers.
  public init(_ objective: any Objective, readout: [Double]) {
    precondition(
      readout.count == objective.readoutCount,
      "a readout of \(readout.count) numbers where \(objective.readoutCount) are taken")
    self.objective = objective
    self.readout = readout
    fields = [Double](repeating: 0, count: objective.hiddenUnits)
    gradient = fields
    hessian = [Double](repeating: 0, count: fields.count * fields.count)
    readoutGradient = [Double](repeating: 0, count: readout.count)
  }

  /// Λ and its derivatives at the fields.
  public mutating func evaluate(label: Double) -> ObjectiveValue {
    Self.evaluate(objective, label, fields, readout, &gradient, &hessian, &readoutGradient)
  }

  /// Λ and the margin at the fields, without derivatives.
  public func answer(label: Double) -> ObjectiveAnswer {
    objective.answer(label: label, fields: fields.span, readout: readout.span)
  }

  private static func evaluate(
    _ objective: any Objective, _ label: Double, _ fields: [Double], _ readout: [Double],
    _ gradient: inout [Double], _ hessian: inout [Double], _ readoutGradient: inout [Double]
  ) -> ObjectiveValue {
    var g = gradient.mutableSpan
    var h = hessian.mutableSpan
    // An empty array has no storage of its own: to borrow it would allocate.
    guard !readout.isEmpty else {
      var none = MutableSpan<Double>()
      return objective.evaluate(
        label: label, fields: fields.span, readout: readout.span, gradient: &g, hessian: &h,
        readoutGradient: &none)
    }
    var a = readoutGradient.mutableSpan
    return objective.evaluate(
      label: label, fields: fields.span, readout: readout.span, gradient: &g, hessian: &h,
      readoutGradient: &a)
  }
}
