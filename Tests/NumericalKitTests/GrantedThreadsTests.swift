import Foundation
import NumericalKit
import Testing

@Suite("The threads granted to a process")
struct GrantedThreadsTests {
  /// What is granted below a root of these files, on a machine of 16 cores.
  private func granted(
    _ files: [String: String] = [:], allowed: Int = 16, _ environment: [String: String] = [:]
  ) throws -> GrantedThreads {
    try withRoot(of: files) { root in
      GrantedThreads(root: root, cores: 16, allowed: allowed, environment: environment)
    }
  }

  @Test("are the cores, or those of the affinity mask")
  func cores() throws {
    #expect(try granted() == GrantedThreads(count: 16, source: .machine))
    #expect(try granted(allowed: 3) == GrantedThreads(count: 3, source: .affinity))
  }

  @Test("are the quota of a group of version 2 or of one above it, rounded up")
  func versionTwo() throws {
    var files = [
      "proc/self/cgroup": "0::/job/step\n", "sys/fs/cgroup/job/step/cpu.max": "max 100000\n",
      "sys/fs/cgroup/job/cpu.max": "250000 100000\n", "sys/fs/cgroup/other/cpu.max": "1 100000\n",
    ]
    #expect(try granted(files) == GrantedThreads(count: 3, source: .controlGroup))
    files["sys/fs/cgroup/job/cpu.max"] = "200000 100000\n"
    #expect(try granted(files).count == 2)
    files["sys/fs/cgroup/cpu.max"] = "50000 100000\n"
    #expect(try granted(files).count == 1)
    #expect(try granted(["proc/self/cgroup": "0::/\n"]).source == .machine)
    files = ["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "9e30 1\n"]
    #expect(try granted(files).source == .machine)
  }

  @Test("are the quota of a group of version 1 or of one above it")
  func versionOne() throws {
    var files = [
      "proc/self/cgroup": "5:cpuset:/x\n4:cpu,cpuacct:/docker/abc\n0::/\n",
      "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us": "400000\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us": "100000\n",
    ]
    #expect(try granted(files) == GrantedThreads(count: 4, source: .controlGroup))
    files["sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us"] = "-1\n"
    #expect(try granted(files).source == .machine)
  }

  @Test("are those that a job of Slurm asked for")
  func slurm() throws {
    let name = "SLURM_CPUS_PER_TASK"
    #expect(try granted([:], [name: "2"]) == GrantedThreads(count: 2, source: .slurm))
    #expect(try granted([:], allowed: 1, [name: "2"]).source == .affinity)
    for text in ["32", "0", "many", ""] {
      #expect(try granted([:], [name: text]).source == .machine)
    }
    #expect("\(GrantedThreads(count: 2, source: .slurm))" == "2 (SLURM_CPUS_PER_TASK)")
  }
}
