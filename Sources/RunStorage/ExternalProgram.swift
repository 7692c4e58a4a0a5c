public import Foundation

/// A program that reads a text and writes bytes, run for a limited time.
///
/// It is the head of a process group of its own, which is ended as a whole: after the limit, and
/// when a signal ends this process.
public enum ExternalProgram {
  /// How it ended.
  public enum Outcome: Sendable {
    /// By itself, with exit status 0, having written this.
    case done(Data)
    /// By itself, with another status, or by a signal: 128 plus its number.
    case failed(status: Int32)
    /// It was stopped after the limit.
    case late
    /// It could not be started.
    case notStarted
  }

  /// Runs the program at `path` on `input`, for at most `limit`.
  ///
  /// Input and output pass through nameless files beside the results: pipes block if both are long,
  /// and stay open if the program leaves children behind.
  public static func run(
    _ path: String, _ arguments: [String], input: String, limit: Duration,
    in directory: RunDirectory
  ) throws -> Outcome {
    let (script, output) = (try directory.scratchFile(), try directory.scratchFile())
    try script.write(contentsOf: Data(input.utf8))
    try script.seek(toOffset: 0)
    guard
      let process = ChildProcess(
        path, arguments, input: script.fileDescriptor, output: output.fileDescriptor)
    else { return .notStarted }
    guard
      let status = Interruption.shared.undoing(
        { process.end(SIGKILL) }, during: { process.wait(limit: limit) })
    else { return .late }
    guard status == 0 else { return .failed(status: status) }
    try output.seek(toOffset: 0)
    return .done(try output.readToEnd() ?? Data())
  }
}
