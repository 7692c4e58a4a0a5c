internal import CSystem
internal import Foundation

/// What catches a program that traps.
public enum SafetyNet {
  /// From now on an illegal instruction, a bad access, a failed check or an abort writes one
  /// sentence to standard error and ends the process with status 70.
  ///
  /// Nothing changes where `SWIFT_BACKTRACE` asks the Swift runtime to show the place. A thread
  /// other than the first whose stack overflows still ends by the signal.
  public static func spread() {
    guard ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] == nil else { return }
    _ = dmft_end_traps_with_a_sentence()
  }
}
