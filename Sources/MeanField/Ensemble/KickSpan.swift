internal import NumericalKit

/// One unit's vector over the ensemble, seen through its dot products.
struct Projection: Sendable {
  /// Products with orthonormal rows: noise and indicators.
  var onStatic: [Double]
  /// Products with kicks; once reduced, L⁻¹ of what the orthonormal rows leave.
  var onKicks: [Double]
}

/// The span of orthonormal rows and of kicks, through dot products alone. `[sampling.orthogonal]`
///
/// Only the Schur complement of the kicks, their Gram matrix less their projections on the
/// orthonormal rows, needs a (growing) factorisation.
struct KickSpan: Sendable {
  private var projections: RowBlock  // X: row (s, l) holds E[static row · kick_l(s)]
  private var factor: GrowingCholesky  // L of E[kick kick'] - X X'
  private var count = 0

  /// - Parameters:
  ///   - staticRows: orthonormal rows.
  ///   - kicks: the most kicks.
  init(staticRows: Int, kicks: Int) {
    projections = RowBlock(capacity: kicks, width: staticRows)
    factor = GrowingCholesky(capacity: kicks, tolerance: 1e-10)
  }

  /// The products of all kicks with a combination of orthonormal rows.
  func products(ofRows weights: [Double]) -> [Double] {
    var products = [Double](repeating: 0, count: count)
    projections.addProducts(with: weights, rows: count, to: &products)
    return products
  }

  /// onKicks := L⁻¹ (onKicks - X onStatic).
  func reduced(_ projection: Projection) -> Projection {
    var reduced = projection
    var overlap = [Double](repeating: 0, count: count)
    projections.addProducts(with: projection.onStatic, rows: count, to: &overlap)
    DenseVector.add(-1, overlap, to: &reduced.onKicks)
    factor.forward(&reduced.onKicks)
    return reduced
  }

  /// Turns weights of what the basis is made of, onKicks those of L⁻¹ (kicks - X static), into
  /// weights of the rows and of the kicks themselves.
  func weights(_ basis: Projection) -> Projection {
    var weights = basis
    factor.backward(&weights.onKicks)
    // Kicks overlap with the orthonormal rows: what goes to the kicks leaves them.
    var overlap = [Double](repeating: 0, count: projections.width)
    projections.combine(weights.onKicks[...], into: &overlap)
    DenseVector.add(-1, overlap, to: &weights.onStatic)
    return weights
  }

  /// Appends the kicks of one step, of which the reduced projections and squares are known.
  mutating func append(_ kicks: [Projection], squares: [Double]) {
    let units = kicks.count
    for k in 0..<units {
      let onStatic = kicks[k].onStatic
      factor.append(
        solved: kicks[k].onKicks,
        last: (0..<k).map {
          squares[k * units + $0] - DenseVector.dot(onStatic, kicks[$0].onStatic)
        },
        diagonal: squares[k * units + k] - DenseVector.dot(onStatic, onStatic))
      projections.setRow(count, to: kicks[k].onStatic)
      count += 1
    }
  }

  /// Merges kicks, and turns the noise rows, which stand behind `leading` other ones, as the merge
  /// of the fields does. `[frame.rotation]`
  mutating func merge(_ flat: [RowMerge], _ rotation: NoiseRotation, leading: Int) {
    for merge in flat {
      projections.merge(merge, rows: count)
      count -= merge.loss
    }
    // What kicks had on noise that is lost is noise of their own now.
    let own = projections.turnColumns(rotation, leading: leading, rows: count)
    factor.merge(flat)
    factor.update(adding: own, width: rotation.before - rotation.after)
  }
}
