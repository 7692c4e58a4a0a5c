internal import LearningProblem
internal import NumericalKit

extension SweepFolder {
  /// The most lines about single tasks.
  private static var most: Int { 20 }

  /// What was planned, for standard output; `time` is the sentence about time.
  public func planned(time: String?) -> String {
    let axes = plan.grid.axes.map { axis in
      let ends = [axis.texts.first, axis.texts.last].compactMap(\.self)
      return "\(axis.key): \(axis.texts.count) values"
        + (axis.texts.count > 1 ? ", \(ends[0]) to \(ends[1])" : ", \(ends[0])")
    }
    let memory =
      plan.bytes > 0
      ? "memory: up to about \(ByteCount.text(plan.bytes)) a task, beside the program" : nil
    let tasks =
      "\(plan.grid.count) tasks of dmft \(plan.command)" + (plan.grid.isPaired ? ", in pairs" : "")
    return
      ([tasks] + axes + [memory, time].compactMap(\.self)
      + [
        "files: \(path)/: sweep.yaml, tasks.csv, \(SweepPlan.problem), run.yaml",
        "run it with: dmft sweep run \(path)",
      ]).joined(separator: "\n")
  }

  /// How far it is, for standard output.
  public func status() -> String {
    let state = state()
    var lines = [
      "\(plan.grid.count) tasks of dmft \(plan.command): \(state.done.count) done, "
        + "\(state.failed.count) failed, \(state.running.count) running, "
        + "\(state.missing.count) missing"
    ]
    func list<Item>(_ items: [Item], _ line: (Item) -> String) {
      lines += items.prefix(Self.most).map(line)
      if items.count > Self.most { lines.append("and \(items.count - Self.most) more") }
    }
    list(state.running) { "running: task \($0.number), \($0.holder)" }
    list(state.failed) {
      "failed: task \($0.number) (\(plan.grid.text($0.number - 1))), exit code "
        + "\($0.failure.exit_code): \($0.failure.message)"
    }
    if !state.missing.isEmpty {
      lines.append("missing: \(NumberRanges.text(state.missing).shown(limit: 400))")
    }
    return lines.joined(separator: "\n")
  }
}
