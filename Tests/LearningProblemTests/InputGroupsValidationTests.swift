import Foundation
import LearningProblem
import MaskedDMFT
import TestSupport
import Testing

/// What a problem file may say about inputs. `[inputs.model]` `[inputs.power]`
@Suite("Reading inputs in groups")
struct InputGroupsValidationTests {
  private func groups(_ inputs: String, data: String = "{kind: two-clusters, variance: 1}") throws
    -> InputGroups?
  {
    let yaml = """
      data: \(data)
      inputs: \(inputs)
      samples_per_weight: 1
      start: {variance: 1}
      learning_rate: 0.1
      steps: 1
      """
    return try Dynamics(ProblemFile(yaml: yaml).problem).groups
  }

  private func message(_ inputs: String, data: String = "{kind: two-clusters, variance: 1}")
    -> String
  {
    do {
      _ = try groups(inputs, data: data)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test("groups are read, and refused with what was found")
  func reading() throws {
    #expect(try groups("{kind: alike}") == nil)
    let read = try #require(
      try groups("{kind: groups, shares: [0.5, 0.5], variances: [1, 3], signal: [0.4, 1.6]}"))
    #expect(read.basis == .inputs && read.meanVariance == 2)
    #expect(read.groups.map(\.signal) == [[[0.4]], [[1.6]]])
    let plain = try #require(
      try groups("{kind: groups, shares: [0.5, 0.5], variances: [1, 3], basis: axes}"))
    #expect(plain.groups.allSatisfy { $0.signal == [[1]] } && plain.basis == .axes)
    #expect(message("{kind: groups, shares: [0.5, 0.4], variances: [1, 3]}").contains("sum to 0.9"))
    #expect(message("{kind: groups, shares: [1, 0], variances: [1, 3]}").contains("shares"))
    #expect(message("{kind: groups, shares: [0.5, 0.5], variances: [1]}").contains("2 groups"))
    #expect(message("{kind: groups, shares: [0.5, 0.5], variances: [1, -1]}").contains("> 0"))
    let sum = message("{kind: groups, shares: [0.5, 0.5], variances: [1, 1], signal: [1, 2]}")
    #expect(sum.contains("sums to 1.5") && sum.contains("inputs.signal"))
    #expect(
      message("{kind: groups, shares: [0.5, 0.5], variances: [1, 1], signal: [1]}")
        .contains("one number for each of the 2 groups"))
    #expect(
      message("{kind: groups, shares: [0.5, 0.5], variances: [1, 1], signal: [-1, 3]}")
        .contains("positive semidefinite"))
    #expect(message("{kind: groups, shares: [1], variances: [1], basis: pixels}").contains("axes"))
  }

  @Test("rows of variances, one for each cluster")
  func shapes() throws {
    let read = try #require(
      try groups(
        "{kind: groups, shares: [0.5, 0.5], variances: [[1, 3], [2, 0.5]]}",
        data: "{kind: mixture, centres: [[1], [-1]], labels: [1, -1], probabilities: [0.8, 0.2], "
          + "variances: [1, 2]}"))
    #expect(!read.areShared && read.groups.map(\.variances) == [[1, 2], [3, 0.5]])
    #expect(abs(read.groups[0].variance - 1.2) < 1e-15)
    #expect(read.groups[1].variance(ofCluster: 1) == 0.5 && read.largestVariance == 3)
    let same = try #require(
      try groups("{kind: groups, shares: [0.5, 0.5], variances: [[1, 3], [1, 3]]}"))
    #expect(same.areShared && same.groups[1].variance(ofCluster: 1) == 3)
    func found(_ variances: String, data: String = "{kind: two-clusters, variance: 1}") -> String {
      message("{kind: groups, shares: [0.5, 0.5], variances: \(variances)}", data: data)
    }
    let three = found("[[1, 3], [2, 1], [1, 1]]")
    #expect(three.contains("3 rows") && three.contains("or 2 rows, one for each cluster"))
    #expect(three.contains("inputs.variances"))
    #expect(found("[[1, 3], [2]]").contains("all of one length"))
    #expect(found("[[1], [2]]").contains("2 groups"))
    #expect(found("[[1, 3], [2, -1]]").contains("[2.0, -1.0]"))
    #expect(
      found("[[1, 3], [2, 1]]", data: "{kind: linear-teacher}").contains("one cluster"))
  }

  @Test("matrices of several directions, by rows 11, 12, 22")
  func matrices() throws {
    let xor = "{kind: xor, separation: 1, variance: 1}"
    let both = try #require(
      try groups(
        "{kind: groups, shares: [0.5, 0.5], variances: [1, 3], signal: [[0.4, 1.6], [1, 1]]}",
        data: xor))
    #expect(both.groups[0].signal == [[0.4, 0], [0, 1]])
    let common = try #require(
      try groups(
        "{kind: groups, shares: [0.5, 0.5], variances: [1, 3], signal: [0.4, 1.6]}", data: xor))
    #expect(common.groups[1].signal == [[1.6, 0], [0, 1.6]])
    let full = try #require(
      try groups(
        "{kind: groups, shares: [0.5, 0.5], variances: [1, 3], "
          + "signal: [[0.5, 1.5], [0.2, -0.2], [1.2, 0.8]]}", data: xor))
    #expect(full.groups[0].signal == [[0.5, 0.2], [0.2, 1.2]])
    for group in full.groups {
      for p in 0..<2 {
        for q in 0..<2 {
          let product = zip(group.root[p], group.root[q]).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - group.signal[p][q]) < 1e-15)
        }
      }
    }
    #expect(
      message(
        "{kind: groups, shares: [0.5, 0.5], variances: [1, 3], "
          + "signal: [[1, 1], [0.2, 0.2], [1, 1]]}", data: xor
      ).contains("directions 1, 2"))
    #expect(
      message(
        "{kind: groups, shares: [0.5, 0.5], variances: [1, 3], "
          + "signal: [[1, 1], [1.2, -1.2], [1, 1]]}", data: xor
      ).contains("positive semidefinite"))
  }

  @Test("power laws have means of one, whatever the number of groups", arguments: [1, 2, 7, 40])
  func powerLaw(count: Int) throws {
    for (capacity, source) in [(0.0, 0.0), (1, 0.5), (1.5, 2), (0.3, 1)] {
      let model = PowerLawInputs(
        capacity: capacity, source: source, smallest: 1e-3, groups: count)
      let groups = try #require(try model.groups(directions: 1, probabilities: [0.5, 0.5])).groups
      #expect(groups.count == count)
      #expect(abs(groups.reduce(0) { $0 + $1.share } - 1) < 1e-12)
      #expect(abs(groups.reduce(0) { $0 + $1.share * $1.variance } - 1) < 1e-12)
      #expect(abs(groups.reduce(0) { $0 + $1.share * $1.signal[0][0] } - 1) < 1e-12)
      guard count == 40, capacity == 1.5 else { continue }
      // Within a group the power hardly varies: its mean is near that at its middle.
      let edges = groups.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1.share) }
      for g in 1..<39 {
        let (u, next) = (
          (edges[g] * edges[g + 1]).squareRoot(), (edges[g + 1] * edges[g + 2]).squareRoot()
        )
        let ratio = groups[g].variance / groups[g + 1].variance
        #expect(abs(ratio / pow(u / next, -1.5) - 1) < 1e-6)
        #expect(
          abs(groups[g].signal[0][0] / groups[g + 1].signal[0][0] / pow(u / next, -2) - 1) < 1e-6)
      }
      #expect(abs(edges[1] - 1e-3) < 1e-15)
    }
  }

  @Test("powers that no groups follow in Doubles are refused at their key; the largest are not")
  func powers() throws {
    for (keys, key) in [
      ("capacity: 1e12, source: 1", "capacity"), ("capacity: 1, source: 5", "source"),
      ("capacity: 1, source: 1, smallest: 1e-12", "smallest"),
      ("capacity: 1, source: 1, smallest: 1", "smallest"),
    ] {
      let text = message("{kind: power-law, \(keys)}")
      #expect(text.contains("inputs.\(key)") && !text.contains("nan"), "\(text)")
    }
    let steep = try #require(
      try groups("{kind: power-law, capacity: 4, source: 4, smallest: 1e-6, groups: 1000}"))
    #expect(steep.groups.allSatisfy { $0.variance > 0 && $0.signal[0][0] > 0 })
    #expect(abs(steep.meanVariance - 1) < 1e-9)
  }

  @Test("a table of groups")
  func file() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "groups.csv").path
    try "share,variance,signal\n0.25,3,1.6\n0.75,0.5,0.8\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let read = try #require(try groups("{kind: file, path: \(path), basis: axes}"))
    #expect(read.groups.map(\.share) == [0.25, 0.75])
    #expect(read.groups.map(\.variance) == [3, 0.5])
    #expect(read.groups.map(\.signal) == [[[1.6]], [[0.8]]] && read.basis == .axes)
    try "share,variance_1,variance_1_error,variance_2,signal\n0.25,3,9,1,1.6\n0.75,0.5,9,2,0.8\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let shapes = try #require(try groups("{kind: file, path: \(path)}"))
    #expect(shapes.groups.map(\.variances) == [[3, 1], [0.5, 2]])
    #expect(shapes.groups.map(\.signal) == [[[1.6]], [[0.8]]])
    try "share,variance_1,variance_3,signal\n1,3,1,1\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(message("{kind: file, path: \(path)}").contains("variance_1, variance_2"))
    try "a,b,c\n0.25,3,1.6\n0.75,0.5,0.8\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(message("{kind: file, path: \(path)}").contains("columns share, variance (or"))
  }

  @Test("what groups are not worked out for is refused at its key")
  func refused() throws {
    func mismatch(_ change: (inout Problem.Parts) -> Void) -> String {
      var setup = Cases.square(steps: 2)
      setup.inputs = GroupedInputs(shares: [0.5, 0.5], variances: [1, 2], basis: .axes)
      change(&setup.parts)
      do {
        try setup.problem.validate()
        return ""
      } catch {
        return error.path
      }
    }
    #expect(mismatch { _ in }.isEmpty)
    #expect(mismatch { $0.rule.weightNoise = WeightNoise(sigma: 0.1) } == "weight_noise.sigma")
    #expect(mismatch { $0.rule.dropout = Dropout(inputs: 0.1) } == "dropout.inputs")
    #expect(
      mismatch {
        $0.network = Boltzmann(hidden: 1, variance: 1)
        $0.loss = nil
      } == "network.kind")
  }
}
