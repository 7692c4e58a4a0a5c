public import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import Training

/// Every key of the problem file, with range and default, from the same declarations that the
/// reader validates against.
public struct IngredientList: Sendable {
  /// A top-level key of the problem file, or all plain ones.
  struct Section: Sendable {
    /// The key, or `top level`.
    let name: String
    /// What it is; nil at top level.
    var summary: String?
    /// Whether it must be there, or what stands there otherwise; nil where all is optional.
    var presence: String?
    /// Keys below it.
    var keys: [Parameter] = []
    /// What `{kind: ...}` may be; empty if it has no kinds.
    var kinds: [Kind] = []
  }

  /// One choice of `{kind: ...}`.
  struct Kind: Sendable {
    let name: String
    let summary: String
    /// The losses that a network takes; empty for other ingredients.
    let losses: [String]
    let keys: [Parameter]
  }

  /// What holds for numbers everywhere.
  static let numbers =
    "Numbers are decimal (not 0x10, 010 or 1_000), and 0 or of a size from "
    + "\(Magnitude.smallest) to \(Magnitude.largestText), variances and samples_per_weight "
    + "from \(Magnitude.smallestSquare)."

  let sections: [Section]

  /// Collects what a catalogue holds.
  public init(of catalogue: Catalogue = .shipped) {
    func losses(of entry: any Ingredient.Type) -> [String] {
      guard let network = entry as? any Network.Type else { return [] }
      return catalogue.losses(of: network).map { $0.kind }
    }
    func kinds(_ entries: [any Ingredient.Type]) -> [Kind] {
      entries.map {
        Kind(name: $0.kind, summary: $0.summary, losses: losses(of: $0), keys: $0.parameters)
      }
    }
    let families = catalogue.families.map { family in
      Section(
        name: family.key, summary: family.summary,
        presence: family.standard.map { "default \($0)" } ?? "required",
        kinds: kinds(family.entries))
    }
    sections =
      [Section(name: "top level", keys: ProblemFile.parameters)] + families + [
        Section(
          name: "schedule", summary: "in the place of a number that may change from step to step",
          kinds: kinds(catalogue.schedules)),
        Section(
          name: "start", summary: "the initial weights", presence: "required",
          keys: Start.parameters),
        Section(name: "time", summary: "in steps, or continuous", keys: Flow.parameters),
        Section(
          name: "weight_noise", summary: "noise of the weights in every forward pass",
          keys: WeightNoise.parameters),
        Section(
          name: "dropout", summary: "what samples leave out of a learning pass",
          keys: Dropout.parameters),
        Section(
          name: "theory", summary: "how the theory is solved", keys: TheorySettings.parameters),
        Section(
          name: "training", summary: "how it is trained directly",
          keys: TrainingSettings.parameters),
      ]
  }
}

extension Parameter {
  /// Whether the key must be there, or what stands there otherwise.
  var presenceText: String {
    switch presence {
    case .required: "required"
    case .optional: "optional"
    case .standard(let text): "default \(text)"
    }
  }
}
