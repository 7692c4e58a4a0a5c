import LearningProblem
import Testing

struct HelpTests {
  @Test(arguments: [
    "solve", "train", "compare", "rules", "list", "example", "export", "bounds", "static", "online",
    "stationary", "fit",
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
        "70", "online", "stationary", "fit",
      ] {
        #expect(outcome.output.contains(word))
      }
    }
  }

  @Test func listShowsEveryIngredientAndKey() throws {
    try withDmft { dmft in
      let outcome = try dmft("list")
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      for family in Catalogue.families {
        #expect(outcome.output.contains("\(family.key): \(family.summary)"))
        for entry in family.entries {
          #expect(outcome.output.contains("  \(entry.kind): \(entry.summary)"))
          for key in entry.parameters {
            #expect(outcome.output.contains("\(key.name): \(key.allowed)"))
          }
        }
      }
      let others =
        Problem.parameters + Start.parameters + TheorySettings.parameters
        + TrainingSettings.parameters + WeightNoise.parameters
      for key in others { #expect(outcome.output.contains("  \(key.name): \(key.allowed)")) }
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
      ["static", "small.yaml", "--scan"], ["rules", "small.yaml", "--energy", "joules"],
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
