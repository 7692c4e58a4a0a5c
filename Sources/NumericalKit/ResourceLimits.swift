#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Limits on the memory of a process, which `ulimit` sets, in bytes; infinite where there is none.
public struct ResourceLimits: Sendable {
  /// Addresses that may be mapped, `ulimit -v`.
  public var addresses = Double.infinity
  /// Private memory that may be written, `ulimit -d`.
  public var data = Double.infinity

  /// No limits.
  public init() {}

  /// Those of this process.
  static var current: ResourceLimits {
    var limits = ResourceLimits()
    #if canImport(Glibc)
      limits.addresses = soft(__rlimit_resource_t(RLIMIT_AS.rawValue))
      limits.data = soft(__rlimit_resource_t(RLIMIT_DATA.rawValue))
    #else
      limits.addresses = soft(RLIMIT_AS)
      limits.data = soft(RLIMIT_DATA)
    #endif
    return limits
  }

  #if canImport(Glibc)
    private typealias Kind = __rlimit_resource_t
  #else
    private typealias Kind = Int32
  #endif

  private static func soft(_ kind: Kind) -> Double {
    var limit = rlimit()
    guard unsafe getrlimit(kind, &limit) == 0 else { return .infinity }
    return limit.rlim_cur == ~0 || limit.rlim_cur > UInt64(Int64.max)
      ? .infinity : Double(limit.rlim_cur)
  }
}
