public import Foundation

/// What was typed, when, and what sources the program was built from: what every `run.yaml` says of
/// its command.
public struct Invocation: Sendable {
  /// The command in a form that a shell reads back as the same words.
  public let command: String
  /// The commit that the program was built from; nil if it is not known.
  public let commit: String?
  /// Whether its sources differed from that commit.
  public let hasSourceChanges: Bool?
  /// When it began.
  public let start: Date

  /// A command of these words, the name of the program first.
  public init(
    _ words: [String] = ["dmft"], commit: String? = nil, hasSourceChanges: Bool? = nil,
    start: Date = .now
  ) {
    command = words.map(Self.quoted).joined(separator: " ")
    self.commit = commit
    self.hasSourceChanges = hasSourceChanges
    self.start = start
  }

  /// A word as a POSIX shell takes it, in single quotes if some of its characters mean something.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
        || "_@%+=:,./-".unicodeScalars.contains($0)
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
