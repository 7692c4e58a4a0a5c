internal import Foundation
public import LearningProblem

/// Ingredients that no source file knows, as a user's program would bring them.
///
/// Tests of every ingredient run over `catalogue`; that they need no other edit is tested in
/// `AdditionsTests`.
public enum Additions {
  /// The shipped catalogue with one more of each family.
  public static let catalogue: Catalogue = {
    var catalogue = Catalogue.shipped
    catalogue.dataModels.append(UnequalClusters.self)
    catalogue.networks.append(SaturatingPerceptron.self)
    catalogue.losses.append(SavageLoss.self)
    catalogue.sampleMasks.append(HeldMask.self)
    catalogue.weightMasks.append(HeldMask.self)
    catalogue.updates.append(SaturatingUpdate.self)
    catalogue.schedules.append(HalvingSchedule.self)
    return catalogue
  }()
}

/// Two clusters at ±v of probabilities q and 1 - q, labels ±1, variance 1/2.
public struct UnequalClusters: DataModel {
  public static let kind = "unequal-clusters"
  public static let summary = "centres +v and -v, the first with probability share"
  public static let parameters = [share]
  static let share = Parameter("share", .number(.open(0, 1)), "q, probability of label +1")

  public let clusters: [Cluster]

  public init(from section: Section) throws {
    let share = try section.number(Self.share)
    clusters = [(1.0, share), (-1, 1 - share)].map { label, probability in
      Cluster(probability: probability, centre: [label], label: label, variance: 0.5)
    }
  }
}

/// f(h) = tanh h.
public struct SaturatingPerceptron: OutputNetwork {
  public static let kind = "saturating-perceptron"
  public static let summary = "f(h) = tanh h"
  public static let parameters: [Parameter] = []

  public let hiddenUnits = 1
  public let decisionBoundaries: (thresholds: [Double], signBelow: Double)? = ([0], -1)

  public init() {}

  public init(from section: Section) throws { self.init() }

  public func evaluate(
    _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
  ) -> Double {
    let output = tanh(fields[0])
    gradient[0] = 1 - output * output
    hessian[0] = -2 * output * (1 - output * output)
    return output
  }

  public func output(_ fields: Span<Double>, readout: Span<Double>) -> Double { tanh(fields[0]) }
}

/// ℓ(y, f) = 1/(1 + exp(β y f))², which is bounded: Masnadi-Shirazi and Vasconcelos, NIPS 2008.
public struct SavageLoss: OutputLoss {
  public static let kind = "savage"
  public static let summary = "1 / (1 + exp(steepness y f))^2"
  public static let parameters = [steepness]
  static let steepness = Parameter("steepness", .number(.positive), "beta", default: "1")

  /// β.
  public let steepness: Double

  public init(from section: Section) throws {
    steepness = try section.number(Self.steepness)
  }

  /// With p = 1/(1 + exp v), dp/dv = -p (1 - p): ℓ' = -2 p² (1 - p), ℓ'' = 2 p² (1 - p) (2 - 3 p).
  public func evaluate(label: Double, output: Double) -> LossValue {
    let scale = steepness * label
    let p = 1 / (1 + exp(scale * output))
    let slope = -2 * p * p * (1 - p)
    return LossValue(
      value: p * p, slope: scale * slope, curvature: scale * scale * -slope * (2 - 3 * p))
  }
}

/// Switches drawn every `period` steps and held in between.
public struct HeldMask: Mask, WeightMask {
  public static let kind = "held"
  public static let summary = "drawn with density every period steps, held in between"
  public static let parameters = [densityKey, period]
  static let densityKey = Parameter(
    "density", .number(.leftOpen(0, 1)), "fraction of sites switched on at a step")
  static let period = Parameter("period", .integer(1...1000), "steps between two draws")

  public let density: Schedule
  private let switches: HeldSwitches

  public init(from section: Section) throws {
    let density = try section.number(Self.densityKey)
    self.density = .constant(density)
    switches = HeldSwitches(density: density, steps: try section.integer(Self.period))
  }

  public func law(on grid: TimeGrid) -> any SwitchLaw { switches }
}

/// The law of such switches.
private struct HeldSwitches: SteadySwitchLaw {
  let density: Double
  let steps: Int
  var correlation: Double? { steps == 1 ? 0 : nil }

  func correlation(into step: Int) -> Double? { step % steps == 0 ? 0 : 1 }

  func probabilityOn(step: Int, memory: Bool) -> Double {
    step % steps == 0 ? density : memory ? 1 : 0
  }

  func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { isOn }
}

/// ψ = c tanh(G/c).
public struct SaturatingUpdate: UpdateRule {
  public static let kind = "saturating"
  public static let summary = "scale tanh(gradient / scale)"
  public static let parameters = [scale]
  static let scale = Parameter("scale", .number(.positive), "c, the largest change")

  private let scale: Double

  public init(from section: Section) throws { scale = try section.number(Self.scale) }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(scale * tanh(gradient / scale))
  }
}

/// Half as much after every `period` steps.
public struct HalvingSchedule: ScheduleKind {
  public static let kind = "halving"
  public static let summary = "initial, and half as much after every period steps"
  public static let parameters = [initial, period]
  static let initial = Parameter("initial", .number(.positive), "the value at step 0")
  static let period = Parameter("period", .integer(1...1000), "steps between two halvings")

  private let first: Double
  private let steps: Int

  public init(from section: Section) throws {
    first = try section.number(Self.initial)
    steps = try section.integer(Self.period)
  }

  public func value(at step: Double, of total: Double) -> Double {
    first * exp2(-Double(Int(step) / steps))
  }
}
