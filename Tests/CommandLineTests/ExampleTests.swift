import Foundation
import LearningProblem
import MaskedDMFT
import TestSupport
import Testing

struct ExampleTests {
  @Test(arguments: Example.all.map(\.name))
  func decodes(_ name: String) throws {
    let example = try #require(Example.all.first { $0.name == name })
    let file = try ProblemFile(yaml: example.yaml, name: name)
    #expect(file.problem.rule.gradientScale == .sum)
    #expect(example.yaml.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(try ProblemFile(yaml: file.resolvedYAML).resolvedYAML == file.resolvedYAML)
  }

  /// An example has the trajectories it needs. Kernels are left out: their noise, entry by entry,
  /// is another matter.
  @Test(
    arguments: Example.all.map { ($0.name, []) } + [("persistent-flow", ["--replicas", "2"])])
  func solvesWithoutANote(_ name: String, _ copies: [String]) throws {
    try withDmft { dmft in
      let example = try #require(Example.all.first { $0.name == name })
      try dmft.write(example.yaml, to: "example.yaml")
      let outcome = try dmft(["solve", "example.yaml", "--quiet", "--no-kernels"] + copies)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output.contains("files: "))
      // Weights in groups have no common histogram.
      let notes = outcome.output.split(separator: "\n").filter { $0.contains("note") }
      #expect(
        notes.allSatisfy { name == "inputs-in-groups" && $0.contains("no histogram") },
        "\(outcome.output)")
    }
  }

  @Test func weightNoiseSurvivesTheRoundTrip() throws {
    let yaml =
      Example.all[0].yaml + "weight_noise: {sigma: 0.1, reliability_cost: 0.01, exponent: 3}\n"
    let file = try ProblemFile(yaml: yaml)
    func numbers(_ text: String) throws -> [Double?] {
      let noise = try ProblemFile(yaml: text).problem.rule.weightNoise
      return [noise.sigma.constant, noise.reliabilityCost, noise.exponent]
    }
    #expect(try numbers(yaml) == [0.1, 0.01, 3])
    #expect(try numbers(file.resolvedYAML) == [0.1, 0.01, 3])
    #expect(try numbers(Example.all[0].yaml) == [0, 0, 2])
  }

  @Test func publishedCases() throws {
    let names = Set(Example.all.map(\.name))
    for data in ["two", "three"] {
      for method in ["gd", "sgd", "persistent"] {
        #expect(names.contains("mignacco-\(data)-clusters-\(method)"))
      }
    }
    let example = try #require(
      Example.all.first { $0.name == "mignacco-three-clusters-persistent" })
    let problem = try Setup(ProblemFile(yaml: example.yaml))
    #expect(problem.samplesPerWeight == 3 && problem.data.variance == 0.05)
    #expect(problem.rule.weightDecay.constant == 0.1 && problem.start.overlap == [[0.05]])
    #expect(abs((problem.dynamics.sampleSwitches.correlation ?? 0) - 2.0 / 3) < 1e-12)
  }

  @Test func theShippedFileIsTheDemo() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shipped = try String(
      contentsOf: root.appendingPathComponent("examples/demo.yaml"), encoding: .utf8)
    #expect(shipped == Example.all[0].yaml)
    #expect(Example.all[0].name == "demo")
  }
}
