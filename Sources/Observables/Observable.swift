/// A measured quantity and what it is about: the name of a curve, the same in theory and training.
public struct Observable: Sendable, Hashable, Codable, CustomStringConvertible {
  /// What is measured.
  public let quantity: Quantity
  /// The hidden units, signals or outputs that it is about, from 0; empty where there is but one.
  public let indices: [Int]
  /// The group of inputs that it is about, from 0; nil for all of them.
  public let group: Int?

  /// Creates an observable of a quantity.
  public init(_ quantity: Quantity, _ indices: [Int] = []) {
    self.init(quantity, indices, group: nil)
  }

  private init(_ quantity: Quantity, _ indices: [Int], group: Int?) {
    self.quantity = quantity
    self.indices = indices
    self.group = group
  }

  /// The same of one group of inputs. `[inputs.observed]`
  public func of(group: Int) -> Observable { Observable(quantity, indices, group: group) }

  /// The name in files, such as `norm_12`, or `norm_1_12` where an index has two digits;
  /// `norm_group_3` of the third group of inputs.
  public var name: String {
    (indices.isEmpty ? quantity.name : quantity.name + "_" + index)
      + (group.map { "_group_\($0 + 1)" } ?? "")
  }

  /// The label of an axis.
  public var label: String {
    (indices.isEmpty ? quantity.label : quantity.label + " " + index)
      + (group.map { ", group \($0 + 1)" } ?? "")
  }

  /// The indices as texts show them, from 1.
  public var index: String {
    let isSeparated = quantity.separatesIndices || indices.contains { $0 >= 9 }
    return indices.map { "\($0 + 1)" }.joined(separator: isSeparated ? "_" : "")
  }

  /// Same as `name`.
  public var description: String { name }

  /// ``Quantity/trainingLoss`` of the whole network.
  public static let trainingLoss = Observable(.trainingLoss)
  /// ``Quantity/trainingError`` of the whole network.
  public static let trainingError = Observable(.trainingError)
  /// ``Quantity/testLoss`` of the whole network.
  public static let testLoss = Observable(.testLoss)
  /// ``Quantity/testError`` of the whole network.
  public static let testError = Observable(.testError)
  /// ``Quantity/bayesTestError`` of the whole network.
  public static let bayesTestError = Observable(.bayesTestError)
  /// ``Quantity/writes`` of the whole network.
  public static let writes = Observable(.writes)
  /// ``Quantity/absoluteChange`` of the whole network.
  public static let absoluteChange = Observable(.absoluteChange)
  /// ``Quantity/squaredChange`` of the whole network.
  public static let squaredChange = Observable(.squaredChange)
  /// ``Quantity/transientCost`` of the whole network.
  public static let transientCost = Observable(.transientCost)
  /// ``Quantity/netChange`` of the whole network.
  public static let netChange = Observable(.netChange)
  /// ``Quantity/inefficiency`` of the whole network.
  public static let inefficiency = Observable(.inefficiency)
  /// ``Quantity/activity`` of the whole network.
  public static let activity = Observable(.activity)
  /// ``Quantity/samplesUsed`` of the whole network.
  public static let samplesUsed = Observable(.samplesUsed)
  /// ``Quantity/optimalWeightNoise`` of the whole network.
  public static let optimalWeightNoise = Observable(.optimalWeightNoise)
  /// ``Quantity/reliabilityCost`` of the whole network.
  public static let reliabilityCost = Observable(.reliabilityCost)
  /// ``Quantity/replicaDistance`` of the whole network.
  public static let replicaDistance = Observable(.replicaDistance)
  /// ``Quantity/freeEnergy`` of the whole network.
  public static let freeEnergy = Observable(.freeEnergy)
  /// ``Quantity/logLikelihood`` of the whole network.
  public static let logLikelihood = Observable(.logLikelihood)
  /// ``Quantity/testLogLikelihood`` of the whole network.
  public static let testLogLikelihood = Observable(.testLogLikelihood)

  /// a_ok; the output is in the name only if there are several.
  public static func readout(_ output: Int, _ k: Int, outputs: Int) -> Observable {
    Observable(.readout, outputs > 1 ? [output, k] : [k])
  }

  /// m_kp; the indices are in the name unless K = P = 1.
  public static func magnetisation(_ k: Int, _ p: Int, single: Bool) -> Observable {
    Observable(.magnetisation, single ? [] : [k, p])
  }

  /// C_kl; the indices are in the name unless K = P = 1.
  public static func norm(_ k: Int, _ l: Int, single: Bool) -> Observable {
    Observable(.norm, single ? [] : [k, l])
  }
}
