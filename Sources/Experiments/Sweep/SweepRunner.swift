internal import Foundation
internal import NumericalKit
internal import RunStorage

/// Runs the tasks of a sweep that are not done, each in a process of its own.
///
/// Each task is claimed before it is started, and its process inherits the claim, so that of
/// several runs of a sweep, also on several machines, one does it. A run that is ended by a signal
/// ends its tasks; one that is killed takes them along (Linux), and what they leave behind
/// is removed when they are run again.
public struct SweepRunner {
  /// How they are run.
  public struct Options: Sendable {
    /// Which of them.
    public var tasks = TaskSelection.all
    /// How many at once; nil takes as many as cores and memory allow.
    public var jobs: Int?
    /// Threads of each.
    public var threads = 1
    /// Whether those that failed are tried again.
    public var retries = false
    /// No progress.
    public var quiet = false

    /// The defaults.
    public init() {}
  }

  private struct Job {
    let number: Int
    let claim: Claim
    let errors: FileHandle
  }

  private let folder: SweepFolder
  private let options: Options
  private let executable: String

  /// A runner that starts the program at `executable`.
  public init(_ folder: SweepFolder, options: Options, executable: String) {
    (self.folder, self.options, self.executable) = (folder, options, executable)
  }

  /// Runs them; returns the text for standard output, and throws a `Failure` if any of them failed.
  public func run() throws -> String {
    do {
      return try finished()
    } catch {
      throw Failure(error)
    }
  }

  private func finished() throws -> String {
    let selected = Set(try options.tasks.numbers(of: folder.plan.grid.count))
    let before = folder.state()
    var waiting = (before.missing + before.running.map(\.number)).filter(selected.contains)
    waiting += before.failed.filter { options.retries || $0.failure.isInterruption }
      .map(\.number).filter(selected.contains)
    waiting.sort()
    _ = try folder.folder("tasks")
    var held = try run(waiting)
    // Whoever had them may have ended meanwhile.
    if !held.isEmpty { held = try run(held.map(\.number)) }
    folder.clearLocks()
    let after = folder.state()
    let failed = after.failed.filter { selected.contains($0.number) }
    guard failed.isEmpty else {
      let first = failed[0]
      throw Failure(
        "\(failed.count) of \(selected.count) tasks failed, the first of them task "
          + "\(first.number): \(first.failure.message); `dmft sweep status \(folder.path)` shows "
          + "all, --retry tries them again", status: Failure.failed)
    }
    let done = after.done.count { selected.contains($0) }
    let others =
      held.isEmpty
      ? ""
      : "\nnote: \(held.count) are held by others, such as task \(held[0].number) by "
        + held[0].holder
    return "\(done) of \(selected.count) tasks are done\(others)\n"
      + "collect them with: dmft sweep collect \(folder.path)"
  }

  /// The jobs that fit: one per core and what the estimated memory allows.
  private var jobs: Int {
    if let jobs = options.jobs { return jobs }
    let cores = max(1, Machine.grantedThreads.count / options.threads)
    let bytes = folder.plan.bytes * Double(options.threads)
    guard bytes > 0 else { return cores }
    return max(1, min(cores, Int(min(Machine.grantedMemory.bytes / bytes, 1e6))))
  }

  /// Runs those of `waiting` that nobody else has; returns the others and who has them.
  private func run(_ waiting: [Int]) throws -> [(number: Int, holder: String)] {
    guard !waiting.isEmpty else { return [] }
    let claims = try folder.claims()
    let most = self.jobs
    let group = ChildGroup()
    var progress = SweepProgress(
      of: waiting.count, style: ProgressReporter.style(quiet: options.quiet))
    var held: [(number: Int, holder: String)] = []
    var jobs: [ChildProcess: Job] = [:]
    var rest = waiting[...]
    return try group.running {
      while true {
        while jobs.count < most, let number = rest.popFirst() {
          do {
            let claim = try Claim(folder.plan.name(number), in: claims)
            guard !folder.isDone(number) else {
              claim.release()
              progress.end(failed: false)
              continue
            }
            let job = Job(number: number, claim: claim, errors: try claim.scratchFile())
            jobs[try start(job, in: group)] = job
          } catch let taken as Claim.Taken {
            held.append((number, taken.holder ?? "another process"))
          }
        }
        guard !jobs.isEmpty, let ended = group.waitForAny() else { return held }
        guard let job = jobs.removeValue(forKey: ended.child) else { continue }
        progress.end(failed: try !finish(job, status: ended.status))
      }
    }
  }

  private func start(_ job: Job, in group: ChildGroup) throws -> ChildProcess {
    let arguments = folder.plan.arguments(
      job.number, output: folder.results(job.number), threads: options.threads)
    let child = group.add {
      ChildProcess(
        executable, arguments, in: folder.path, errors: job.errors.fileDescriptor,
        inherited: job.claim.file, endsWithParent: true)
    }
    guard let child else {
      throw WriteError("task \(job.number) cannot be started: \(executable), in \(folder.path)")
    }
    return child
  }

  /// Notes how a task ended and gives it back; whether there are results.
  private func finish(_ job: Job, status: Int32) throws -> Bool {
    defer { job.claim.release() }
    // Exit status 1 is a result too: theory and training disagree.
    if folder.isDone(job.number) {
      folder.clearFailure(job.number)
      return true
    }
    try job.errors.seek(toOffset: 0)
    let errors = String(decoding: try job.errors.readToEnd() ?? Data(), as: UTF8.self)
    try folder.record(TaskFailure(status: status, errors: errors), job.number)
    return false
  }
}
