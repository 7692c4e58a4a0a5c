/// The weights from K hidden units to O outputs, which all samples share. `[network.readout]`
///
/// They are few, so each is a macroscopic number, updated by its own averaged gradient:
///   a(t+1) = a(t) - η_a (1/n) Σ_μ σ s_μ ∂Λ/∂a.
public struct Readout: Sendable, Equatable {
  /// a_ok(0) at o K + k.
  public let initial: [Double]
  /// η_a >= 0; 0 keeps the readout as it is.
  public let learningRate: Double

  /// Creates a readout; none by default.
  public init(_ initial: [Double] = [], learningRate: Double = 0) {
    precondition(
      learningRate >= 0 && initial.allSatisfy(\.isFinite),
      "a readout of finite numbers and a rate >= 0, got \(initial) and \(learningRate)")
    self.initial = initial
    self.learningRate = learningRate
  }

  /// Whether it changes.
  public var isLearned: Bool { learningRate > 0 && !initial.isEmpty }

  /// The readout one step later, where hidden unit k learns if `isOn[k]`. `[network.readout]`
  public func advanced(_ values: [Double], gradient: [Double], isOn: [Bool]) -> [Double] {
    values.indices.map { index in
      isOn[index % isOn.count] ? values[index] - learningRate * gradient[index] : values[index]
    }
  }

  static let learningRateKey = Parameter(
    "readout_learning_rate", .number(.nonNegative),
    "eta_a, step size of the readout on its averaged gradient; 0 keeps it fixed", default: "0")
}
