internal import ArgumentParser
internal import Experiments

struct Static: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Where full-batch learning of a convex loss ends: the minimiser, exactly.",
    discussion: """
      Solves the equations of the minimiser of loss and weight decay for a perceptron on clusters: \
      its overlaps, norm, losses and errors, and the number of samples per weight up to which the \
      samples are separable. weight_decay 0 stands for the limit to 0: the maximum margin if \
      samples are separable (minimum norm for the square loss). Start, learning rate, steps and \
      masks do not matter, unless a note says so.

      Writes static.csv and run.yaml; with --scan a line per value of any numeric key, and \
      figure.svg.

      Example: dmft static problem.yaml --scan samples_per_weight=0.5:20:60:log
      Example: dmft static problem.yaml --set weight_decay=0 --set loss.kind=hinge
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @Option(
    help: ArgumentHelp(
      "Let a key of the problem take COUNT values.", valueName: "key=from:to:count[:log]"))
  var scan: String?

  func run() throws {
    let request: ParameterAxis?
    do {
      request = try scan.map { try ParameterAxis($0, option: "--scan", takes: .range) }
    } catch {
      throw Failure(error)
    }
    let outcome = try options.study(figure: drawing.figure).staticLimit(scan: request)
    try StandardOutput.write(line: outcome.text)
    if let warning = outcome.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
  }
}
