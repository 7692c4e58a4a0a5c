import LearningProblem
import NumericalKit

/// Gaussian rows with known class means and a diagonal covariance.
struct SyntheticRows {
  var dimension: Int
  /// Rows of each class.
  var counts: [Int]
  /// Mean vector of each class.
  var means: [[Double]]
  /// Variance of each coordinate, for each class.
  var variances: [[Double]]

  /// Class means at ±`distance` along the first axis, all coordinates of the given variances.
  static func twoClasses(
    dimension d: Int, counts: [Int], distance: Double = 1, variances: [Double] = [0.5, 0.5]
  ) -> SyntheticRows {
    let zeros = [Double](repeating: 0, count: d - 1)
    return SyntheticRows(
      dimension: d, counts: counts, means: [[distance] + zeros, [-distance] + zeros],
      variances: variances.map { [Double](repeating: $0, count: d) })
  }

  /// The classes are called 1, -1 (two) or a, b, c, ...
  var names: [String] {
    counts.count == 2 ? ["1", "-1"] : counts.indices.map { ["a", "b", "c", "d"][$0] }
  }

  /// Sample number `index`, with `shift` added to every number.
  func table(_ index: Int, shift: Double = 0) -> CSVTable {
    var stream = RandomStream(seed: 14, purpose: .check, index: UInt64(index))
    var values: [Double] = []
    var labels: [String] = []
    for (a, count) in counts.enumerated() {
      for _ in 0..<count {
        for j in 0..<dimension {
          values.append(shift + means[a][j] + variances[a][j].squareRoot() * stream.normal())
        }
        labels.append(names[a])
      }
    }
    return CSVTable(columns: (0..<dimension).map { "x\($0)" }, values: values, labels: labels)
  }
}

/// Mean and standard deviation.
func statistics(_ x: [Double]) -> (mean: Double, deviation: Double) {
  let mean = x.reduce(0, +) / Double(x.count)
  let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)
  return (mean, square.squareRoot())
}

/// Whether numbers that are standard normal by claim are so: mean and deviation within 4 of their
/// errors.
func looksNormal(_ z: [Double]) -> Bool {
  let (mean, deviation) = statistics(z)
  let n = Double(z.count)
  return abs(mean) < 4 / n.squareRoot() && abs(deviation - 1) < 4 / (2 * n).squareRoot()
}
