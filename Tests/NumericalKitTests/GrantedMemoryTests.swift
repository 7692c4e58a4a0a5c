import Foundation
import NumericalKit
import Testing

@Suite("The memory granted to a process")
struct GrantedMemoryTests {
  /// What is granted below a root of these files, on a machine of 8 GB.
  private func granted(
    _ files: [String: String], limits: ResourceLimits = ResourceLimits()
  ) throws -> GrantedMemory {
    try withRoot(of: files) { root in
      GrantedMemory(root: root, physical: 8e9, limits: limits)
    }
  }

  @Test("is that of the machine without control groups")
  func machine() throws {
    #expect(try granted([:]) == GrantedMemory(bytes: 8e9, source: .machine))
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    let held = try granted(["proc/self/statm": "50000 10000 500 1 0 20000 0"])
    #expect(held == GrantedMemory(bytes: 8e9 - 10000 * page, source: .machine))
  }

  @Test("is the least of a control group of version 2 and those above it")
  func versionTwo() throws {
    let files = [
      "proc/self/cgroup": "0::/job/step\n", "sys/fs/cgroup/job/step/memory.max": "max\n",
      "sys/fs/cgroup/job/memory.max": "2000000000\n", "sys/fs/cgroup/memory.max": "3000000000\n",
      "sys/fs/cgroup/other/memory.max": "1000\n",
    ]
    #expect(try granted(files) == GrantedMemory(bytes: 2e9, source: .controlGroup))
  }

  @Test("is the least of a control group of version 1, whose huge numbers mean no limit")
  func versionOne() throws {
    var files = [
      "proc/self/cgroup": "5:cpu:/x\n4:cpuset,memory:/docker/abc:1\n0::/\n",
      "sys/fs/cgroup/memory/docker/abc:1/memory.limit_in_bytes": "1500000000\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    ]
    #expect(try granted(files) == GrantedMemory(bytes: 1.5e9, source: .controlGroup))
    files["sys/fs/cgroup/memory/docker/abc:1/memory.limit_in_bytes"] = "9223372036854771712"
    #expect(try granted(files).source == .machine)
  }

  @Test("counts version 2 beside version 1, and the root of a container")
  func hybrid() throws {
    let files = [
      "proc/self/cgroup": "4:memory:/outside\n0::/../job\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "4000000000",
      "sys/fs/cgroup/unified/job/memory.max": "3000000000",
    ]
    #expect(try granted(files) == GrantedMemory(bytes: 3e9, source: .controlGroup))
  }

  @Test("is what limits leave beside what is held")
  func limits() throws {
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    let files = [
      "proc/self/statm": "50000 10000 500 1 0 20000 0",
      "proc/self/cgroup": "0::/", "sys/fs/cgroup/memory.max": "5000000000",
    ]
    var limits = ResourceLimits()
    #expect(
      try granted(files, limits: limits)
        == GrantedMemory(bytes: 5e9 - 10000 * page, source: .controlGroup))
    limits.data = 2e9
    let data = try granted(files, limits: limits)
    #expect(data.source == .data && data.bytes < 2e9 - 20000 * page && data.bytes > 1.7e9)
    limits.addresses = 1e9
    let addresses = try granted(files, limits: limits)
    #expect(addresses.source == .addresses && addresses.bytes < 1e9 - 50000 * page)
    limits.addresses = 1e8
    #expect(try granted(files, limits: limits).bytes == 0)
  }

  @Test("is a readable number")
  func text() {
    #expect(
      GrantedMemory(bytes: 2e9, source: .addresses).description
        == "2.0 GB granted to this process (ulimit -v)")
    #expect(
      GrantedMemory(bytes: 25.2e9, source: .machine).description
        == "25 GB that this machine has")
    #expect(ByteCount.text(999.6e6) == "1.0 GB")
    #expect(ByteCount.text(210.4e6) == "210 MB")
    #expect(ByteCount.text(999) == "999 bytes" && ByteCount.text(89_800) == "90 kB")
    #expect(ByteCount.text(1e300).hasSuffix("EB"))
  }
}
