internal import NumericalKit

/// Sums over trajectories for fits of the gradient by polynomials of the fields, features
/// (1, h_l, h_i h_j with i >= j) within each cluster. `[sampling.persistent]`
struct FitSums: MemberwiseAdditive {
  /// 1 + K + K(K + 1)/2.
  let features: Int
  /// Σ of products of features, [cluster][row-major], lower triangle.
  private(set) var moments: [[Double]]
  /// Σ of g_k times features, [k][cluster][feature].
  private(set) var gradient: [[[Double]]]
  /// Σ of a and of ξ times features, [cluster][feature].
  private(set) var rest: [[Double]]
  private(set) var surprise: [[Double]]

  init(units: Int, clusters: Int) {
    features = 1 + units + units * (units + 1) / 2
    rest = Array(repeating: Array(repeating: 0, count: features), count: clusters)
    surprise = rest
    gradient = Array(repeating: rest, count: units)
    moments = Array(repeating: Array(repeating: 0, count: features * features), count: clusters)
  }

  static let members: [Member] = [
    .of(\.moments), .of(\.gradient), .of(\.rest), .of(\.surprise),
  ]

  /// Adds trajectories, antithetic pairs of known clusters.
  mutating func add(
    fields: [[Double]], gradient values: [[Double]], conditional: [Double], surplus: [Double],
    clusterOf: [Int]
  ) {
    var columns = [[Double](repeating: 1, count: conditional.count)] + fields
    for i in fields.indices {
      for j in 0...i { columns.append(zip(fields[i], fields[j]).map { $0 * $1 }) }
    }
    for (i, column) in columns.enumerated() {
      for n in 0...i {
        for (a, sum) in products(column, columns[n], clusterOf).enumerated() {
          moments[a][i * features + n] += sum
        }
      }
      for (k, value) in values.enumerated() {
        for (a, sum) in products(column, value, clusterOf).enumerated() {
          gradient[k][a][i] += sum
        }
      }
      for (a, sum) in products(column, conditional, clusterOf).enumerated() { rest[a][i] += sum }
      for (a, sum) in products(column, surplus, clusterOf).enumerated() { surprise[a][i] += sum }
    }
  }

  /// Σ x y within each cluster.
  private func products(_ x: [Double], _ y: [Double], _ clusterOf: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: rest.count)
    let pairs = clusterOf.count
    for j in 0..<pairs { sums[clusterOf[j]] += x[j] * y[j] + x[j + pairs] * y[j + pairs] }
    return sums
  }
}
