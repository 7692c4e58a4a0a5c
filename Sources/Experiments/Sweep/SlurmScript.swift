internal import Foundation
internal import NumericalKit
internal import RunStorage

/// A job array of Slurm that runs what is missing of a sweep.
public struct SlurmScript {
  /// What each element of the array gets.
  public struct Options: Sendable {
    /// The most elements.
    public var arraySize = 50
    /// The time limit of each, as sbatch takes it.
    public var time = "01:00:00"
    /// The partition; nil takes that of the cluster.
    public var partition: String?
    /// Threads of a task.
    public var cores = 1
    /// Memory, as sbatch takes it; nil takes that of the cluster.
    public var memory: String?
    /// Whether tasks that failed are tried again.
    public var retries = false

    /// The defaults.
    public init() {}
  }

  private static let file = "sweep.sbatch"

  private let folder: SweepFolder
  private let options: Options
  private let executable: String
  /// Tasks that are to be run.
  private let count: Int
  /// Seconds before the time limit at which tasks are ended in order.
  private let notice: Int

  /// A script for the sweep in `folder` that starts the program at `executable`; throws a
  /// `Failure` for options that Slurm would refuse.
  public init(_ folder: SweepFolder, options: Options, executable: String) throws {
    guard let limit = Self.seconds(options.time), limit >= 60 else {
      throw Failure(
        UsageError(
          "--time", found: options.time,
          allowed: "a minute or more as sbatch takes it: MINUTES, HH:MM:SS, D-HH or D-HH:MM:SS"))
    }
    guard options.memory?.wholeMatch(of: /[1-9][0-9]*[KMGT]?/) != nil || options.memory == nil
    else {
      throw Failure(
        UsageError("--memory", found: options.memory ?? "", allowed: "as in 500M or 4G"))
    }
    guard options.partition?.wholeMatch(of: /[\w.,\-]+/) != nil || options.partition == nil else {
      throw Failure(
        UsageError("--partition", found: options.partition ?? "", allowed: "names of partitions"))
    }
    (self.folder, self.options, self.executable) = (folder, options, executable)
    notice = min(60, limit / 5)
    let state = folder.state()
    count =
      state.missing.count + state.running.count
      + state.failed.count { options.retries || $0.failure.isInterruption }
  }

  /// Writes the script into the folder of the sweep and, if asked for, submits it; returns the text
  /// for standard output.
  public func write(submits: Bool) throws -> String {
    guard count > 0 else {
      return "nothing is missing; collect it with: dmft sweep collect \(folder.path)"
    }
    do {
      _ = try folder.folder("slurm")
      let path = "\(folder.path)/\(Self.file)"
      do {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      } catch {
        throw WriteError("\(path) cannot be written; make room on the disk")
      }
      let size = min(count, options.arraySize)
      let what = "\(count) tasks in a job array of \(size): \(path)"
      guard submits else { return "\(what)\nsubmit it with: sbatch \(path)" }
      return "\(what)\nsubmitted as job \(try submit(path))"
    } catch {
      throw Failure(error)
    }
  }

  /// The script.
  var text: String {
    let home = URL(fileURLWithPath: folder.path).standardized.path
    let size = min(count, options.arraySize)
    let optional = [
      options.partition.map { "#SBATCH --partition=\($0)" },
      options.memory.map { "#SBATCH --mem=\($0)" },
    ].compactMap { $0.map { $0 + "\n" } }.joined()
    return """
      #!/bin/bash
      # Runs what is missing of a sweep: \(count) of \(folder.plan.grid.count) tasks when this was \
      written by dmft \(RunRecord.version).
      # It may be submitted and requeued again and again: what is done is skipped.
      #SBATCH --job-name=\(Self.word(home.fileName))
      #SBATCH --array=1-\(size)
      #SBATCH --time=\(options.time)
      #SBATCH --cpus-per-task=\(options.cores)
      \(optional)#SBATCH --output=\(home.replacing(" ", with: "\\ "))/slurm/%A_%a.log
      #SBATCH --open-mode=append
      #SBATCH --requeue
      # \(notice) s before the time limit the task in flight is ended in order and left to \
      the next job.
      #SBATCH --signal=B:TERM@\(notice)

      sweep=\(Self.quoted(home))
      dmft=\(Self.quoted(executable))

      # Element I of N runs the tasks I, I + N, I + 2N, ... one after the other.
      exec "$dmft" sweep run "$sweep" --share "$SLURM_ARRAY_TASK_ID/\(size)" --jobs 1 \\
        --threads-per-task "${SLURM_CPUS_PER_TASK:-1}"\(options.retries ? " --retry" : "")

      """
  }

  /// The number of the job that sbatch makes of the script.
  private func submit(_ path: String) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let program = folders.map { "\($0)/sbatch" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let program else {
      throw OutputError("sbatch is not in PATH; submit \(path) where Slurm is")
    }
    let claim: Claim
    do {
      claim = try Claim("slurm", in: folder.claims())
    } catch let taken as Claim.Taken {
      throw OutputError(
        "\(folder.path) is being submitted by \(taken.holder ?? "another process"); wait for it")
    }
    defer { claim.release() }
    let said = try claim.scratchFile()
    let file = said.fileDescriptor
    let child = ChildProcess(program, ["--parsable", path], output: file, errors: file)
    let status = child?.wait(limit: .seconds(60))
    try said.seek(toOffset: 0)
    let text = String(decoding: try said.readToEnd() ?? Data(), as: UTF8.self)
    let answer = text.split(whereSeparator: \.isNewline).last
    guard status == 0, let job = answer else {
      throw WriteError("sbatch did not take \(path): \(answer ?? "no answer")")
    }
    return String(job.prefix { $0 != ";" })
  }

  /// A time limit as sbatch takes it, in seconds; nil for anything else.
  static func seconds(_ text: String) -> Int? {
    guard let match = text.wholeMatch(of: /(?:(\d{1,3})-)?(\d{1,4})(?::(\d{1,2}))?(?::(\d{1,2}))?/)
    else { return nil }
    let numbers = [match.2, match.3, match.4].compactMap { $0.flatMap { Int($0) } }
    let days = match.1.flatMap { Int($0) }
    // Without days the last number of two is seconds, of one minutes; with days hours come first.
    let weights =
      days != nil ? [3600, 60, 1] : numbers.count == 3 ? [3600, 60, 1] : [60, 1]
    return (days ?? 0) * 86_400 + zip(numbers, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// A text as the shell takes it.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// A text as a word without blanks.
  private static func word(_ text: String) -> String {
    text.replacing(/[^\w.\-]/, with: "_")
  }
}
