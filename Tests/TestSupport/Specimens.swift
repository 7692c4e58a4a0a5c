public import LearningProblem
internal import MaskedDMFT

/// One of every ingredient of a catalogue, read from a problem file as a user writes it.
///
/// Keys have the values given; a required key that is not among them has one that its declaration
/// allows, so that a new ingredient is read without an edit here.
public struct Specimens: Sendable {
  /// The ingredients.
  public let catalogue: Catalogue
  private let values: [String: String]

  /// Typical values of the keys of update rules.
  public static let ruleValues = [
    "threshold": "0.15", "decay": "0.2", "fraction": "0.3", "quantum": "0.1", "coefficient": "0.7",
  ]

  /// Prepares the reading of `catalogue` with the value of each key in `values`, as YAML.
  public init(_ catalogue: Catalogue, values: [String: String] = [:]) {
    self.catalogue = catalogue
    self.values = values
  }

  /// A small problem with the ingredient `kind` under the key `family`; traps if it is not read.
  public func problem(_ family: String, _ kind: String) -> Setup {
    let entries = catalogue.families.first { $0.key == family }?.entries ?? []
    guard let entry = entries.first(where: { $0.kind == kind }) else {
      preconditionFailure("the catalogue has no \(kind) under \(family)")
    }
    var parts = ["data": "{kind: two-clusters, variance: 0.5}"]
    parts[family] = text(entry)
    if let loss = entry as? any Loss.Type {
      parts["network"] = catalogue.networks.first { $0.takes(loss) }.map(text)
    }
    let yaml = """
      \(parts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
      samples_per_weight: 1
      start: {variance: 1}
      learning_rate: 0.1
      steps: 1
      """
    do {
      return Setup(try ProblemFile(yaml: yaml, catalogue: catalogue))
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// An ingredient as the problem file has it.
  private func text(_ entry: any Ingredient.Type) -> String {
    let keys = entry.parameters.compactMap { parameter in
      value(of: parameter).map { ", \(parameter.name): \($0)" }
    }
    return "{kind: \(entry.kind)\(keys.joined())}"
  }

  /// The value for a key; nil leaves it out.
  private func value(of parameter: Parameter) -> String? {
    if let value = values[parameter.name] { return value }
    guard parameter.presence == .required else { return nil }
    return switch parameter.form {
    case .number(let interval), .schedule(let interval):
      [0.25, 2, -0.5].first(where: interval.contains).map { "\($0)" }
    case .integer(let range): "\(max(range.lowerBound, min(range.upperBound, 2)))"
    case .choice(let words): words.first
    case .numbers, .matrix, .rows, .listOrRows, .text, .texts: nil
    }
  }
}
