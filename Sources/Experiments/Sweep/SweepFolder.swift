internal import Foundation
internal import RunStorage

/// The folder of a planned sweep: what is to be done, what is done, and what failed.
///
/// Beside the plan it holds `tasks`, a run folder per finished task, `failures`, a file per task
/// that failed, and `claims`, in which those that work on a task say so.
public struct SweepFolder: Sendable {
  /// Where it is, as the user wrote it.
  public let path: String
  /// The plan.
  public let plan: SweepPlan

  static let planFile = "sweep.yaml"

  /// Opens the sweep at `path`; throws a `Failure`.
  public init(_ path: String) throws {
    self.path = path.trimmedPath
    let file = "\(self.path)/\(Self.planFile)"
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw Failure(
        OutputError("\(self.path) is not the folder of a sweep; `dmft sweep plan` writes one"))
    }
    do {
      plan = try SweepPlan(yaml: text)
    } catch {
      throw Failure(OutputError("\(file) is not as `dmft sweep plan` has written it; plan again"))
    }
  }

  /// The folder in which the tasks of other processes are claimed, made if it is not there.
  func claims() throws -> String { try folder("claims") }

  /// A folder inside, made if it is not there.
  func folder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError("\(folder) cannot be created; ask for the right to write in \(path)")
    }
    return folder
  }

  /// The folder of the results of a task, in that of the sweep; it appears whole.
  func results(_ number: Int) -> String { "tasks/\(plan.name(number))" }

  /// Whether a task is done.
  func isDone(_ number: Int) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(results(number))")
  }

  /// Removes the locks that processes have left which were killed when a task was done already.
  func clearLocks() {
    for folder in ["\(path)/claims", "\(path)/tasks"] {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        let name = String(file.dropFirst().prefix { $0 != "." })
        guard file.hasSuffix(".lock"),
          FileManager.default.fileExists(atPath: "\(path)/tasks/\(name)")
        else { continue }
        (try? Claim(name, in: folder))?.release()
      }
    }
  }

  private func draft(_ number: Int) -> String { "\(path)/failures/.\(plan.name(number)).yaml" }

  private func failure(_ number: Int) -> String { "failures/\(plan.name(number)).yaml" }

  /// Notes that a task failed; to be called by who has claimed it.
  ///
  /// Of a process that is killed meanwhile a draft may be left, which the next one to do the task
  /// removes.
  func record(_ failure: TaskFailure, _ number: Int) throws {
    _ = try folder("failures")
    clearFailure(number)
    do {
      try failure.yaml.write(toFile: draft(number), atomically: false, encoding: .utf8)
      try FileManager.default.moveItem(
        atPath: draft(number), toPath: "\(path)/\(self.failure(number))")
    } catch {
      throw WriteError("\(path)/\(self.failure(number)) cannot be written; make room on the disk")
    }
  }

  /// Forgets that a task failed.
  func clearFailure(_ number: Int) {
    for file in [draft(number), "\(path)/\(failure(number))"] {
      try? FileManager.default.removeItem(atPath: file)
    }
  }

  /// How a task failed; nil if it did not, as far as is noted.
  func failure(of number: Int) -> TaskFailure? {
    (try? String(contentsOfFile: "\(path)/\(failure(number))", encoding: .utf8))
      .flatMap(TaskFailure.init(yaml:))
  }

  /// What is known of all tasks now.
  func state() -> SweepState {
    func names(_ folder: String) -> Set<String> {
      Set((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? [])
    }
    let (done, failed, claimed) = (names("tasks"), names("failures"), names("claims"))
    var state = SweepState()
    for number in 1...plan.grid.count {
      let name = plan.name(number)
      if done.contains(name) {
        state.done.append(number)
      } else if claimed.contains(".\(name).lock"),
        let holder = Claim.holder(of: name, in: "\(path)/claims")
      {
        state.running.append((number, holder))
      } else if failed.contains("\(name).yaml"), let failure = failure(of: number) {
        state.failed.append((number, failure))
      } else {
        state.missing.append(number)
      }
    }
    return state
  }
}

/// Which tasks of a sweep are done, and what became of the others; numbers are ascending.
struct SweepState: Sendable {
  /// With results.
  var done: [Int] = []
  /// Without results, and who works on them.
  var running: [(number: Int, holder: String)] = []
  /// Without results, as they failed.
  var failed: [(number: Int, failure: TaskFailure)] = []
  /// The others.
  var missing: [Int] = []
}
