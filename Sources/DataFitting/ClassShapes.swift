internal import NumericalKit

/// The variances of each class along common axes, relative to what all classes share.
/// `[fit.classes]`
struct ClassShapes {
  /// e·S_a e of each class and axis.
  let measured: [[Double]]
  /// n_a - 1.
  let freedoms: [Int]
  /// 1 + κ/2 of each axis, by which rows of excess kurtosis κ make measured variances noisier.
  let noise: [Double]

  /// - Parameters:
  ///   - residuals: the rows less the means of their classes `members`.
  ///   - axes: orthonormal, a row each.
  init(
    _ residuals: DenseMatrix, members: [Int], _ classes: ClassCovariances, axes: DenseMatrix
  ) {
    measured = classes.variances(along: axes)
    freedoms = classes.freedoms
    noise = (0..<axes.rows).map { i in
      let along = members.indices.map { DenseVector.dot(residuals[$0], axes[i]) }
      return 1 + max(Self.kurtosis(along, members: members, classes.freedoms), -1) / 2
    }
  }

  private var shares: [Double] {
    let total = Double(freedoms.reduce(0, +))
    return freedoms.map { Double($0) / total }
  }

  private var traces: [Double] { measured.map { $0.reduce(0, +) } }

  private var trace: Double { zip(shares, traces).reduce(0) { $0 + $1.0 * $1.1 } }

  private func pooled(_ rows: [[Double]]) -> [Double] {
    noise.indices.map { i in zip(shares, rows).reduce(0) { $0 + $1.0 * $1.1[i] } }
  }

  /// X and E: the square distance of classes that are scaled to one trace, and what it is on
  /// average where they share their shape. `[fit.shapes]`
  private var squares: (measured: Double, expected: Double) {
    let scaled = zip(measured, traces).map { row, own in row.map { $0 * trace / own } }
    let common = pooled(scaled)
    var sum = 0.0
    for (row, freedom) in zip(scaled, freedoms) {
      for i in noise.indices where common[i] > 0 {
        let excess = row[i] / common[i] - 1
        sum += Double(freedom) / (2 * noise[i]) * excess * excess
      }
    }
    let nu = Double(freedoms.reduce(0, +))
    return (sum, dimension * nu / (nu + 2))
  }

  private var dimension: Double { Double((noise.count - 1) * (freedoms.count - 1)) }

  /// How far the classes are from one shape, in standard errors of classes that share it.
  /// `[fit.shapes]`
  var difference: Double {
    let (measured, expected) = squares
    return (measured - expected) / (2 * dimension).squareRoot()
  }

  /// f_a of each class and axis, of mean 1 over the axes; what sampling adds to the spread between
  /// classes is taken out. `[fit.classes]`
  ///
  /// - Parameter shared: f of all classes, of mean 1. `[fit.groups]`
  func variances(shared: [Double]) -> [[Double]] {
    let (square, expected) = squares
    let kept = square > expected ? (1 - expected / square).squareRoot() : 0
    let all = pooled(measured)
    return zip(measured, traces).map { row, own in
      let ratio = own / trace
      let values = shared.indices.map { i in
        let measured = all[i] > 0 ? row[i] / all[i] : ratio
        return shared[i] * (1 + kept * (measured / ratio - 1))
      }
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { $0 / mean }
    }
  }

  /// The excess kurtosis of rows along an axis, on average over classes, each with its own
  /// variance. `[fit.kurtosis]`
  private static func kurtosis(
    _ along: [Double], members: [Int], _ freedoms: [Int]
  ) -> Double {
    var squares = [Double](repeating: 0, count: freedoms.count)
    var fourths = squares
    for (y, a) in zip(along, members) {
      squares[a] += y * y
      fourths[a] += y * y * y * y
    }
    var (sum, weights) = (0.0, 0.0)
    for (a, freedom) in freedoms.enumerated() where freedom > 1 && squares[a] > 0 {
      let n = Double(freedom + 1)
      sum += n * ((n + 1) / (n - 1) * n * fourths[a] / (squares[a] * squares[a]) - 3)
      weights += n
    }
    return weights > 0 ? sum / weights : 0
  }
}
