internal import LearningProblem

/// What one replica (a batch of the theory, a run of the training) measured along its path.
public struct Recording: Sendable {
  /// Steps at which it measured, ascending.
  public private(set) var steps: [Int] = []
  /// Observables, in order of appearance.
  public private(set) var observables: [Observable] = []
  private var columns: [Observable: [Estimate]] = [:]

  /// Bytes of so many rows of all that theory and training record: some fifteen estimates.
  public static func bytes(rows: Int) -> Double {
    Double(rows) * 15 * Double(MemoryLayout<Estimate>.stride)
  }

  /// An empty recording.
  public init() {}

  /// Starts the row of `step`.
  public mutating func begin(step: Int) {
    precondition(steps.last.map { $0 < step } ?? true, "step \(step) after \(steps)")
    steps.append(step)
  }

  /// Adds a value to the current row.
  public mutating func record(_ observable: Observable, _ value: Double) {
    record(observable, Estimate(value))
  }

  /// Adds a value that has an error of its own, common to all replicas.
  public mutating func record(_ observable: Observable, _ estimate: Estimate) {
    if columns[observable] == nil { observables.append(observable) }
    columns[observable, default: []].append(estimate)
    precondition(
      columns[observable]?.count == steps.count,
      "\(observable.name) must be recorded once at each of the \(steps.count) steps")
  }

  /// The values of one observable, one per step; empty if it was not recorded.
  public func values(_ observable: Observable) -> [Estimate] { columns[observable] ?? [] }

  /// The mean of recordings along different paths of one replica, all with the same rows.
  ///
  /// Observables that one of them lacks are left out; errors of their own are taken as common.
  public static func mean(of recordings: [Recording]) -> Recording {
    guard recordings.count > 1, let first = recordings.first else {
      return recordings.first ?? Recording()
    }
    var mean = Recording()
    let count = Double(recordings.count)
    let known = first.observables.filter { observable in
      recordings.allSatisfy { !$0.values(observable).isEmpty }
    }
    for (row, step) in first.steps.enumerated() {
      mean.begin(step: step)
      for observable in known {
        let estimates = recordings.map { $0.values(observable)[row] }
        mean.record(
          observable,
          Estimate(
            estimates.reduce(0) { $0 + $1.value } / count,
            standardError: estimates.reduce(0) { $0 + $1.standardError } / count))
      }
    }
    return mean
  }
}
