internal import Foundation

/// The control groups of Linux that a process belongs to: a container, a job of a cluster.
struct ControlGroups {
  /// A controller and where the two versions of control groups mount it below the root.
  struct Controller {
    /// Its name in `/proc/self/cgroup`.
    let name: String
    /// Folders of version 1.
    let folders: [String]

    static let memory = Controller(name: "memory", folders: ["sys/fs/cgroup/memory"])
    static let processor = Controller(
      name: "cpu", folders: ["sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"])
  }

  /// The version of a group.
  enum Version {
    case one
    case two
  }

  private let root: String

  /// Those of this process, as the files below `root` say.
  init(root: String) { self.root = root }

  /// The folders of all groups whose limits of a controller hold: its own and all above it.
  func folders(of controller: Controller) -> [(path: String, version: Version)] {
    (Self.text("\(root)/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line in
      // number:controllers:path, without controllers for version 2.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [(path: String, version: Version)]() }
      let controllers = parts[1].split(separator: ",")
      let (mounts, version): ([String], Version) =
        parts[0] == "0" && controllers.isEmpty
        ? (["sys/fs/cgroup", "sys/fs/cgroup/unified"], .two)
        : (controllers.contains(controller.name[...]) ? controller.folders : [], .one)
      let names = parts[2].split(separator: "/").filter { $0 != ".." }
      return mounts.flatMap { mount in
        (0...names.count).reversed().map { depth in
          ("\(root)/\(mount)" + names.prefix(depth).map { "/\($0)" }.joined(), version)
        }
      }
    }
  }

  /// The text of a file; nil if it cannot be read.
  static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }

  /// The number in a file; nil without, as for the "max" of version 2.
  static func number(_ path: String) -> Double? {
    text(path).flatMap { Double($0.filter { !$0.isWhitespace }) }
  }
}
