internal import CSystem
internal import Foundation

/// A program on its way, the head of a process group of its own.
public struct ChildProcess: Sendable, Hashable {
  /// In the environment of a program that is to end with the process that started it, its number.
  private static let parentKey = "DMFT_PARENT"

  /// Its number.
  public let number: Int32

  /// Starts the program at `path`; nil if that is not possible.
  ///
  /// - Parameters:
  ///   - folder: where it works; nil takes that of this process.
  ///   - input, output, errors: its standard streams; nil is `/dev/null`.
  ///   - inherited: another file that it holds open until its end.
  ///   - endsWithParent: whether a `dmft` gets SIGTERM when this process ends, however it ends. On
  ///     Linux; to be started by the first thread, which lives as long as the process.
  public init?(
    _ path: String, _ arguments: [String], in folder: String? = nil, input: Int32? = nil,
    output: Int32? = nil, errors: Int32? = nil, inherited: Int32? = nil,
    endsWithParent: Bool = false
  ) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (stream, file) in [
      (STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, errors),
    ] {
      if let file {
        unsafe posix_spawn_file_actions_adddup2(&actions, file, stream)
      } else {
        unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
      }
    }
    if let inherited { unsafe posix_spawn_file_actions_adddup2(&actions, inherited, 3) }
    if let folder { unsafe posix_spawn_file_actions_addchdir_np(&actions, folder) }
    // Signals that this process handles or ignores mean to the program what they mean elsewhere.
    unsafe sigfillset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &none)
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var variables = ProcessInfo.processInfo.environment
    if endsWithParent {
      variables[Self.parentKey] = "\(ProcessInfo.processInfo.processIdentifier)"
    }
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var environment =
      unsafe variables.sorted { $0.key < $1.key }
      .map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      unsafe words.forEach { unsafe free($0) }
      unsafe environment.forEach { unsafe free($0) }
    }
    var process: pid_t = 0
    guard
      unsafe posix_spawn(&process, path, &actions, &attributes, &words, &environment) == 0
    else { return nil }
    number = process
  }

  private init(number: Int32) { self.number = number }

  /// To be called first by a program that others may start: it then ends with them if they said so.
  public static func endWithParent() {
    let text = ProcessInfo.processInfo.environment[parentKey]
    guard let parent = text.flatMap({ Int32($0) }) else { return }
    unsafe unsetenv(parentKey)  // what this process starts is its own affair
    dmft_end_with_parent(SIGTERM)
    if getppid() != parent { _exit(128 + SIGTERM) }
  }

  /// Sends a signal to it and to all that it has started.
  public func end(_ signal: Int32) { kill(-number, signal) }

  /// The exit status, or 128 plus the signal; nil if it was stopped after the limit, or if another
  /// thread has waited for its end.
  public func wait(limit: Duration) -> Int32? {
    let end = ContinuousClock.now + limit
    var status: Int32 = 0
    while true {
      let ended = unsafe waitpid(number, &status, WNOHANG)
      if ended == number { return Self.exitStatus(status) }
      guard ended == 0 else { return nil }
      guard ContinuousClock.now < end else {
        self.end(SIGKILL)
        unsafe waitpid(number, &status, 0)
        return nil
      }
      usleep(1000)
    }
  }

  /// Waits for the end of any child of this process; nil if there is none.
  static func waitForAny() -> (process: ChildProcess, status: Int32)? {
    var status: Int32 = 0
    while true {
      let number = unsafe waitpid(-1, &status, 0)
      if number > 0 { return (ChildProcess(number: number), exitStatus(status)) }
      guard errno == EINTR else { return nil }
    }
  }

  private static func exitStatus(_ status: Int32) -> Int32 {
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
