internal import ArgumentParser
internal import Experiments

struct Sensitivity: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Which step's learning rate, decay and densities matter, and how much.",
    discussion: """
      The derivatives of an observable by the learning rate, the weight decay and the densities of \
      masks at every step. Where both sites close (perceptron, square loss, plain rule) they are \
      exact, of all steps at once. Elsewhere they are differences of two solves with the same \
      random numbers, by each number that the schedules name, with standard errors; a number \
      without a schedule is changed at all steps together.

      Writes sensitivity.csv (a row per control and step: value, derivative, change per relative \
      change), figure.svg and run.yaml.

      Example: dmft sensitivity problem.yaml --of test_loss --set loss.kind=square
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @Option(
    help: ArgumentHelp("The observable, a name in curves.csv.", valueName: "observable"))
  var of = "test_loss"

  @Option(help: ArgumentHelp("Its step (default: the last one).", valueName: "step"))
  var at: Int?

  @Option(
    help: ArgumentHelp(
      "Relative change on both sides of a difference, where no exact derivative is known.",
      valueName: "fraction"))
  var step = 0.05

  func run() throws {
    let request: SensitivityRequest
    do {
      request = try SensitivityRequest(observable: of, step: at, relativeStep: step)
    } catch {
      throw Failure(error)
    }
    let result = try options.study(figure: drawing.figure).sensitivity(request)
    if let warning = result.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    try StandardOutput.write(line: result.text)
  }
}
