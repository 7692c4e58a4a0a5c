/// Tells on standard error how far a sweep is, in one line that is redrawn on a terminal, and in a
/// line per tenth otherwise.
struct SweepProgress {
  private let style: ProgressReporter.Style
  private let total: Int
  private let start = ContinuousClock.now
  private var (done, failed, tenth) = (0, 0, 0)

  /// Progress of so many tasks.
  init(of total: Int, style: ProgressReporter.Style) {
    (self.total, self.style) = (total, style)
    if style == .bar { ProgressReporter.standardError("\r" + text) }
  }

  /// A task came to its end.
  mutating func end(failed hasFailed: Bool) {
    if hasFailed { failed += 1 } else { done += 1 }
    let ended = done + failed
    switch style {
    case .silent: break
    case .bar: ProgressReporter.standardError("\r" + text + (ended == total ? "\n" : ""))
    case .lines:
      guard 10 * ended / total > tenth else { return }
      tenth = 10 * ended / total
      ProgressReporter.standardError(text + "\n")
    }
  }

  private var text: String {
    let ended = done + failed
    let left = total - ended
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let time =
      left == 0
      ? "took " + ProgressReporter.text(seconds: elapsed)
      : ended == 0
        ? "" : ProgressReporter.text(seconds: elapsed / Double(ended) * Double(left)) + " left"
    return "sweep: \(done) done, \(failed) failed, \(left) left" + (time.isEmpty ? "" : ", \(time)")
      + (style == .bar ? "      " : "")
  }
}
