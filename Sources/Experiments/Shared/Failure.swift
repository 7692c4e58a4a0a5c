internal import LearningProblem
internal import Observables
internal import RunStorage

/// How a command ends: one message and the exit status it stands for.
public struct Failure: Error, Sendable, CustomStringConvertible {
  /// Bad usage: the command line or a folder.
  public static let usage: Int32 = 64
  /// A bad or unsupported problem.
  public static let badProblem: Int32 = 65
  /// The solver or the writing of results failed.
  public static let failed: Int32 = 70
  /// Standard output could not be written.
  public static let output: Int32 = 74
  /// The time limit was reached; the same command goes on.
  public static let unfinished: Int32 = 75
  /// Whoever read standard output left: as if the signal SIGPIPE had ended the command.
  static let brokenPipe: Int32 = 128 + 13

  /// The most characters of a message, which may hold two paths; longer ones are cut in the middle.
  private static let longest = 1600

  /// One line.
  public let description: String
  /// The exit status.
  public let status: Int32

  /// Translates an error; `file` is the problem file it is about.
  public init(_ error: any Error, file: String = "") {
    let place = file.isEmpty ? "" : "\(file): "
    switch error {
    case let error as Failure: self = error
    case let error as ProblemError: self.init("\(error)", status: Self.badProblem)
    case let error as Mismatch: self.init("\(place)\(error)", status: Self.badProblem)
    case let error as UsageError: self.init("\(error)", status: Self.usage)
    case let error as OutputError: self.init("\(error)", status: Self.usage)
    case let error as WriteError: self.init("\(error)", status: Self.failed)
    case let error as SolverError:
      if case .unsupported = error {
        self.init("\(place)\(error)", status: Self.badProblem)
      } else {
        self.init("\(place)\(error)", status: Self.failed)
      }
    default: self.init("\(place)\(error)", status: Self.failed)
    }
  }

  /// The lines of a message that may quote what was typed, long ones cut in the middle.
  public static func lines(_ message: String) -> String {
    message.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "\n" : String($0).shown(limit: 800) + "\n" }.joined()
  }

  /// Creates a failure from its line and status.
  init(_ description: String, status: Int32) {
    self.description = description.shown(limit: Self.longest)
    self.status = status
  }
}
