internal import Foundation
public import LearningProblem
public import MaskedDMFT

/// A learning rule to compare, as one names it: `kind:key=value:key=value`.
///
/// The kinds are those of `update` in the problem file, and those of `weight_mask` but `full`: the
/// plain rule with this mask instead of the file's. `masked` stands for `independent`. Any rule
/// takes a `learning_rate` of its own. A rule replaces the `update` of the file and keeps its
/// weight mask.
public struct RuleChoice: Sendable, Hashable {
  /// Another word for the rule with an independent weight mask.
  public static let masked = "masked"
  /// All kinds of a catalogue.
  public static func kinds(in catalogue: Catalogue = .shipped) -> [String] {
    catalogue.updates.map { $0.kind } + [masked]
      + catalogue.weightMasks.map { $0.kind }.filter { $0 != FullMask.kind }
  }
  static let learningRateKey = "learning_rate"

  /// A key and its value, as typed.
  public struct Setting: Sendable, Hashable {
    /// The key.
    public let key: String
    /// The value.
    public let value: String
  }

  /// Its kind.
  public let kind: String
  /// Its parameters, without the learning rate.
  public private(set) var parameters: [Setting]
  /// Its own learning rate; nil takes that of the problem.
  public let learningRate: Double?

  /// Reads one rule; throws a `UsageError` that says what is allowed.
  public init(parsing text: String, in catalogue: Catalogue = .shipped) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    kind = parts[0]
    let kinds = Self.kinds(in: catalogue)
    guard kinds.contains(kind) else {
      throw UsageError("--rules", found: "'\(kind)'", allowed: kinds.joined(separator: ", "))
    }
    let known = Self.parameters(of: kind, in: catalogue)
    var settings: [Setting] = []
    var rate: Double?
    for part in parts.dropFirst() {
      let setting = try Self.setting(part, of: text, known: known)
      guard !settings.contains(where: { $0.key == setting.key }),
        setting.key != Self.learningRateKey || rate == nil
      else {
        throw UsageError("--rules", found: "\(setting.key) twice in \(text)", allowed: "one")
      }
      if setting.key == Self.learningRateKey {
        rate = Double(setting.value)
      } else {
        settings.append(setting)
      }
    }
    for parameter in known where parameter.presence == .required {
      guard settings.contains(where: { $0.key == parameter.name }) else {
        throw UsageError(
          "--rules", found: "\(text) without \(parameter.name)",
          allowed: "\(kind):\(parameter.name)=VALUE with \(parameter.allowed(for: nil))")
      }
    }
    parameters = settings
    learningRate = rate
    bringsMask = Self.mask(kind, in: catalogue) != nil
  }

  /// Reads rules separated by commas.
  public static func list(_ text: String) throws -> [RuleChoice] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map {
      try RuleChoice(parsing: $0.trimmingCharacters(in: .whitespaces))
    }
  }

  /// What one types to get it.
  public var specification: String {
    let rate = learningRate.map { ":\(Self.learningRateKey)=\($0)" } ?? ""
    return kind + parameters.map { ":\($0.key)=\($0.value)" }.joined() + rate
  }

  /// A short name for tables and figures: the values without their keys.
  public var label: String {
    ([kind] + parameters.map(\.value)).joined(separator: " ")
  }

  /// The number given for `key`.
  public func number(_ key: String) -> Double? {
    parameters.first { $0.key == key }.flatMap { Magnitude.number($0.value) }
  }

  /// What a search may change of this rule, and where it stands; nil if the rule has no such
  /// number.
  ///
  /// Throws a `UsageError` for bounds that are not allowed, or that are missing.
  func variable(
    _ request: ControlRequest, in catalogue: Catalogue
  ) throws -> (variable: ControlVariable, value: Double)? {
    guard
      let parameter = Self.parameters(of: kind, in: catalogue).first(where: {
        $0.name == request.key
      }), let value = number(request.key) ?? parameter.standardNumber
    else { return nil }
    return (try request.variable(parameter, size: abs(value)), value)
  }

  /// The keys of the numbers of a rule.
  func numbers(in catalogue: Catalogue) -> [String] {
    Self.parameters(of: kind, in: catalogue).filter { $0.allows(0.5) || $0.allows(2) }.map(\.name)
  }

  /// This rule with other values of its numbers, to four digits.
  func setting(_ values: [(key: String, value: Double)]) -> RuleChoice {
    var choice = self
    for (key, value) in values {
      let setting = Setting(key: key, value: String(format: "%.4g", value))
      if let index = choice.parameters.firstIndex(where: { $0.key == key }) {
        choice.parameters[index] = setting
      } else {
        choice.parameters.append(setting)
      }
    }
    return choice
  }

  /// The problem of `file` with this rule at `learningRate`, of which a schedule starts.
  ///
  /// Throws `ProblemError` where there is none, for example for a persistence time that is shorter
  /// than a step.
  public func problem(in file: ProblemFile, learningRate: Double) throws -> Problem {
    let name = "rule \(label)"
    let values = Dictionary(uniqueKeysWithValues: parameters.map { ($0.key, $0.value) })
    let section = Section(values, name: name, catalogue: file.catalogue)
    let grid = file.problem.grid
    do {
      return try file.problem.with { parts in
        parts.timing = .steps(grid.starting(at: learningRate))
        if let mask = Self.mask(kind, in: file.catalogue) {
          parts.rule.update = PlainUpdate()
          parts.rule.weightMask = try mask.init(from: section)
        } else if let update = file.catalogue.updates.first(where: { $0.kind == kind }) {
          parts.rule.update = try update.init(from: section)
        }
      }
    } catch let mismatch as Mismatch {
      throw ProblemError(
        file: name, path: mismatch.path, found: mismatch.found, allowed: mismatch.allowed)
    }
  }

  /// Whether it is the plain rule under a weight mask of its own.
  let bringsMask: Bool

  /// The declared parameters of a kind.
  private static func parameters(of kind: String, in catalogue: Catalogue) -> [Parameter] {
    mask(kind, in: catalogue)?.parameters
      ?? catalogue.updates.first { $0.kind == kind }?.parameters ?? []
  }

  /// The weight mask that a kind brings, if it is not an update.
  private static func mask(_ kind: String, in catalogue: Catalogue) -> (any WeightMask.Type)? {
    kind == masked ? IndependentMask.self : catalogue.weightMasks.first { $0.kind == kind }
  }

  private static let learningRateParameter = Parameter(
    learningRateKey, .number(.positive), "eta of this rule, where a schedule starts")

  /// One `key=value`, checked against the declared parameters.
  private static func setting(
    _ part: String, of text: String, known: [Parameter]
  ) throws -> Setting {
    let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let allowed = known + [learningRateParameter]
    guard sides.count == 2, let parameter = allowed.first(where: { $0.name == sides[0] }) else {
      let keys = allowed.map { "\($0.name)=VALUE" }.joined(separator: ", ")
      throw UsageError("--rules", found: "'\(part)' in \(text)", allowed: keys)
    }
    let number = Magnitude.number(sides[1])
    guard let number, parameter.allows(number) else {
      throw UsageError(
        "--rules", found: "\(part) in \(text)",
        allowed: "\(parameter.name)=VALUE with \(parameter.allowed(for: number))")
    }
    return Setting(key: parameter.name, value: String(sides[1]))
  }
}
