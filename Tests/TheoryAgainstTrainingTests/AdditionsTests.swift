import Experiments
import LearningProblem
import MaskedDMFT
import MeanField
import Observables
import TestSupport
import Testing
import Training

/// A data model, network, loss, mask and rule that no source file knows are read, listed, solved,
/// trained and ranked like those of the package, by their lines in a catalogue alone.
@Suite("Ingredients added by a user")
struct AdditionsTests {
  private static let yaml = """
    data: {kind: unequal-clusters, share: 0.3}
    samples_per_weight: 2
    network: {kind: saturating-perceptron}
    loss: {kind: savage, steepness: 1.5}
    weight_decay: 0.1
    start: {variance: 0.1, overlap: 0.3}
    learning_rate: {kind: halving, initial: 0.3, period: 5}
    steps: 12
    sample_mask: {kind: held, density: 0.6, period: 3}
    weight_mask: {kind: held, density: 0.5, period: 4}
    update: {kind: saturating, scale: 0.4}
    theory: {trajectories: 2000}
    training: {dimension: 1000, runs: 12}
    """

  private static func file(_ overrides: String...) throws -> ProblemFile {
    try ProblemFile(yaml: yaml, overrides: overrides, catalogue: Additions.catalogue)
  }

  @Test("the reader takes them with their keys, and refuses them without the catalogue")
  func reader() throws {
    let file = try Self.file()
    let problem = file.problem
    let kinds = [
      problem.data.kind, problem.network.kind, problem.loss.kind, problem.rule.sampleMask.kind,
      problem.rule.weightMask.kind, problem.rule.update.kind,
    ]
    #expect(
      kinds == [
        "unequal-clusters", "saturating-perceptron", "savage", "held", "held", "saturating",
      ]
    )
    #expect((problem.loss as? SavageLoss)?.steepness == 1.5)
    #expect(
      (0..<12).map { problem.grid.rate(at: $0) }
        == [0.3, 0.3, 0.3, 0.3, 0.3, 0.15, 0.15, 0.15, 0.15, 0.15, 0.075, 0.075])
    #expect(problem.data.clusters.map(\.probability) == [0.3, 0.7])
    let again = try ProblemFile(yaml: file.resolvedYAML, catalogue: Additions.catalogue)
    #expect(again.resolvedYAML == file.resolvedYAML)
    let error = try #require(throws: ProblemError.self) { try ProblemFile(yaml: Self.yaml) }
    #expect("\(error)".contains("two-clusters"))
  }

  @Test("a key out of its range is refused, and a network that does not take the loss")
  func refusals() throws {
    let range = try #require(throws: ProblemError.self) { try Self.file("loss.steepness=-1") }
    #expect("\(range)".contains("loss.steepness: found -1; allowed: a number > 0"))
    let network = try #require(throws: ProblemError.self) {
      try Self.file("network={kind: softmax, outputs: 2}")
    }
    #expect("\(network)".contains("for a softmax network: cross-entropy"))
    let loss = try #require(throws: ProblemError.self) { try Self.file("loss={kind: likelihood}") }
    #expect("\(loss)".contains("network: logistic, square, hinge, savage"))
  }

  @Test("`dmft list` shows them, their keys, and the loss with every network of one output")
  func list() {
    func lines(_ text: String) -> [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    let before = lines(IngredientList().text)
    let after = lines(IngredientList(of: Additions.catalogue).text)
    let new = after.difference(from: before)
    let mask = [
      "  held: drawn with density every period steps, held in between",
      "    density: a number with 0.0 < x <= 1.0 [required]",
      "        fraction of sites switched on at a step",
      "    period: a whole number from 1 to 1000 [required]", "        steps between two draws",
    ]
    let losses = "    takes the loss logistic, square, hinge"
    let expected =
      [
        "  unequal-clusters: centres +v and -v, the first with probability share",
        "    share: a number with 0.0 < x < 1.0 [required]", "        q, probability of label +1",
        "  saturating-perceptron: f(h) = tanh h",
        "  savage: 1 / (1 + exp(steepness y f))^2", "    steepness: a number > 0 [default 1]",
        "        beta", "  saturating: scale tanh(gradient / scale)",
        "    scale: a number > 0 [required]", "        c, the largest change",
        "  halving: initial, and half as much after every period steps",
        "    initial: a number > 0 [required]", "        the value at step 0",
        "    period: a whole number from 1 to 1000 [required]",
        "        steps between two halvings",
      ] + mask + mask + Array(repeating: losses + ", savage", count: 4)
    func texts(_ changes: [CollectionDifference<String>.Change]) -> [String] {
      changes.map { change in
        switch change {
        case .insert(_, let text, _), .remove(_, let text, _): text
        }
      }
    }
    #expect(texts(new.insertions).sorted() == expected.sorted())
    #expect(texts(new.removals) == Array(repeating: losses, count: 3))
  }

  @Test("`dmft rules` takes the rule, and the mask as a rule")
  func rules() throws {
    let file = try Self.file("update={kind: plain}", "weight_mask={kind: full}")
    let rule = try RuleChoice(parsing: "saturating:scale=0.2", in: Additions.catalogue)
    #expect(try rule.problem(in: file, learningRate: 0.1).rule.update.kind == "saturating")
    let mask = try RuleChoice(parsing: "held:density=0.5:period=2", in: Additions.catalogue)
    #expect(try mask.problem(in: file, learningRate: 0.1).rule.weightMask.kind == "held")
    #expect(throws: UsageError.self) { try RuleChoice(parsing: "saturating:scale=0.2") }
  }

  /// Each alone in a problem of shipped ingredients, then all together.
  @Test(
    "theory and training agree",
    arguments: [
      ["data={kind: unequal-clusters, share: 0.3}"],
      ["network={kind: saturating-perceptron}"], ["loss={kind: savage, steepness: 1.5}"],
      ["sample_mask={kind: held, density: 0.6, period: 3}"],
      ["weight_mask={kind: held, density: 0.5, period: 4}"],
      ["update={kind: saturating, scale: 0.4}"], [],
    ])
  func agreement(_ addition: [String]) throws {
    let shipped = [
      "data={kind: two-clusters, variance: 0.5}", "network={kind: perceptron}",
      "loss={kind: logistic}", "sample_mask={kind: independent, density: 0.5}",
      "weight_mask={kind: full}", "update={kind: plain}",
    ]
    let problem = try Setup(
      ProblemFile(
        yaml: Self.yaml, overrides: addition.isEmpty ? [] : shipped + addition,
        catalogue: Additions.catalogue
      ))
    let theory = try MeanFieldSolver(problem).solve().curves
    let training = try DirectTraining(problem).run()
    let comparison = Comparison(theory: theory, training: training)
    #expect(comparison.rows.count >= 10)
    for row in comparison.rows {
      #expect(row.agrees, "\(row.observable): largest distance \(row.largestDistance)")
    }
  }
}
