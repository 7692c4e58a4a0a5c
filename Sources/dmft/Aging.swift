internal import ArgumentParser
internal import Experiments

struct Aging: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Correlation and response from waiting times on: effective temperatures.",
    discussion: """
      Solves the theory once and watches the weights from each waiting time on: correlation, \
      displacement, integrated response, their ratio (the effective temperature) and the \
      fluctuation-dissipation ratio by lag, beside those of the steady state where there is one. \
      Long runs are kept in a frame of the past (theory.history), in which each waiting time has a \
      row of its own. Problems in steps, of any network, loss, mask and rule; means over hidden \
      units.

      Writes aging.csv (a row per waiting time and lag), effective_temperature.csv (of the steady \
      state, as dmft stationary does), figure.svg and run.yaml. Closed sites are exact; otherwise \
      standard errors come from theory.batches independent solves.

      Example: dmft aging problem.yaml --waiting 10,100,1000 --set steps=5000
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var drawing: FigureOption

  @Option(
    help: ArgumentHelp("Waiting times in steps, below steps.", valueName: "step,step,..."))
  var waiting: String

  @Option(help: "The most lags after each waiting time, denser early.")
  var lags = 100

  @Flag(inversion: .prefixedNo, help: "Solve for the steady state too, if there is one.")
  var stationary = true

  func run() throws {
    let request: AgingRequest
    do {
      request = try AgingRequest(waiting: waiting, lags: lags, comparesSteadyState: stationary)
    } catch {
      throw Failure(error)
    }
    let result = try options.study(figure: drawing.figure).aging(request)
    if let warning = result.warning { ProgressReporter.standardError("dmft: \(warning)\n") }
    try StandardOutput.write(line: result.text)
  }
}
