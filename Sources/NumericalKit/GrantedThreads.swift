internal import Foundation

/// How many threads a process was granted, and who says so.
///
/// The least of the cores of the machine, of those that it may run on (`taskset`, a cpuset), of the
/// quotas of its control groups (v1 and v2, its own and all above it; parts of a core count as
/// one), and of `SLURM_CPUS_PER_TASK`. More threads than that would wait for each other.
public struct GrantedThreads: Sendable, Equatable, CustomStringConvertible {
  /// Who grants them.
  public enum Source: String, Sendable {
    /// There are no more cores.
    case machine = "cores of this machine"
    /// The cores that the process may run on.
    case affinity = "affinity mask"
    /// A quota of processor time: a container, a job of a cluster.
    case controlGroup = "cgroup quota"
    /// What a job of Slurm asked for.
    case slurm = "SLURM_CPUS_PER_TASK"
    /// The option `--threads`, whatever was granted.
    case option = "--threads"
  }

  /// Threads, at least 1.
  public let count: Int
  /// Who grants no more.
  public let source: Source

  /// Threads that `source` grants.
  public init(count: Int, source: Source) {
    self.count = max(1, count)
    self.source = source
  }

  /// Reads the files of Linux below `root`; those that are not there limit nothing.
  ///
  /// - Parameters:
  ///   - root: the folder that stands for `/`.
  ///   - cores: of the machine.
  ///   - allowed: cores that the process may run on.
  ///   - environment: that of the process.
  public init(root: String, cores: Int, allowed: Int, environment: [String: String]) {
    var granted = [
      Self(count: cores, source: .machine), Self(count: allowed, source: .affinity),
    ]
    if let quota = Self.quota(root) {
      // Beyond all cores a quota is none, however large.
      granted.append(
        Self(count: Int(min(quota.rounded(.up), Double(cores))), source: .controlGroup))
    }
    if let text = environment["SLURM_CPUS_PER_TASK"], let count = Int(text), count >= 1 {
      granted.append(Self(count: count, source: .slurm))
    }
    self = granted.reduce(granted[0]) { $1.count < $0.count ? $1 : $0 }
  }

  /// As in "2 (cgroup quota)".
  public var description: String { "\(count) (\(source.rawValue))" }

  /// The least quota in cores; nil without.
  private static func quota(_ root: String) -> Double? {
    ControlGroups(root: root).folders(of: .processor).compactMap { path, version -> Double? in
      let words =
        version == .two
        ? (ControlGroups.text("\(path)/cpu.max") ?? "").split { $0.isWhitespace }
          .map { Double($0) }
        : [
          ControlGroups.number("\(path)/cpu.cfs_quota_us"),
          ControlGroups.number("\(path)/cpu.cfs_period_us"),
        ]
      // "max 100000" and -1 mean none.
      guard words.count == 2, let time = words[0], let period = words[1], time > 0, period > 0
      else { return nil }
      return time / period
    }.min()
  }
}
