internal import ArgumentParser
internal import Experiments

struct Stationary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Solve for the steady state in which learning ends.",
    discussion: """
      Kernels of one time difference instead of two times, found as a fixed point in Fourier \
      space: no steps, no start. Needs a problem that forgets its start: weight_decay > 0, or more \
      samples than can be fit. For perceptron and door, the plain rule, weight masks full or \
      independent, sample masks full, independent or persistent.

      Writes kernels.csv (correlation, response, gradient_covariance, gradient_response by lag), \
      spectra.csv, effective_temperature.csv (fluctuation against dissipation), figure.svg and \
      run.yaml; prints m, C, losses, errors, effective temperatures and relaxation times. Exact \
      for the square loss on a perceptron and for full batches of a convex loss; otherwise \
      sampled, with standard errors from theory.batches independent solves.

      Example: dmft stationary problem.yaml --set learning_rate=0.1
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  func run() throws {
    let result = try options.study(figure: drawing.figure).stationary()
    if let warning = result.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    try StandardOutput.write(line: result.text)
  }
}
