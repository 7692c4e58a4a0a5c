internal import NumericalKit
internal import RunStorage

/// The parts of several folders, which make one run together.
struct PartCollection: PartKeeper {
  /// The command that has computed them.
  let work: PartsOwner.Work
  private let folders: [PartFolder]
  /// The folder in which each part is.
  private let places: [String: PartFolder]

  /// Opens folders of parts of one owner. A part may be in several of them if it is the same there.
  ///
  /// Throws `OutputError`.
  init(_ folders: [PartFolder], of work: PartsOwner.Work) throws {
    self.work = work
    self.folders = folders
    var places: [String: PartFolder] = [:]
    for folder in folders {
      for name in folder.names.sorted() {
        guard let json = folder.json(name) else { continue }
        if let other = places[name], other.json(name) != json {
          throw OutputError(
            "\(other.path) and \(folder.path) hold different results of \(name); leave one of "
              + "them out")
        }
        places[name] = places[name] ?? folder
      }
    }
    self.places = places
  }

  /// Files that are read.
  var files: [String] { folders.map { "\($0.path)/\(PartsOwner.file)" } }

  /// Throws `OutputError` with the names that are missing or damaged, if any are.
  func require(_ names: [String]) throws {
    let missing = names.filter { places[$0] == nil }
    guard !missing.isEmpty else { return }
    throw OutputError(
      "\(missing.count) of \(names.count) parts are missing or damaged in "
        + folders.map(\.path).joined(separator: ", ") + ": " + PartNames.text(missing)
        + "; compute them with --runs or --batches and merge again")
  }

  func kept<Part: Decodable>(_ type: Part.Type, _ name: String) throws -> Part? {
    try places[name]?.kept(type, name)
  }

  /// Nothing new is computed: all parts that were required are there.
  func keep(_ part: some Encodable, _ name: String) {}
}

/// Names of parts for messages.
enum PartNames {
  /// Ranges of numbers for each beginning, as in `training-d600-run-1-3,5`.
  static func text(_ names: [String]) -> String {
    var order: [String] = []
    var numbers: [String: [Int]] = [:]
    for name in names {
      let digits = name.reversed().prefix { $0.isNumber }.count
      let stem = String(name.dropLast(digits))
      if numbers[stem] == nil { order.append(stem) }
      numbers[stem, default: []] += Int(name.suffix(digits)).map { [$0] } ?? []
    }
    return order.map { stem in
      stem + NumberRanges.text((numbers[stem] ?? []).sorted())
    }.joined(separator: ", ")
  }
}
