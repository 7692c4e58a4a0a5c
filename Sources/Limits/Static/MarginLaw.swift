internal import LearningProblem
internal import NumericalKit

/// The law of y h over the clusters, for weights that do not know the sample. `[static.field]`
///
/// In cluster a: y h ~ N(c_a·m, Δ_a C) with c_a = y_a B_a. Clusters with the same c and Δ are one.
struct MarginLaw: Sendable {
  /// One normal part of the law.
  struct Part: Sendable {
    /// Its probability.
    var probability: Double
    /// c_p = y B_p.
    var centre: [Double]
    /// Δ.
    let variance: Double

    /// c·m.
    func mean(_ overlaps: ArraySlice<Double>) -> Double {
      var sum = 0.0
      for (c, m) in zip(centre, overlaps) { sum += c * m }
      return sum
    }
  }

  /// The parts, with probabilities > 0.
  private(set) var parts: [Part] = []
  /// P.
  let directions: Int

  /// The law of a mixture with labels ±1.
  init(_ data: any DataModel) {
    directions = data.signalDirections
    for cluster in data.clusters where cluster.probability > 0 {
      let centre = cluster.centre.map { cluster.label * $0 }
      if let same = parts.firstIndex(where: {
        $0.centre == centre && $0.variance == cluster.variance
      }) {
        parts[same].probability += cluster.probability
      } else {
        parts.append(
          Part(
            probability: cluster.probability, centre: centre, variance: cluster.variance))
      }
    }
  }

  /// The law for inputs of groups, of which each is divided by its standard deviation √f: what can
  /// be separated stays so. `[inputs.static]`
  func whitened(_ groups: InputGroups) -> MarginLaw {
    let metric = SymmetricMatrix(
      size: directions,
      entries: (0..<directions * directions).map { index in
        groups.groups.reduce(0) {
          $0 + $1.share * $1.signal[index / directions][index % directions] / $1.variance
        }
      })
    let root = metric.applying { max($0, 0).squareRoot() }
    var law = self
    for index in law.parts.indices { law.parts[index].centre = root.times(parts[index].centre) }
    return law
  }

  /// The largest E|x|²/d of a part, signal included: the scale of the curvature.
  var largestSquare: Double {
    parts.map { $0.variance + $0.centre.reduce(0) { $0 + $1 * $1 } }.max() ?? 1
  }
}
