internal import Foundation
internal import LearningProblem
internal import MaskedDMFT
internal import RunStorage
internal import Training

/// What the parts in a folder are parts of: the file `whole.json` beside them.
///
/// Two folders of parts with equal owners may be put together. The text of the problem and what was
/// set on top of it are there so that `dmft merge` needs no other file.
struct PartsOwner: Codable, Equatable {
  /// The file in which it stands.
  static let file = "whole.json"

  /// A command that computes in parts, with what decides which parts.
  enum Work: Codable, Equatable {
    case train
    case compare(dimensions: [Int])
    case solve(Study.Kernels)

    /// The name of the command and its options.
    var text: String {
      switch self {
      case .train: "train"
      case .compare(let dimensions):
        (["compare"] + (dimensions.isEmpty ? [] : ["--dimensions"])
          + (dimensions.isEmpty ? [] : [dimensions.map(String.init).joined(separator: ",")]))
          .joined(separator: " ")
      case .solve(.none): "solve --no-kernels"
      case .solve(.all(let format)): "solve" + (format.map { " --kernel-format \($0)" } ?? "")
      }
    }
  }

  let work: Work
  let version: String
  let commit: String?
  /// The problem with defaults and overrides.
  let problem: String
  /// Fresh samples of a run where the file says how many: with several dimensions it matters.
  let testSamples: Int?
  /// The checksums of the files that the problem names.
  let inputs: [String]
  /// What messages call the problem file, its text, and what was set on top.
  let name: String
  let source: String
  let overrides: [String]

  /// The owner of the parts of a study.
  init(_ work: Work, _ study: Study) throws {
    self.work = work
    version = RunRecord.version
    commit = study.options.invocation.commit
    problem = study.file.resolvedYAML
    testSamples = study.file.training.testSamples
    inputs = study.file.inputs.map { path in
      Checksum.text(FileManager.default.contents(atPath: path) ?? Data())
    }
    name = study.path
    source = study.source.text
    overrides = study.overrides
  }

  /// Reads what `json` wrote; nil for anything else.
  init?(json: String) {
    guard let owner = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
      return nil
    }
    self = owner
  }

  /// As it stands in the file.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// The first thing in which it differs from another owner, with both values; nil if parts of one
  /// are parts of the other.
  func difference(from other: PartsOwner) -> (what: String, own: String, other: String)? {
    if work != other.work { return ("the command", work.text, other.work.text) }
    if version != other.version { return ("the version of dmft", version, other.version) }
    if commit != other.commit {
      return ("the commit of dmft", commit ?? "unknown", other.commit ?? "unknown")
    }
    if inputs != other.inputs {
      return ("what the files hold that the problem reads", "\(inputs)", "\(other.inputs)")
    }
    let (mine, others) = (Self.values(problem), Self.values(other.problem))
    if let key = (mine.keys.sorted() + others.keys.sorted()).first(where: {
      mine[$0] != others[$0]
    }) {
      return (key, mine[key] ?? "nothing", others[key] ?? "nothing")
    }
    if testSamples != other.testSamples {
      func text(_ samples: Int?) -> String { samples.map(String.init) ?? "nothing in the file" }
      return ("training.test_samples", text(testSamples), text(other.testSamples))
    }
    return nil
  }

  /// The lines of a YAML text in block style by the paths of their keys; several of one path, such
  /// as the entries of a list, one after the other.
  private static func values(_ yaml: String) -> [String: String] {
    var values: [String: String] = [:]
    var path: [(indent: Int, key: String)] = []
    for line in yaml.split(separator: "\n") {
      let text = line.drop { $0 == " " }
      let indent = line.count - text.count
      var value = String(text)
      if !text.hasPrefix("-"), let colon = text.firstIndex(of: ":") {
        while let last = path.last, last.indent >= indent { path.removeLast() }
        path.append((indent, String(text[..<colon])))
        value = text[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
      }
      let key = path.map(\.key).joined(separator: ".")
      values[key] = [values[key], value].compactMap { $0 }.filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    return values
  }
}
