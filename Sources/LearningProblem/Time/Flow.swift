/// Continuous time: the limit η → 0 of the steps at fixed time t = η step, reached by integrating
/// dw/dt = -G in finite steps of second order. `[flow.limit]`
///
/// The switches of a persistent mini-batch keep their rates, 1/τ on and (1 - b)/(b τ) off.
public struct Flow: Sendable, Equatable {
  /// The last time, > 0.
  public let duration: Double
  /// Time between two results at the start, > 0; it divides the duration.
  public let step: Double
  /// Between two results lies at most the fraction `growth` of the time passed, or one `step`; 0
  /// for equal steps.
  public let growth: Double
  /// Largest error of an observable, relative to the larger of it and 1, at which the steps are no
  /// longer halved; nil for halving them once.
  public let tolerance: Double?

  /// The most steps in a duration.
  static let mostSteps = 1e6

  /// Creates a flow; the step is lowered to divide the duration.
  public init(duration: Double, step: Double, growth: Double = 0, tolerance: Double? = nil) {
    precondition(
      duration > 0 && step > 0 && step <= duration && growth >= 0 && growth <= 1,
      "duration \(duration) >= step \(step) > 0, growth \(growth) in [0, 1]")
    self.duration = duration
    self.step = duration / (duration / step * (1 - 1e-12)).rounded(.up)  // 2.1/0.3 > 7
    self.growth = growth
    self.tolerance = tolerance
  }

  /// The part of the duration within which two times are the same: rounding.
  static let sameTime = 1e-9

  /// The number of `step`s until a time; nil if no step ends there.
  func steps(until time: Double) -> Int? {
    let count = (time / step).rounded()
    let distance = abs(count * step - time)
    return distance <= Self.sameTime * duration ? Int(count) : nil
  }

  /// The number of steps in the duration.
  public var steps: Int { Int((duration / step).rounded()) }

  /// The times of the results in units of `step`: 0, 1, ... and, with growth, ever further apart.
  public var outputs: [Int] {
    var outputs = [0]
    while let time = outputs.last, time < steps {
      outputs.append(min(steps, time + max(1, Int(growth * Double(time)))))
    }
    return outputs
  }

  static let kind = Parameter(
    "kind", .choice(["steps", "flow"]),
    "steps: as many as `steps` says, of size `learning_rate`; flow: their limit of size 0",
    default: "steps")
  static let durationKey = Parameter(
    "duration", .number(.positive),
    "flow: the last time t; steps of the discrete rule are eta each",
    optional: true)
  static let stepKey = Parameter(
    "step", .number(.positive),
    "flow: time between two results; the theory integrates with it and its half, and extrapolates "
      + "(default: duration/50)", optional: true)
  static let growthKey = Parameter(
    "growth", .number(.closed(0, 1)),
    "flow: steps grow to this fraction of the time passed; 0.1 for relaxations over decades",
    optional: true)
  /// The smallest tolerance: each halving gains a factor of 4 and costs one of 8, and rounding
  /// errors of sums over 10^4 points are not far below.
  static let smallestTolerance = 1e-10

  static let toleranceKey = Parameter(
    "tolerance", .number(.rightOpen(smallestTolerance, 1)),
    "flow: halve the steps until no observable has a larger error (default: 0.001 without step, "
      + "else halve once)", optional: true)
  /// Keys of `time` in the problem file.
  public static let parameters = [kind, durationKey, stepKey, growthKey, toleranceKey]

  /// Nil if time goes in steps.
  static func read(from section: Section) throws -> Flow? {
    try section.refuseUnknownKeys(parameters.map(\.name))
    guard try section.choice(kind) == "flow" else {
      for parameter in parameters.dropFirst() where section.has(parameter.name) {
        throw section.problem(
          parameter.name, found: "it with kind steps", allowed: "no such key unless kind is flow")
      }
      return nil
    }
    guard let duration = try section.optionalNumber(durationKey) else {
      throw section.problem("duration", found: "nothing", allowed: "a number > 0 for kind flow")
    }
    let step = try section.optionalNumber(stepKey)
    guard step ?? 0 <= duration, duration / (step ?? duration) <= mostSteps else {
      throw section.problem(
        "step", found: "\(step ?? 0)",
        allowed: "from \(duration / mostSteps) to the duration \(duration)"
      )
    }
    return Flow(
      duration: duration, step: step ?? duration / 50,
      growth: try section.optionalNumber(growthKey) ?? 0,
      tolerance: try section.optionalNumber(toleranceKey) ?? (step == nil ? 1e-3 : nil))
  }
}
