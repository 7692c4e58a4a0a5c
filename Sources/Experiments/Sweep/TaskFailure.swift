internal import NumericalKit
internal import Yams

/// Why a task of a sweep has no results: a file of two lines.
struct TaskFailure: Sendable, Equatable, Codable {
  /// The exit status of its process, or 128 plus the signal that ended it.
  let exit_code: Int32
  /// What it said last.
  let message: String

  /// A failure by status and the text on standard error.
  init(status: Int32, errors: String) {
    exit_code = status
    let last = errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    let prefix = "dmft: "
    let said = last.hasPrefix(prefix) ? String(last.dropFirst(prefix.count)) : last
    message =
      !said.isEmpty
      ? said
      : status == 128 + 9
        ? "killed from outside, such as for want of memory"
        : status > 128 ? "ended by signal \(status - 128)" : "no message"
  }

  /// Reads what `yaml` has written; nil for anything else.
  init?(yaml: String) {
    guard let failure = try? YAMLDecoder().decode(TaskFailure.self, from: yaml) else { return nil }
    self = failure
  }

  /// Whether a signal ended it, which says nothing about the task.
  var isInterruption: Bool { exit_code > 128 }

  /// The text of its file.
  var yaml: String { "exit_code: \(exit_code)\nmessage: \(message.quoted)\n" }
}
