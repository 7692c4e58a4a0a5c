/// Which samples a quantity is measured on, and how it counts over the steps.
public enum SamplePass: Sendable {
  /// All training samples, by the whole network; the value is that of the time.
  case whole
  /// The samples that a step learns from, in the pass that it learns from; the value is the sum
  /// over the steps done.
  case learning
}

/// A quantity that is a sum over samples, the same for theory and training.
///
/// Both hand it their samples block by block, trajectories here, rows of the training set there, in
/// a fixed order; a closed sample site gives its mean analytically or leaves it out.
public protocol SampleQuantity: Sendable {
  /// What is recorded.
  var quantity: Quantity { get }
  /// Which samples show it.
  var pass: SamplePass { get }
  /// Whether it is a mean over the hidden units as well.
  var isPerUnit: Bool { get }
  /// Whether it stands among the costs of learning, which are not recorded for replicas.
  var isCost: Bool { get }
  /// Adds the samples of a block to the running sum.
  func accumulate(_ block: SampleBlock, into sum: inout Double)
  /// A sum over samples in the units of the quantity, α = `samplesPerWeight`.
  func scaled(_ sum: Double, samplesPerWeight: Double) -> Double
  /// What is recorded of a value; nil if that makes no sense for the problem.
  func recorded(_ value: Double, _ recorder: MacroscopicRecorder) -> Double?
}

extension SampleQuantity {
  /// The sum itself.
  public func scaled(_ sum: Double, samplesPerWeight: Double) -> Double { sum }
  /// The value itself.
  public func recorded(_ value: Double, _ recorder: MacroscopicRecorder) -> Double? { value }
}

/// All quantities that are measured on samples, in the order of recordings.
public enum SampleQuantities {
  /// One of each.
  public static let all: [any SampleQuantity] = [
    TrainingLoss(), TrainingError(), Activity(), SamplesUsed(), Curvature(),
  ]

  /// What is recorded of each.
  static let quantities = all.map(\.quantity)

  /// The places in `all` of those of a pass.
  static func places(_ pass: SamplePass) -> [Int] {
    switch pass {
    case .whole: whole
    case .learning: learning
    }
  }

  private static let whole = all.indices.filter { all[$0].pass == .whole }
  private static let learning = all.indices.filter { all[$0].pass == .learning }
}
