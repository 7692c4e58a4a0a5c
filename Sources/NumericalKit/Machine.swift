internal import Foundation

/// What this machine offers.
public enum Machine {
  /// Cores that this process may use.
  public static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// What this process may take of the memory now, in addition to what it holds.
  public static var grantedMemory: GrantedMemory {
    GrantedMemory(
      root: "/", physical: Double(ProcessInfo.processInfo.physicalMemory),
      limits: ResourceLimits.current)
  }
}
