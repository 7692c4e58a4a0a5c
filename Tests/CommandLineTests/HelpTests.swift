import Foundation
import LearningProblem
import MaskedDMFT
import Testing

struct HelpTests {
  @Test(arguments: [
    "solve", "train", "compare", "rules", "list", "example", "export", "bounds", "static", "online",
    "stationary", "aging", "fit", "optimise", "sensitivity", "sweep", "merge",
  ])
  func everyCommandHasHelpWithAnExample(_ command: String) throws {
    try withDmft { dmft in
      let outcome = try dmft(command, "--help")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("Example: dmft \(command)"))
      #expect(outcome.output.contains("USAGE: dmft \(command)"))
    }
  }

  @Test func theRootListsTheCommandsAndExitCodes() throws {
    try withDmft { dmft in
      let outcome = try dmft("--help")
      for word in [
        "solve", "train", "compare", "rules", "list", "example", "export", "bounds", "static", "65",
        "70", "75", "online", "stationary", "aging", "fit", "optimise", "sensitivity", "sweep",
        "merge",
      ] {
        #expect(outcome.output.contains(word))
      }
    }
  }

  /// The families in the order of the problem file, each with its kinds.
  private static let kinds = [
    "data": "two-clusters three-clusters xor mixture linear-teacher csv",
    "inputs": "alike groups power-law file",
    "network": "perceptron door committee softmax boltzmann",
    "loss": "logistic square hinge cross-entropy likelihood",
    "sample_mask": "full independent persistent epoch",
    "weight_mask":
      "full independent persistent frozen column row subnet competitive-units",
    "update":
      "plain clip sign top-fraction soft-threshold stochastic-rounding lazy caching "
      + "error-feedback momentum",
  ]

  @Test func listShowsEveryKindUnderItsKey() throws {
    try withDmft { dmft in
      let outcome = try dmft("list")
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      for block in outcome.output.components(separatedBy: "\n\n") {
        let lines = block.split(separator: "\n")
        let family = String(lines[0].prefix { $0 != ":" })
        guard let expected = Self.kinds[family] else { continue }
        let kinds = lines.compactMap { $0.wholeMatch(of: /\ {2}([a-z-]+): .*/)?.1 }
        #expect(kinds.joined(separator: " ") == expected, "\(family)")
      }
      for family in Self.kinds.keys {
        #expect(outcome.output.contains("\n\n\(family): "))
      }
    }
  }

  /// What a reader of the list is told of some keys, word by word.
  @Test func listSaysWhatAKeyTakes() throws {
    try withDmft { dmft in
      let list = try dmft("list").output
      for excerpt in [
        """
          weight_decay: a number >= 0, or a schedule of such numbers [default 0]
              lambda, ridge strength
        """,
        """
          gradient_scale: one of sum, mean [default sum]
              sum: sigma = 1; mean: sigma = 1/density of the sample mask
        """,
        """
          committee: f(h) = sum_k a_k phi(h_k), readout a_k fixed or learned
            takes the loss logistic, square, hinge
            hidden: a whole number from 1 to 16 [required]
                K, number of hidden units
        """,
        """
          softmax: O classes: the fields, or sum_k a_ok phi(h_k), through a softmax
            takes the loss cross-entropy
        """,
        """
        update: how a weight changes [default plain]; {kind: ...} is one of
          plain: the gradient where the weight mask is on
        """,
        """
        start: the initial weights [required]
          variance: a number >= 0 [required]
        """,
      ] {
        #expect(list.contains(excerpt), "\(excerpt)")
      }
    }
  }

  /// Every `[default ...]` of the list outside ingredients is what the reader takes.
  @Test func listHasTheDefaultsOfTheReader() throws {
    let least = """
      data: {kind: two-clusters, variance: 0.5}
      samples_per_weight: 1
      start: {variance: 1}
      learning_rate: 0.1
      steps: 1
      """
    let resolved = try ProblemFile(yaml: least).resolvedYAML.split(separator: "\n")
    try withDmft { dmft in
      var defaults = 0
      for block in try dmft("list").output.components(separatedBy: "\n\n").dropFirst() {
        let lines = block.split(separator: "\n")
        let name = String(lines[0].prefix { $0 != ":" })
        guard !Self.kinds.keys.contains(name) else { continue }
        let section =
          name == "top level"
          ? resolved[...]
          : resolved.drop { $0 != "\(name):" }.dropFirst().prefix { $0.hasPrefix("  ") }
        for line in lines {
          guard let match = line.wholeMatch(of: /\ {2}([a-z_]+): .* \[default (.+)\]/) else {
            continue
          }
          let text = "\(name == "top level" ? "" : "  ")\(match.1): \(match.2)"
          #expect(section.contains { $0 == text }, "\(name): \(text)")
          defaults += 1
        }
      }
      #expect(defaults == 22)
    }
  }

  @Test(arguments: Example.all.map(\.name))
  func exampleIsPrintedVerbatim(_ name: String) throws {
    try withDmft { dmft in
      let outcome = try dmft("example", name)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(outcome.output == Example.all.first { $0.name == name }?.yaml)
    }
  }

  @Test func exampleWithoutNameIsTheDemo() throws {
    try withDmft { dmft in
      let output = try dmft("example").output
      #expect(output == Example.all[0].yaml)
    }
  }

  @Test func unknownExampleNamesTheKnown() throws {
    try withDmft { dmft in
      let outcome = try dmft("example", "nothing")
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("mignacco-two-clusters-sgd"))
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(
    arguments: [
      ["solve"], ["solve", "small.yaml", "--threads", "0"], ["nonsense"],
      ["solve", "small.yaml", "--set", "steps"], ["solve", "small.yaml", "--seed", "-1"],
      ["compare", "small.yaml", "--dimensions", "500"],
      ["compare", "small.yaml", "--dimensions", "500,500"],
      ["compare", "small.yaml", "--dimensions", "500,x"],
      ["solve", "small.yaml", "--kernel-format", "hdf5"],
      ["static", "small.yaml", "--scan"],
      ["rules", "small.yaml", "--eta", "worst"],
      [
        "rules", "small.yaml", "--target", "training_loss=0.3", "--performance", "test_error",
      ],
    ])
  func badUsage(_ arguments: [String]) throws {
    try withDmft { dmft in
      let outcome = try dmft.finish(dmft.start(arguments))
      #expect(outcome.status == 64)
      #expect(outcome.errors.hasPrefix("Error: "))
      #expect(!dmft.has("runs"))
    }
  }
}
