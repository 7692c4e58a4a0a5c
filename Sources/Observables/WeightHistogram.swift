internal import NumericalKit

/// The distribution of the weights of each unit, in units of their root mean square.
/// `[observable.histogram]`
///
/// Densities per bin of w_k/√C_kk, from -5 to 5 in steps of 0.2; both signs count alike, as the
/// distribution is symmetric.
public struct WeightHistogram: Sendable {
  /// Bins on each side of 0.
  static let bins = 25
  /// Width of a bin, in units of the root mean square.
  public static let width = 0.2
  /// Centres of all bins, ascending.
  public static let centres = (-bins..<bins).map { (Double($0) + 0.5) * width }

  /// The density in each bin, for each unit.
  public let densities: [[Double]]

  /// The histogram of samples: `weights[k]` of unit k.
  public init(weights: [[Double]]) {
    densities = weights.map { values in
      var counts = [Double](repeating: 0, count: Self.bins)
      let square = DenseVector.dot(values, values) / Double(values.count)
      let scale = square > 0 ? 1 / (Self.width * square.squareRoot()) : 0
      for value in values {
        let position = abs(value) * scale
        if position < Double(Self.bins) { counts[Int(position)] += 1 }
      }
      let norm = 1 / (2 * Self.width * Double(values.count))
      return Self.mirrored(counts.map { $0 * norm })
    }
  }

  /// The densities of Gaussian weights, for `units` units.
  public static func gaussian(units: Int) -> WeightHistogram {
    let half = (0..<bins).map { bin in
      NormalDistribution.probability(from: Double(bin) * width, to: Double(bin + 1) * width) / width
    }
    return WeightHistogram(densities: Array(repeating: mirrored(half), count: units))
  }

  /// The mean of several, such as those along different paths.
  public init?(meanOf histograms: [WeightHistogram]) {
    guard let first = histograms.first else { return nil }
    densities = first.densities.indices.map { k in
      Self.centres.indices.map { bin in
        histograms.reduce(0) { $0 + $1.densities[k][bin] } / Double(histograms.count)
      }
    }
  }

  private init(densities: [[Double]]) { self.densities = densities }

  private static func mirrored(_ half: [Double]) -> [Double] { half.reversed() + half }

  /// Mean and standard error over independent replicas, [k][bin].
  public static func mean(of replicas: [WeightHistogram]) -> [[Estimate]] {
    guard let first = replicas.first else { return [] }
    return first.densities.indices.map { k in
      centres.indices.map { bin in Estimate(mean: replicas.map { $0.densities[k][bin] }) }
    }
  }
}

extension WeightHistogram: Codable {
  public init(from decoder: any Decoder) throws {
    let rows = try decoder.singleValueContainer().decode([ExactNumbers].self)
    self.init(densities: rows.map(\.values))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(densities.map { ExactNumbers($0) })
  }
}
