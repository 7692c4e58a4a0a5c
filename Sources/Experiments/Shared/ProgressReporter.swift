internal import Foundation
internal import Synchronization

/// Tells on standard error how far a computation is: a bar with the time left on a terminal, one
/// line per tenth otherwise, nothing if quiet. May be called from any thread.
public final class ProgressReporter: Sendable {
  /// Where the text goes.
  public enum Style: Sendable {
    /// A bar that is redrawn.
    case bar
    /// One line per tenth.
    case lines
    /// Nothing.
    case silent
  }

  private struct State {
    var tenth = 0
    var lastDrawn: ContinuousClock.Instant?
    var finished = false
  }
  private let name: String
  private let style: Style
  private let output: @Sendable (String) -> Void
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// A reporter for the computation called `name`.
  public init(
    _ name: String, style: Style,
    output: @escaping @Sendable (String) -> Void = ProgressReporter.standardError
  ) {
    self.name = name
    self.style = style
    self.output = output
  }

  /// The style that fits standard error.
  public static func style(quiet: Bool) -> Style {
    quiet ? .silent : isatty(STDERR_FILENO) == 1 ? .bar : .lines
  }

  /// Writes to standard error.
  public static let standardError: @Sendable (String) -> Void = { text in
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Reports the fraction done, 0 to 1; going back is ignored.
  public func report(_ fraction: Double) {
    guard style != .silent else { return }
    let elapsed = Self.seconds(ContinuousClock.now - start)
    let text = state.withLock { state in
      style == .bar ? bar(fraction, elapsed, &state) : line(fraction, elapsed, &state)
    }
    if let text { output(text) }
  }

  private func line(_ fraction: Double, _ elapsed: Double, _ state: inout State) -> String? {
    let tenth = Int(10 * fraction + 1e-9)
    guard tenth > state.tenth else { return nil }
    state.tenth = tenth
    return "\(name): \(10 * tenth) % after \(Self.text(seconds: elapsed))\n"
  }

  private func bar(_ fraction: Double, _ elapsed: Double, _ state: inout State) -> String? {
    let now = ContinuousClock.now
    let finished = fraction >= 1
    let recent = state.lastDrawn.map { now - $0 < .milliseconds(100) } ?? false
    guard !state.finished, finished || !recent else { return nil }
    state.lastDrawn = now
    state.finished = finished
    let filled = Int(30 * min(max(fraction, 0), 1))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
    let time =
      finished
      ? Self.text(seconds: elapsed) + "       \n"
      : fraction > 0 ? Self.text(seconds: elapsed * (1 / fraction - 1)) + " left" : ""
    return "\r\(name) [\(bar)] \(Int(100 * fraction)) % \(time)  ".trimmedLineEnd
  }

  /// `0.4 s`, `12 s`, `3:07 min`.
  static func text(seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    if seconds < 100 { return String(format: "%.0f s", seconds) }
    let whole = Int(seconds)
    return String(format: "%d:%02d min", whole / 60, whole % 60)
  }

  private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}

extension String {
  /// Nothing may follow a line end.
  fileprivate var trimmedLineEnd: String {
    firstIndex(of: "\n").map { String(self[...$0]) } ?? self
  }
}
