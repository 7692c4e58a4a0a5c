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
      let process = start(
        path, arguments, input: script.fileDescriptor, output: output.fileDescriptor)
    else { return .notStarted }
    guard
      let status = Interruption.shared.undoing(
        { kill(-process, SIGKILL) },
        during: {
          wait(for: process, limit: limit)
        })
    else { return .late }
    guard status == 0 else { return .failed(status: status) }
    try output.seek(toOffset: 0)
    return .done(try output.readToEnd() ?? Data())
  }

  /// The number of the started process; nil if it could not be started.
  private static func start(
    _ path: String, _ arguments: [String], input: Int32, output: Int32
  ) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    // Signals that this process handles or ignores mean to the program what they mean elsewhere.
    unsafe sigfillset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &none)
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let result = unsafe posix_spawn(&process, path, &actions, &attributes, &words, environ)
    return result == 0 ? process : nil
  }

  /// The exit status, or 128 plus the signal; nil if the process was stopped after the limit.
  private static func wait(for process: pid_t, limit: Duration) -> Int32? {
    let end = ContinuousClock.now + limit
    var status: Int32 = 0
    while unsafe waitpid(process, &status, WNOHANG) == 0 {
      guard ContinuousClock.now < end else {
        kill(-process, SIGKILL)
        unsafe waitpid(process, &status, 0)
        return nil
      }
      usleep(1000)
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
