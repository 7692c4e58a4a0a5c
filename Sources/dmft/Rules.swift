internal import ArgumentParser
internal import Experiments

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rank learning rules by performance and synaptic energy.",
    discussion: """
      Solves the theory of the problem with each rule instead of its own `update`, all with the \
      same random numbers, to a target or to the last step. Writes rules.csv (each rule's steps, \
      losses and energies with standard errors, and whether it is on the Pareto front of energy \
      and steps to the target, or of energy and performance), differences.csv (each rule minus \
      plain), figure.svg, rules/*/curves.csv and run.yaml.

      A rule is KIND:KEY=VALUE:..., with the kinds and keys of `update` in `dmft list`, or those \
      of `weight_mask` (subnet:units=0.25), the plain rule with this mask instead of the file's; \
      masked:density=p stands for independent:density=p. Without --rules all updates are compared, \
      with thresholds in units of the first gradient, which the plain rule measures.

      Rules are compared at the learning rate of the problem; learning_rate=VALUE gives a rule its \
      own. At the same learning rate momentum moves synapses 1/(1 - coefficient) times as far, and \
      the steps of sign do not shrink with the gradient: the standard set scales both. --eta best \
      adds each rule at the rate that spends the least energy to the target (without a target: \
      that performs best at the last step), and --tune KEY with the best of its own numbers; these \
      rows compete among themselves.

      Example: dmft rules problem.yaml --target training_loss=0.3 \
      --rules plain,masked:density=0.1,top-fraction:fraction=0.1,sign:learning_rate=0.05
      """)

  enum LearningRate: String, ExpressibleByArgument, CaseIterable { case equal, best }

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Rules to compare; repeatable.", valueName: "rule,rule,..."))
  var rules: [String] = []

  @Option(
    help: ArgumentHelp("Stop counting where this is reached.", valueName: "observable=value"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      """
      The energy to rank by: writes, absolute_change, squared_change, activity, samples_used \
      or reliability_cost, or a sum of them with prices >= 0, such as \
      'absolute_change + 0.01*activity'.
      """, valueName: "energy"))
  var energy = "absolute_change"

  @Option(
    help: ArgumentHelp(
      "What to rank by without a target (default: training_loss).", valueName: "observable"))
  var performance: String?

  @Option(help: "Learning rates: equal, or best as well.")
  var eta = LearningRate.equal

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A number of rules, such as threshold, fraction or coefficient, whose best value is added "
        + "too; repeatable.", valueName: "key[=lower:upper]"))
  var tune: [String] = []

  @Flag(help: "Train every rule directly; exit code 1 if any disagrees.")
  var check = false

  func validate() throws {
    if target != nil, performance != nil {
      throw ValidationError("--target and --performance exclude each other.")
    }
  }

  /// What was asked for; throws a `Failure`.
  var request: RuleRequest {
    get throws {
      var request = try RuleRequest(rules: rules, target: target, energy: energy, tune: tune)
      if let performance { request.performance = performance }
      request.searchesLearningRate = eta == .best
      request.checks = check
      return request
    }
  }

  func run() throws {
    let request = try request
    let verdict = try options.study(figure: drawing.figure).rules(request)
    try StandardOutput.write(line: verdict.text)
    if let warning = verdict.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    if !verdict.agrees { throw ExitCode(1) }
  }
}
