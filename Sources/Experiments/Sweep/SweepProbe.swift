internal import Foundation
internal import NumericalKit
internal import RunStorage

/// One task of a sweep, run and timed to say how long all of them will take.
public struct SweepProbe {
  /// After this it is stopped.
  private static let limit = Duration.seconds(60)

  private let folder: SweepFolder
  private let operations: [Double]?

  /// A probe of a sweep whose tasks take so many operations each; nil where they are not counted.
  public init(_ folder: SweepFolder, operations: [Double]?) {
    (self.folder, self.operations) = (folder, operations)
  }

  /// What all tasks take, in words; runs the task of about average size with the program at
  /// `executable`, whose results are not kept.
  public func text(executable: String) throws -> String {
    let plan = folder.plan
    let operations = operations ?? Array(repeating: 1, count: plan.grid.count)
    let mean = operations.reduce(0, +) / Double(operations.count)
    let number =
      1 + (operations.indices.min { abs(operations[$0] - mean) < abs(operations[$1] - mean) } ?? 0)
    let results = NSTemporaryDirectory() + "/dmft-probe-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: results) }
    do {
      let claim = try Claim("probe", in: try folder.claims())
      defer { claim.release() }
      let errors = try claim.scratchFile()
      let start = ContinuousClock.now
      let group = ChildGroup()
      let status: Int32? = try group.running {
        let child = group.add {
          ChildProcess(
            executable, plan.arguments(number, output: results, threads: 1), in: folder.path,
            errors: errors.fileDescriptor, inherited: claim.file, endsWithParent: true)
        }
        guard let child else { throw WriteError("\(executable) cannot be started") }
        return child.wait(limit: Self.limit)
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      try errors.seek(toOffset: 0)
      let said = String(decoding: try errors.readToEnd() ?? Data(), as: UTF8.self)
      return Self.text(
        seconds, of: number, all: operations.reduce(0, +) / operations[number - 1],
        end: status.map { [0, 1].contains($0) ? nil : TaskFailure(status: $0, errors: said) })
    } catch let taken as Claim.Taken {
      return "time: not measured, as \(taken.holder ?? "another process") measures it now"
    } catch {
      throw Failure(error)
    }
  }

  /// - Parameters:
  ///   - tasks: how many tasks like this one all take.
  ///   - end: its failure or nil; nil for one that was stopped.
  private static func text(
    _ seconds: Double, of number: Int, all tasks: Double, end: TaskFailure??
  ) -> String {
    guard let end else {
      return
        "time: task \(number) takes more than \(limit / .seconds(1)) s on one thread; all more "
        + "than \(ProgressReporter.text(seconds: seconds * tasks)) of one core"
    }
    if let failure = end {
      return "time: not measured, as task \(number) failed: \(failure.message)"
    }
    let total = seconds * tasks
    let cores = Machine.grantedThreads.count
    return "time: about \(ProgressReporter.text(seconds: total)) of one core (task \(number) took "
      + "\(ProgressReporter.text(seconds: seconds)))"
      + (cores > 1
        ? ", \(ProgressReporter.text(seconds: total / Double(cores))) on the \(cores) here" : "")
  }
}
