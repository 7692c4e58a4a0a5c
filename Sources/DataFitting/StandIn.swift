public import LearningProblem
public import NumericalKit

/// Gaussian rows in place of real ones: as many per class, with the class means (without their
/// sampling excess) and the sample covariance of each class. `[fit.standin]`
public enum StandIn {
  private static let block = 256

  /// As many rows as `data`, in its order; 2 Σ_a n_a² d operations.
  ///
  /// A row is the mean of its class plus a random combination of deviations of its rows, which
  /// needs no square root of a matrix and works for any number of rows.
  public static func rows(of data: MeasuredData, seed: UInt64 = 1) -> DenseMatrix {
    let d = data.dimension
    let residuals = data.residuals
    let shrinkage =
      (max(data.moments.separation, 0) / data.moments.rawSeparation).squareRoot()
    var values = [Double](repeating: 0, count: data.count * d)
    for a in data.classes.indices {
      let own = data.members.indices.filter { data.members[$0] == a }
      let deviations = DenseMatrix(
        rows: own.count, columns: d, values: own.flatMap { residuals[$0] })
      let scale = 1 / Double(own.count - 1).squareRoot()
      var stream = RandomStream(seed: seed, purpose: .standIn, index: UInt64(a))
      for first in stride(from: 0, to: own.count, by: block) {
        let rows = own[first..<min(first + block, own.count)]
        let normals = (0..<rows.count * own.count).map { _ in scale * stream.normal() }
        let drawn = DenseMatrix(rows: rows.count, columns: own.count, values: normals)
          .times(deviations)
        for (position, row) in rows.enumerated() {
          for j in 0..<d {
            values[row * d + j] =
              data.moments.middle[j] + shrinkage * data.moments.means[a, j] + drawn[position, j]
          }
        }
      }
    }
    return DenseMatrix(rows: data.count, columns: d, values: values)
  }
}
