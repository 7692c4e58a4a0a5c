internal import CSystem
internal import Foundation

/// What catches a program that traps.
public enum SafetyNet {
  /// From now on an illegal instruction, a bad access, a failed check or an abort writes one
  /// sentence to standard error and ends the process with status 70.
  ///
  /// Nothing changes where `SWIFT_BACKTRACE` asks the Swift runtime to show the place. Only the
  /// first thread is caught when its stack overflows; docs/decisions/errors.md says why that is
  /// enough.
  public static func spread() {
    guard ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] == nil else { return }
    _ = dmft_end_traps_with_a_sentence()
  }
}
