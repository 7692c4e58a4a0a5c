internal import Foundation

/// What this machine offers, and how much of it this process takes.
public enum Machine {
  /// The threads that this process was granted when it began.
  public static let grantedThreads = GrantedThreads(
    root: "/", cores: ProcessInfo.processInfo.processorCount,
    allowed: ProcessInfo.processInfo.activeProcessorCount,
    environment: ProcessInfo.processInfo.environment)

  /// What this process may take of the memory now, in addition to what it holds.
  public static var grantedMemory: GrantedMemory {
    GrantedMemory(
      root: "/", physical: Double(ProcessInfo.processInfo.physicalMemory),
      limits: ResourceLimits.current)
  }

  /// The name of this machine in its network.
  public static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The model of the processor, as Linux calls it; elsewhere its architecture.
  public static var processor: String { processor(root: "/") }

  /// As in the files below `root`.
  static func processor(root: String) -> String {
    let lines = (ControlGroups.text("\(root)/proc/cpuinfo") ?? "").split(separator: "\n")
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    return model?.trimmingCharacters(in: .whitespaces) ?? architecture
  }

  /// The most memory that this process has held, in bytes.
  public static var peakMemory: Int {
    #if canImport(Glibc)
      let (who, unit) = (__rusage_who_t(RUSAGE_SELF.rawValue), 1024)
    #else
      let (who, unit) = (RUSAGE_SELF, 1)
    #endif
    var usage = rusage()
    guard unsafe getrusage(who, &usage) == 0 else { return 0 }
    return Int(usage.ru_maxrss) * unit
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}
