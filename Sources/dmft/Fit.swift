internal import ArgumentParser
internal import Experiments

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a Gaussian mixture to labelled data, for the theory.",
    discussion: """
      Reads numbers and a label per line, estimates class probabilities, class means (their \
      sampling noise taken out) and variances, and says how far the data are from isotropic and \
      Gaussian. Writes mixture.yaml (for solve, train and compare), groups.yaml and groups.csv \
      (the same with inputs in groups of their measured variance and signal), measured.yaml (to \
      train on the rows themselves), fit.csv and spectrum.csv.

      Example: dmft fit digits.csv --label parity --whiten --output runs/digits
      """)

  @Argument(
    help: "The data: comma-separated, a header is optional.", completion: .file(extensions: ["csv"])
  )
  var csv: String

  @Option(help: "The column of the label: its name, or its number from 1 (default: the last).")
  var label: String?

  @Option(
    help: ArgumentHelp(
      "The labels to learn, of two the first as +1 (default: all).", valueName: "a,b,..."),
    transform: { $0.split(separator: ",").map(String.init) })
  var classes: [String] = []

  @Flag(help: "Whiten the inputs by their covariance within classes.")
  var whiten = false

  @Option(help: "samples_per_weight of the problem files (default: 2, or half of the rows).")
  var samplesPerWeight: Double?

  @Flag(help: "Write stand-in.csv as well: Gaussian rows with the measured means and covariances.")
  var standIn = false

  @Option(help: "The seed of these rows.")
  var standInSeed: UInt64 = 1

  @Option(help: "The folder for results (default: runs/<file name>).")
  var output: String?

  @Flag(help: "Replace an earlier run in the folder.")
  var force = false

  func run() throws {
    var options = DataFit.Options()
    options.label = label
    options.classes = classes.isEmpty ? nil : classes
    options.whitens = whiten
    options.samplesPerWeight = samplesPerWeight
    options.standIn = standIn
    options.standInSeed = standInSeed
    options.output = output
    options.force = force
    options.invocation = .current
    try StandardOutput.write(line: DataFit(csv: csv, options: options).write())
  }
}
