internal import Foundation

/// What a process may take of the memory in addition to what it holds, and who says so.
///
/// The least of the physical memory, of the limits of its control groups (v1 and v2, its own and
/// all above it), less what it holds, and of what `ulimit -v` and `ulimit -d` leave.
public struct GrantedMemory: Sendable, Equatable, CustomStringConvertible {
  /// Who grants it.
  public enum Source: String, Sendable {
    /// There is no more.
    case machine = "this machine"
    /// A control group: a container, a job of a cluster.
    case controlGroup = "cgroup"
    /// `ulimit -v`.
    case addresses = "ulimit -v"
    /// `ulimit -d`.
    case data = "ulimit -d"
  }

  /// Bytes, at least 0, if one thread works.
  public let bytes: Double
  /// Who grants no more.
  public let source: Source

  /// What every further thread takes of them besides its work.
  public var bytesOfThread: Double {
    switch source {
    case .machine, .controlGroup: 0
    case .addresses, .data: Self.mappedByThread
    }
  }

  /// Bytes that `source` grants.
  public init(bytes: Double, source: Source) {
    self.bytes = max(0, bytes)
    self.source = source
  }

  /// What each thread maps and hardly uses: OpenBLAS's buffer of 32 << 22 bytes, for whose
  /// addresses it asks for ever if there are none, and a stack of 8 MB.
  private static let mappedByThread = 144e6
  private static let bytesOfPage = Double(sysconf(Int32(_SC_PAGESIZE)))

  /// Reads the files of Linux below `root`; those that are not there limit nothing.
  public init(root: String, physical: Double, limits: ResourceLimits) {
    let used = Self.used(root)
    var granted = [Self(bytes: physical - used.resident, source: .machine)]
    if let limit = Self.controlGroups(root) {
      granted.append(Self(bytes: limit - used.resident, source: .controlGroup))
    }
    granted.append(
      Self(bytes: limits.addresses - used.mapped - Self.mappedByThread, source: .addresses))
    granted.append(Self(bytes: limits.data - used.data - Self.mappedByThread, source: .data))
    self = granted.reduce(granted[0]) { $1.bytes < $0.bytes ? $1 : $0 }
  }

  /// As in "2.0 GB granted to this process (ulimit -v)".
  public var description: String {
    "\(ByteCount.text(bytes)) "
      + (source == .machine
        ? "that this machine has" : "granted to this process (\(source.rawValue))")
  }

  // MARK: Linux

  /// What the process has mapped, holds, and may write, in bytes.
  private static func used(_ root: String) -> (mapped: Double, resident: Double, data: Double) {
    let pages = (ControlGroups.text("\(root)/proc/self/statm") ?? "").split(separator: " ")
      .compactMap { Double($0) }
    guard pages.count >= 6 else { return (0, 0, 0) }
    return (pages[0] * bytesOfPage, pages[1] * bytesOfPage, pages[5] * bytesOfPage)
  }

  /// The least limit of the control groups of the process and those above them; nil without.
  /// Version 1 has a huge one, above that of any machine, where there is none.
  private static func controlGroups(_ root: String) -> Double? {
    ControlGroups(root: root).folders(of: .memory).compactMap { path, version in
      ControlGroups.number("\(path)/\(version == .two ? "memory.max" : "memory.limit_in_bytes")")
    }.min()
  }
}
