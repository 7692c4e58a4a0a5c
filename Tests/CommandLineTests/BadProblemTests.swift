import Foundation
import Testing

struct BadProblemTests {
  /// A way to spoil `small.yaml`, and what the message must say.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let from: String
    let to: String
    let says: [String]
    var testDescription: String { name }
  }

  /// A spoilt update rule, on line 9.
  static func rule(_ name: String, _ update: String, says: [String]) -> Case {
    Case(
      name: name, from: "steps: 8", to: "steps: 8\nupdate: {\(update)}",
      says: ["bad.yaml:9"] + says)
  }

  /// Another network, on line 3, and what follows it, with the loss that goes with it.
  static func network(
    _ name: String, _ network: String, says: [String], line: Int = 3
  ) -> Case {
    Case(
      name: name, from: "network: {kind: perceptron}\nloss: {kind: logistic}",
      to: "network: {\(network)}", says: ["bad.yaml:\(line)"] + says)
  }

  /// Two clusters with all but centres and variances to be given, on line 1.
  static func mixture(
    _ name: String, _ data: String, network: String, says: [String]
  ) -> Case {
    let lines = smallProblem.split(separator: "\n", omittingEmptySubsequences: false)
    return Case(
      name: name, from: lines[..<4].joined(separator: "\n"),
      to: "data: {kind: mixture, centres: [[1], [-1]], variances: [0.5], \(data)}\n\(lines[1])\n"
        + "network: {\(network)}",
      says: ["bad.yaml:1"] + says)
  }

  static let cases = [
    Case(
      name: "unknown key", from: "steps: 8", to: "steps: 8\nstep_size: 1",
      says: ["bad.yaml:9", "step_size:", "unknown key", "learning_rate"]),
    Case(
      name: "missing key", from: "learning_rate: 0.2\n", to: "",
      says: ["learning_rate:", "missing", "a number > 0"]),
    Case(
      name: "negative variance", from: "variance: 0.5", to: "variance: -0.5",
      says: ["bad.yaml:1", "data.variance:", "found -0.5", "a number > 0"]),
    Case(
      name: "density 0", from: "sample_mask: {kind: independent, density: 0.5}",
      to: "sample_mask: {kind: independent, density: 0}",
      says: ["bad.yaml:9", "sample_mask.density:", "found 0;", "0.0 < x <= 1.0"]),
    Case(
      name: "density above 1", from: "weight_mask: {kind: independent, density: 0.5}",
      to: "weight_mask: {kind: independent, density: 1.5}",
      says: ["bad.yaml:10", "weight_mask.density:", "found 1.5", "0.0 < x <= 1.0"]),
    Case(
      name: "persistence time too short",
      from: "sample_mask: {kind: independent, density: 0.5}",
      to: "sample_mask: {kind: persistent, density: 0.5, persistence_time: 0.1}",
      says: ["bad.yaml:9", "sample_mask.persistence_time:", "found 0.1", "at least 0.2"]),
    rule(
      "unknown rule", "kind: gradient",
      says: ["update.kind:", "found gradient", "one of plain, clip, sign, top-fraction"]),
    rule(
      "threshold below 0", "kind: clip, threshold: -0.5",
      says: ["update.threshold:", "found -0.5", "a number > 0"]),
    rule(
      "threshold 0", "kind: soft-threshold, threshold: 0",
      says: ["update.threshold:", "found 0;", "a number > 0"]),
    rule(
      "threshold missing", "kind: caching, decay: 0.1",
      says: ["update.threshold:", "missing", "a number > 0"]),
    rule(
      "fraction 0", "kind: top-fraction, fraction: 0",
      says: ["update.fraction:", "found 0;", "0.0 < x <= 1.0"]),
    rule(
      "fraction above 1", "kind: error-feedback, fraction: 1.5",
      says: ["update.fraction:", "found 1.5", "0.0 < x <= 1.0"]),
    rule(
      "decay 1", "kind: caching, threshold: 0.1, decay: 1",
      says: ["update.decay:", "found 1;", "0.0 <= x < 1.0"]),
    rule(
      "momentum 1", "kind: momentum, coefficient: 1",
      says: ["update.coefficient:", "found 1;", "0.0 <= x < 1.0"]),
    rule(
      "quantum 0", "kind: stochastic-rounding, quantum: 0",
      says: ["update.quantum:", "found 0;", "a number > 0"]),
    rule(
      "key of another rule", "kind: lazy, threshold: 1",
      says: ["update.threshold:", "an unknown key", "kind"]),
    Case(
      name: "epoch density not 1/integer",
      from: "sample_mask: {kind: independent, density: 0.5}",
      to: "sample_mask: {kind: epoch, density: 0.3}",
      says: ["bad.yaml:9", "sample_mask.density:", "found 0.3", "1 divided by an integer"]),
    Case(
      name: "readout of wrong length", from: "network: {kind: perceptron}",
      to: "network: {kind: committee, hidden: 3, readout: [1, -1]}",
      says: ["bad.yaml:3", "network.readout:", "2 entries", "3 entries"]),
    network(
      "no hidden units", "kind: committee, hidden: 0, readout: []",
      says: ["network.hidden:", "found 0;", "from 1 to 16"]),
    network(
      "softmax readout of wrong shape", "kind: softmax, outputs: 2, hidden: 2, readout: [[1, 2]]",
      says: [
        "network.readout:", "found [[1, 2]];", "2 rows of 2 numbers: outputs by hidden units",
      ]),
    network(
      "softmax readout missing", "kind: softmax, outputs: 2, hidden: 2",
      says: ["network.readout:", "missing"]),
    network(
      "readout without hidden units", "kind: softmax, outputs: 2, readout: 1",
      says: ["network.readout:", "without hidden units"]),
    network(
      "loss of another network", "kind: softmax, outputs: 2}\nloss: {kind: logistic",
      says: ["loss.kind:", "found logistic;", "softmax network: cross-entropy"], line: 4),
    network(
      "lazy machine", "kind: boltzmann, hidden: 2, variance: 1}\nupdate: {kind: lazy",
      says: ["update.kind:", "found lazy for a boltzmann network"], line: 4),
    network(
      "dropout of no hidden units", "kind: perceptron}\ndropout: {hidden: 0.5",
      says: ["dropout.hidden:", "found 0.5 for a perceptron network"], line: 4),
    network(
      "everything dropped", "kind: perceptron}\ndropout: {inputs: 1",
      says: ["dropout.inputs:", "found 1;", "0.0 <= x < 1.0"], line: 4),
    network(
      "dropout and noise",
      "kind: perceptron}\nweight_noise: {sigma: 0.1}\ndropout: {inputs: 0.5",
      says: ["dropout.inputs:", "with weight_noise.sigma 0.1", "one of the two"], line: 5),
    mixture(
      "labels without a class", "labels: [1, 3]", network: "kind: softmax, outputs: 2",
      says: ["data.labels:", "found [1.0, 3.0];", "classes 1 to 2"]),
    mixture(
      "classes for one output", "labels: [1, 2]", network: "kind: perceptron",
      says: ["data.labels:", "found [1.0, 2.0];", "1 and -1 for a perceptron"]),
    mixture(
      "no labels for a perceptron", "probabilities: [0.5, 0.5]", network: "kind: perceptron",
      says: ["data.labels:", "found nothing (the key is missing)", "1 and -1 for a perceptron"]),
    mixture(
      "no labels for classes", "probabilities: [0.5, 0.5]", network: "kind: softmax, outputs: 2",
      says: ["data.labels:", "found nothing (the key is missing)", "the classes 1 to 2"]),
    mixture(
      "a label too few", "labels: [1]", network: "kind: perceptron",
      says: ["data.labels:", "1 entries", "2 entries"]),
    mixture(
      "probabilities that do not sum to 1", "labels: [1, -1], probabilities: [0.5, 0.6]",
      network: "kind: perceptron",
      says: ["data.probabilities:", "which sum to 1.1", "numbers that sum to 1"]),
    mixture(
      "variance too few", "labels: [1, -1], probabilities: [0.5]", network: "kind: perceptron",
      says: ["data.probabilities:", "1 entries", "2 entries"]),
    Case(
      name: "ragged centres", from: "data: {kind: two-clusters, variance: 0.5}",
      to: "data: {kind: mixture, centres: [[1], [1, 2]], labels: [1, -1], variances: [1]}",
      says: ["bad.yaml:1", "data.centres:", "found [[1], [1, 2]];", "all of one length"]),
    Case(
      name: "empty subnet", from: "weight_mask: {kind: independent, density: 0.5}",
      to: "weight_mask: {kind: subnet, units: 0}",
      says: ["bad.yaml:10", "weight_mask.units:", "found 0;", "0.0 < x <= 1.0"]),
    network(
      "contrastive divergence of a perceptron", "kind: perceptron, contrastive_divergence: 1",
      says: ["network.contrastive_divergence:", "found an unknown key"]),
    Case(
      name: "negative number of test samples", from: "training: {",
      to: "training: {test_samples: -1, ",
      says: ["training.test_samples:", "found -1;", "a whole number from 0"]),
    Case(
      name: "overlap of wrong shape", from: "overlap: 0", to: "overlap: [[0, 1]]",
      says: ["bad.yaml:6", "start.overlap:", "found [[0, 1]];", "1 rows of 1 numbers"]),
    Case(
      name: "noise on signs", from: "data: {kind: two-clusters, variance: 0.5}",
      to: "data: {kind: linear-teacher, labels: sign, noise: 0.3}",
      says: ["bad.yaml:1", "data.noise:", "found 0.3 with labels sign", "noise 0"]),
    Case(
      name: "unknown labels", from: "data: {kind: two-clusters, variance: 0.5}",
      to: "data: {kind: linear-teacher, labels: signs}",
      says: ["bad.yaml:1", "data.labels:", "found signs", "one of regression, sign"]),
    Case(
      name: "negative weight noise", from: "steps: 8", to: "steps: 8\nweight_noise: {sigma: -0.1}",
      says: ["bad.yaml:9", "weight_noise.sigma:", "found -0.1", "a number >= 0"]),
    Case(
      name: "flat cost of reliability", from: "steps: 8",
      to: "steps: 8\nweight_noise: {reliability_cost: 0.1, exponent: 0}",
      says: ["bad.yaml:9", "weight_noise.exponent:", "found 0;", "a number > 0"]),
    Case(
      name: "unknown key of the weight noise", from: "steps: 8",
      to: "steps: 8\nweight_noise: {rho: 2}",
      says: ["bad.yaml:9", "weight_noise.rho:", "an unknown key", "sigma, reliability_cost"]),
    flow("no duration", "kind: flow", says: ["time.duration:", "found nothing", "a number > 0"]),
    flow(
      "step above the duration", "kind: flow, duration: 2, step: 3",
      says: ["time.step:", "found 3", "the duration 2"]),
    flow(
      "growth above 1", "kind: flow, duration: 2, growth: 1.5",
      says: ["time.growth:", "found 1.5", "0.0 <= x <= 1.0"]),
    flow(
      "a tolerance that no step reaches", "kind: flow, duration: 2, tolerance: 1e-12",
      says: ["time.tolerance:", "found 1e-12", "a number with 1e-10 <= x < 1"]),
    flow(
      "keys of a flow in steps", "kind: steps, duration: 2",
      says: ["time.duration:", "unless kind is flow"]),
    Case(
      name: "epochs in a flow",
      from: "learning_rate: 0.2\nsteps: 8\nsample_mask: {kind: independent,",
      to: "time: {kind: flow, duration: 2}\nsample_mask: {kind: epoch,",
      says: ["sample_mask.kind:", "found epoch with time.kind flow", "independent or persistent"]),
    Case(
      name: "steps in a flow", from: "steps: 8",
      to: "steps: 8\ntime: {kind: flow, duration: 2}",
      says: ["bad.yaml:7", "learning_rate:", "time.kind flow", "another clock"]),
    Case(
      name: "replicas of a committee", from: "network: {kind: perceptron}",
      to: "network: {kind: committee, hidden: 2, readout: [1, -1]}\nreplicas: 2",
      says: ["network.kind:", "found committee with replicas: 2", "perceptron or door"]),
    Case(
      name: "three replicas", from: "steps: 8", to: "steps: 8\nreplicas: 3",
      says: ["bad.yaml:9", "replicas:", "found 3", "from 1 to 2"]),
    Case(
      name: "invalid YAML", from: "steps: 8", to: "steps: {8",
      says: ["bad.yaml:", "invalid YAML", "a YAML mapping"]),
    Case(
      name: "a word for a number", from: "steps: 8", to: "steps: many",
      says: ["bad.yaml:8", "steps:", "found many", "a whole number from 1 to 100000"]),
  ]

  @Test(arguments: ["rules", "online", "stationary", "aging", "optimise", "sensitivity"])
  func whatKnowsStepsOnlyRefusesFlowsAndReplicas(_ command: String) throws {
    try withDmft { dmft in
      let flow = smallProblem.replacingOccurrences(
        of: "learning_rate: 0.2\nsteps: 8", with: "time: {kind: flow, duration: 2}"
      ).replacingOccurrences(of: "{kind: independent, density: 0.5}", with: "{kind: full}")
      try dmft.write(flow, to: "flow.yaml")
      let options = ["--output", "results"] + required(by: command)
      let outcome = try dmft([command, "flow.yaml"] + options)
      #expect(outcome.status == 65 && outcome.errors.contains("time.kind: flow here"))
      let replicas = try dmft([command, "small.yaml", "--replicas", "2"] + options)
      #expect(replicas.status == 65 && replicas.errors.contains("replicas: 2 here"))
      #expect(!dmft.has("results"))
    }
  }

  private static func flow(_ name: String, _ time: String, says: [String]) -> Case {
    Case(
      name: name, from: "learning_rate: 0.2\nsteps: 8", to: "time: {\(time)}", says: says)
  }

  @Test(arguments: cases, ["solve", "train", "compare", "rules"])
  func isRefusedWithOneMessage(_ bad: Case, _ command: String) throws {
    try withDmft { dmft in
      let text = smallProblem.replacingOccurrences(of: bad.from, with: bad.to)
      #expect(text != smallProblem)
      try dmft.write(text, to: "bad.yaml")
      let outcome = try dmft(command, "bad.yaml", "--output", "results")
      #expect(outcome.status == 65)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      for word in ["dmft: bad.yaml"] + bad.says {
        #expect(outcome.errors.contains(word), "\(outcome.errors)")
      }
      #expect(!dmft.has("results"))
    }
  }

  @Test func missingFile() throws {
    try withDmft { dmft in
      let outcome = try dmft("solve", "nowhere.yaml")
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("nowhere.yaml: found no such file; allowed: "))
      #expect(!dmft.has("runs"))
    }
  }

  @Test func aFolderIsNoProblemFile() throws {
    try withDmft { dmft in
      try FileManager.default.createDirectory(
        atPath: dmft.path("folder.yaml"), withIntermediateDirectories: true)
      let outcome = try dmft("solve", "folder.yaml")
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("folder.yaml: found a folder"))
      #expect(!dmft.has("runs"))
    }
  }

  @Test func aBadOverrideIsRefusedLikeABadFile() throws {
    try withDmft { dmft in
      let outcome = try dmft("solve", "small.yaml", "--set", "sample_mask.density=2")
      #expect(outcome.status == 65)
      #expect(outcome.errors.hasPrefix("dmft: small.yaml: sample_mask.density: found 2; allowed: "))
      #expect(!dmft.has("runs"))
    }
  }
}
