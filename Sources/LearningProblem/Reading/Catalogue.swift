internal import Yams

/// The ingredients that a problem can be made of, by family.
///
/// `shipped` holds those of this package: a new one is a file and a line there. A program with an
/// ingredient of its own adds it to a copy, and hands the copy to `ProblemFile`:
///
/// ```swift
/// var catalogue = Catalogue.shipped
/// catalogue.losses.append(MyLoss.self)
/// ```
public struct Catalogue: Sendable {
  /// Data models, under the key `data`.
  public var dataModels: [any DataModel.Type]
  /// How inputs differ, under the key `inputs`.
  public var inputModels: [any InputModel.Type]
  /// Networks, under the key `network`.
  public var networks: [any Network.Type]
  /// Losses, under the key `loss`.
  public var losses: [any Loss.Type]
  /// Masks on samples, under the key `sample_mask`.
  public var sampleMasks: [any Mask.Type]
  /// Masks on weights, under the key `weight_mask`.
  public var weightMasks: [any WeightMask.Type]
  /// Update rules, under the key `update`.
  public var updates: [any UpdateRule.Type]
  /// Schedules, in the place of a number that may change from step to step.
  public var schedules: [any ScheduleKind.Type]

  /// The ingredients of this package.
  public static let shipped = Catalogue(
    dataModels: [
      TwoClusters.self, ThreeClusters.self, Xor.self, Mixture.self, LinearTeacher.self,
      CSVData.self,
    ],
    inputModels: [
      AlikeInputs.self, GroupedInputs.self, PowerLawInputs.self, FileInputs.self,
    ],
    networks: [
      Perceptron.self, Door.self, Committee.self, Softmax.self, Boltzmann.self,
    ],
    losses: [
      LogisticLoss.self, SquareLoss.self, HingeLoss.self, CrossEntropyLoss.self,
      LikelihoodLoss.self,
    ],
    sampleMasks: [
      FullMask.self, IndependentMask.self, PersistentMask.self, EpochMask.self,
    ],
    weightMasks: [
      FullMask.self, IndependentMask.self, PersistentMask.self, FrozenMask.self, ColumnMask.self,
      RowMask.self, SubnetMask.self, CompetitiveUnitsMask.self,
    ],
    updates: [
      PlainUpdate.self, ClipUpdate.self, SignUpdate.self, TopFractionUpdate.self,
      SoftThresholdUpdate.self, StochasticRoundingUpdate.self, LazyUpdate.self,
      CachingUpdate.self, ErrorFeedbackUpdate.self, MomentumUpdate.self,
    ],
    schedules: [
      PowerDecay.self, ExponentialApproach.self, CosineDecay.self, PiecewiseConstant.self,
      PiecewiseLinear.self, TabulatedSchedule.self,
    ])

  /// The losses that a network takes, in the order of `losses`.
  public func losses(of network: any Network.Type) -> [any Loss.Type] {
    losses.filter { network.takes($0) }
  }

  /// A key of the problem file and the ingredients it takes.
  public struct Family: Sendable {
    /// The key.
    public let key: String
    /// What the key chooses.
    public let summary: String
    /// The kind taken when the key is missing; nil if it is required.
    public let standard: String?
    /// The ingredients.
    public let entries: [any Ingredient.Type]
  }

  /// All families, in the order of the problem file.
  public var families: [Family] {
    [
      Family(key: "data", summary: "what is learned", standard: nil, entries: dataModels),
      Family(
        key: "inputs", summary: "how the inputs differ from each other",
        standard: AlikeInputs.kind, entries: inputModels),
      Family(
        key: "network", summary: "what learns it", standard: Perceptron.kind, entries: networks),
      Family(
        key: "loss", summary: "what is minimised (softmax, boltzmann: their own)",
        standard: LogisticLoss.kind, entries: losses),
      Family(
        key: "sample_mask", summary: "which samples count at a step", standard: FullMask.kind,
        entries: sampleMasks),
      Family(
        key: "weight_mask", summary: "which weights may change at a step",
        standard: FullMask.kind, entries: weightMasks),
      Family(
        key: "update", summary: "how a weight changes", standard: PlainUpdate.kind,
        entries: updates),
    ]
  }
}

extension Section {
  /// The ingredient under `family.key`; `standard` is the kind taken where the key is missing.
  func ingredient(_ key: String, standard: String? = nil) throws -> any Ingredient {
    guard let family = catalogue.families.first(where: { $0.key == key }) else {
      preconditionFailure("no family of ingredients is called \(key)")
    }
    let kinds = family.entries.map { $0.kind }
    let parameter = Parameter(
      "kind", .choice(kinds), family.summary,
      default: has(key) ? nil : standard ?? family.standard)
    return try self.section(key).ingredient(parameter, of: family.entries)
  }

  /// The ingredient that `parameter` names in this mapping.
  private func ingredient(
    _ parameter: Parameter, of entries: [any Ingredient.Type]
  ) throws -> any Ingredient {
    let kind = try choice(parameter)
    guard let entry = entries.first(where: { $0.kind == kind }) else {
      throw missing(parameter)
    }
    try refuseUnknownKeys(["kind"] + entry.parameters.map(\.name))
    return try entry.init(from: self)
  }

  /// The value of a key that takes a number or a schedule; the numbers of a schedule are checked
  /// when the steps are known.
  func schedule(_ parameter: Parameter) throws -> Schedule {
    guard hasMapping(parameter.name) else { return .constant(try number(parameter)) }
    let kind = Parameter(
      "kind", .choice(catalogue.schedules.map { $0.kind }), "how the number changes")
    let part = try section(parameter.name).ingredient(kind, of: catalogue.schedules)
    guard let shape = part as? any ScheduleKind else {
      preconditionFailure("the catalogue lists a schedule that is none")
    }
    note(.varying(shape), parameter)
    return .varying(shape)
  }
}
