public import ArgumentParser
internal import Experiments
public import NumericalKit

struct Optimise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the protocol of learning rate, decay and masks that is best.",
    discussion: """
      Chooses numbers of the learning rule at every step so that an observable, or a sum of \
      observables and energies with prices, is smallest at the last step, within budgets. \
      The best constant values of the same numbers are found too: the gain is the difference. \
      Writes protocol.yaml (the problem with the best protocol, which solve, compare and rules \
      take), protocol.csv, history.csv, curves, figure.svg and run.yaml.

      A control is a key of the problem file with a number, KEY or KEY=LOWER:UPPER. Where all \
      equations are closed, gradients come from the adjoint of the march, and each step is a \
      number of its own; elsewhere K knots with straight lines between them are chosen, with the \
      same random numbers in all solves. What is reported is solved again with others. The \
      optimiser is NLopt; the seed of the theory decides everything.

      Example: dmft optimise problem.yaml --minimise test_loss --over learning_rate \
      --over weight_mask.density --budget writes=5
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @Option(
    help: ArgumentHelp("What is to be small: an observable, or energy.", valueName: "observable"))
  var minimise = "test_loss"

  @Option(help: ArgumentHelp("The step at which it counts (default: the last).", valueName: "step"))
  var at: Int?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A number to choose at every step; repeatable.", valueName: "key[=lower:upper]"))
  var over: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A number to choose once for all steps, such as a parameter of the update; repeatable.",
      valueName: "key[=lower:upper]"))
  var tune: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Limits that are kept; repeatable.", valueName: "observable=limit,..."))
  var budget: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Prices of what is added to the objective; repeatable.", valueName: "observable=price,..."))
  var price: [String] = []

  @Option(
    help: ArgumentHelp("A value to reach, as a limit.", valueName: "observable=value"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "What energy stands for, such as 'absolute_change + 0.01*activity'.", valueName: "sum"))
  var energy: String?

  @Option(help: "Nodes of each control, with straight lines between them.")
  var knots: Int?

  @Option(help: "Searches from different places.")
  var starts = 3

  @Option(help: "The most solves of a search.")
  var evaluations = 200

  @Option(help: "l-bfgs, mma or slsqp (with gradients), bobyqa or cobyla (default: what suits).")
  var method: BoundedMinimisation.Method?

  @Flag(help: "Train both directly; exit code 1 if theory and training disagree.")
  var check = false

  func run() throws {
    let request: OptimiseRequest
    do {
      let goal = try ProtocolGoal(
        minimise: minimise, energy: energy.map { try EnergySum(parsing: $0) }, prices: price,
        budgets: budget, target: target, step: at)
      let controls =
        try over.map { try ControlRequest(parsing: $0, option: "--over", isConstant: false) }
        + tune.map { try ControlRequest(parsing: $0, option: "--tune", isConstant: true) }
      request = try OptimiseRequest(
        goal: goal, controls: controls, knots: knots, starts: starts, evaluations: evaluations,
        method: method, checks: check)
    } catch {
      throw Failure(error)
    }
    let verdict = try options.study(figure: drawing.figure).optimise(request)
    try StandardOutput.write(line: verdict.text)
    if let warning = verdict.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    if !verdict.agrees { throw ExitCode(1) }
  }
}

extension BoundedMinimisation.Method: ExpressibleByArgument {}
