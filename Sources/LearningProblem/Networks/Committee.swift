/// f(h) = Σ_k a_k φ(h_k) with a readout a that is fixed or learned. `[problem.objective]`
public struct Committee: OutputNetwork {
  public static let kind = "committee"
  public static let summary = "f(h) = sum_k a_k phi(h_k), readout a_k fixed or learned"
  public static let parameters = [hidden, Activation.key, readoutKey, Readout.learningRateKey]
  static let hidden = Parameter("hidden", .integer(1...16), "K, number of hidden units")
  static let readoutKey = Parameter(
    "readout", .numbers(.finite), "a_k at the start, one number per hidden unit")

  /// φ.
  public let activation: Activation
  public let readout: Readout
  public var hiddenUnits: Int { readout.initial.count }
  public var bendsAtZeroFields: Bool { activation.slopeJumps }

  /// Creates the network with one unit per entry of `readout`.
  public init(activation: Activation, readout: [Double], readoutLearningRate: Schedule = 0.0) {
    precondition(
      (1...16).contains(readout.count), "readout must hold 1 to 16 numbers, got \(readout)")
    self.activation = activation
    self.readout = Readout(readout, learningRate: readoutLearningRate)
  }

  public init(from section: Section) throws {
    let units = try section.integer(Self.hidden)
    let readout = try section.numbers(Self.readoutKey)
    guard readout.count == units else {
      throw section.problem(
        "readout", found: "\(readout.count) entries",
        allowed: "one number per hidden unit: \(units) entries")
    }
    let name = try section.choice(Activation.key)
    self.init(
      activation: Activation(rawValue: name) ?? .erf, readout: readout,
      readoutLearningRate: try section.schedule(Readout.learningRateKey))
  }

  public func evaluate(
    _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
  ) -> Double {
    let units = readout.count
    var output = 0.0
    for k in 0..<units {
      let phi = activation.evaluate(fields[k])
      output += readout[k] * phi.value
      gradient[k] = readout[k] * phi.slope
      readoutGradient[k] = phi.value
      for l in 0..<units { hessian[k * units + l] = 0 }
      hessian[k * units + k] = readout[k] * phi.curvature
    }
    return output
  }

  public func output(_ fields: Span<Double>, readout: Span<Double>) -> Double {
    var output = 0.0
    for k in 0..<readout.count { output += readout[k] * activation.value(fields[k]) }
    return output
  }
}
