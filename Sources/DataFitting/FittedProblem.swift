internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Problem files about a fitted mixture, and about the rows it was fitted to, alike but for the
/// data.
public struct FittedProblem: Sendable {
  private let fit: MixtureFit
  private let samplesPerWeight: Double
  private static let weightDecay = 0.1

  /// Creates the problem files of a fit.
  ///
  /// - Parameters:
  ///   - fit: the mixture.
  ///   - samplesPerWeight: α; by default 2, or half of the rows if these are fewer.
  public init(_ fit: MixtureFit, samplesPerWeight: Double? = nil) {
    self.fit = fit
    let half = Double(fit.data.count) / Double(2 * fit.data.dimension)
    self.samplesPerWeight = samplesPerWeight ?? min(2, Self.rounded(half, digits: 2))
  }

  /// The mixture, for `dmft solve`, `train` and `compare`.
  ///
  /// - Parameters:
  ///   - source: names the rows.
  ///   - groups: the table of groups, beside the file; nil takes all directions as alike.
  public func mixture(source: String, groups: String? = nil) -> String {
    let white = fit.data.preparation.whitens ? ", whitened within classes" : ""
    let clusters = fit.data.clusters
    let names = zip(fit.data.classes, clusters).map {
      "\($0.quoted) is \(Self.text($1.label))"
    }
    return """
      # The Gaussian mixture with the class means and variances of \(source.quoted)\(white),
      # by `dmft fit`: class \(names.joined(separator: ", class ")).
      # Lengths are in units of \(Self.text(fit.distance.value)): class means at (rms) \
      distance 1 from their middle.

      data:
        kind: mixture
        centres: \(Self.list(clusters.map { Self.list($0.centre.map(Self.text)) }))
        labels: \(Self.list(clusters.map { Self.text($0.label) }))
        probabilities: \(Self.list(clusters.map { Self.text($0.probability, digits: 12) }))
        variances: \(Self.list(clusters.map { Self.text($0.variance) }))   \
      # Delta, \(groups == nil ? "in all directions alike" : "the mean over all directions")
      \(inputs(groups))
      """ + rest(training: "training: {dimension: \(fit.data.dimension), runs: 16, seed: 2}")
  }

  /// The rows themselves, for `dmft train`.
  ///
  /// - Parameters:
  ///   - path: the CSV file, as it was given.
  ///   - label: the column of the label, nil for the last.
  public func measured(path: String, label: String?) -> String {
    let labelKey = label.map { "\n  label: \($0.quoted)" } ?? ""
    return """
      # The rows that the mixture was fitted to, by `dmft fit`: for `dmft train`, since the theory \
      is about
      # mixtures. Each run draws its samples from the rows; the others are its test set.

      data:
        kind: csv
        path: \(path.quoted)\(labelKey)
        classes: \(Self.list(fit.data.classes.map(\.quoted)))
        whiten: \(fit.data.preparation.whitens)

      """ + rest(training: "training: {runs: 16, seed: 2}")
  }

  /// The section `inputs`, a line of its own, or nothing.
  private func inputs(_ groups: String?) -> String {
    guard let groups, let basis = fit.groups?.basis else { return "" }
    return "inputs: {kind: file, path: \(groups), basis: \(basis.rawValue)}\n"
  }

  private func rest(training: String) -> String {
    let classes = fit.data.classes.count
    let network =
      classes == 2
      ? "network: {kind: perceptron}\nloss: {kind: logistic}"
      : "network: {kind: softmax, outputs: \(classes)}"
    return """
      samples_per_weight: \(Self.text(samplesPerWeight))   # alpha = n/d
      \(network)
      weight_decay: \(Self.weightDecay)
      start: {variance: 0.01, overlap: 0}
      learning_rate: \(Self.text(learningRate))   # stable on the rows as well
      steps: 100
      sample_mask: {kind: full}

      theory: {trajectories: 4000, batches: 8, seed: 1}
      \(training)

      """
  }

  /// 1/(λ + L) with a bound L on the curvature: that of the loss (1/4, or 1/2 for softmax) times
  /// the largest eigenvalue that n rows of the largest variance, unscaled, can have.
  private var learningRate: Double {
    let spread = 1 + 1 / samplesPerWeight.squareRoot()
    let largest = fit.anisotropy.largestVariance + fit.data.moments.rawSeparation
    let slope = fit.data.classes.count == 2 ? 0.25 : 0.5
    return Self.rounded(
      1 / (Self.weightDecay + slope * samplesPerWeight * spread * spread * largest), digits: 1)
  }

  /// Down to so many significant digits.
  private static func rounded(_ x: Double, digits: Int) -> Double {
    let scale = pow(10, Double(digits - 1) - log10(x).rounded(.down))
    return (x * scale + 1e-9).rounded(.down) / scale
  }

  private static func text(_ x: Double) -> String { text(x, digits: 6) }
  private static func text(_ x: Double, digits: Int) -> String {
    String(format: "%.\(digits)g", x)
  }
  private static func list(_ items: [String]) -> String {
    "[" + items.joined(separator: ", ") + "]"
  }
}
