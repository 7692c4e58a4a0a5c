internal import ArgumentParser
internal import Experiments

struct Online: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "One-pass learning: every step has samples of its own.",
    discussion: """
      Each step of the problem has samples_per_weight x density of the sample mask new samples per \
      weight, which are used once. Two theories: all samples of a step at once (batches, \
      curves.csv), and one after the other, each with a step of the weights and its share of the \
      decay (the limit of small batches, an ordinary differential equation; single/curves.csv). \
      The Bayes-optimal error is that of the samples seen so far.

      Writes curves.csv, single/curves.csv, figure.svg and run.yaml; with --check also \
      comparison.csv and training/curves.csv, here and in single/. Exit code 1 if theory and \
      training disagree.

      Example: dmft online problem.yaml --set learning_rate=0.05 --check
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @Flag(help: "Train directly as well, both ways, and compare.")
  var check = false

  func run() throws {
    let verdict = try options.study(figure: drawing.figure).online(check: check)
    try StandardOutput.write(line: verdict.text)
    if let warning = verdict.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    if !verdict.agrees { throw ExitCode(1) }
  }
}
