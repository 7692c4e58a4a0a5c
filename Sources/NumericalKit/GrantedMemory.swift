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

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }

  /// What the process has mapped, holds, and may write, in bytes.
  private static func used(_ root: String) -> (mapped: Double, resident: Double, data: Double) {
    let pages = (text("\(root)/proc/self/statm") ?? "").split(separator: " ")
      .compactMap { Double($0) }
    guard pages.count >= 6 else { return (0, 0, 0) }
    return (pages[0] * bytesOfPage, pages[1] * bytesOfPage, pages[5] * bytesOfPage)
  }

  /// The least limit of the control groups of the process and those above them; nil without.
  private static func controlGroups(_ root: String) -> Double? {
    var least: Double?
    for line in (text("\(root)/proc/self/cgroup") ?? "").split(separator: "\n") {
      // number:controllers:path, without controllers for version 2.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",")
      let (folders, file) =
        parts[0] == "0" && controllers.isEmpty
        ? (["sys/fs/cgroup", "sys/fs/cgroup/unified"], "memory.max")
        : controllers.contains("memory")
          ? (["sys/fs/cgroup/memory"], "memory.limit_in_bytes") : ([], "")
      for folder in folders {
        var path = parts[2].split(separator: "/").filter { $0 != ".." }
        while true {
          let group = path.map { "/\($0)" }.joined()
          if let limit = limit("\(root)/\(folder)\(group)/\(file)") {
            least = min(least ?? limit, limit)
          }
          guard !path.isEmpty else { break }
          path.removeLast()
        }
      }
    }
    return least
  }

  private static func limit(_ path: String) -> Double? {
    // "max" is no number; version 1 has a huge one, above that of any machine.
    text(path).flatMap { Double($0.filter { !$0.isWhitespace }) }
  }
}
