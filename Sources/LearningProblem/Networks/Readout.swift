/// The weights from K hidden units to O outputs, which all samples share. `[network.readout]`
///
/// They are few, so each is a macroscopic number, updated by its own averaged gradient:
///   a(t+1) = a(t) - η_a (1/n) Σ_μ σ s_μ ∂Λ/∂a.
public struct Readout: Sendable {
  /// a_ok(0) at o K + k.
  public let initial: [Double]
  /// η_a >= 0; 0 keeps the readout as it is.
  public let learningRate: Schedule

  /// Creates a readout; none by default. Rates are >= 0.
  public init(_ initial: [Double] = [], learningRate: Schedule = 0.0) {
    precondition(
      learningRate.constant ?? 0 >= 0 && initial.allSatisfy(\.isFinite),
      "a readout of finite numbers and a rate >= 0, got \(initial) and \(learningRate)")
    self.initial = initial
    self.learningRate = learningRate
  }

  /// Whether it changes.
  public var isLearned: Bool { learningRate.constant != 0 && !initial.isEmpty }

  /// The readout after a step of size `rate`, where hidden unit k learns if `isOn[k]`.
  /// `[network.readout]`
  public static func advanced(
    _ values: [Double], rate: Double, gradient: [Double], isOn: [Bool]
  ) -> [Double] {
    values.indices.map { index in
      isOn[index % isOn.count] ? values[index] - rate * gradient[index] : values[index]
    }
  }

  static let learningRateKey = Parameter(
    "readout_learning_rate", .schedule(.nonNegative),
    "eta_a, step size of the readout on its averaged gradient; 0 keeps it fixed", default: "0")
}
