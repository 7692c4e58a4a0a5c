internal import NumericalKit

/// Gives the kicks of a step exactly the averages over the ensemble that they should have.
/// `[sampling.orthogonal]` `[sampling.persistent]`
///
/// With drift = a g the mean over the current mask and δ = (s - a) g the rest, δ is replaced by its
/// part orthogonal (over the ensemble) to the cluster indicators, all rows of the noise ε, all
/// earlier kicks and the current drift; the drift is moved within the span of these until its
/// products with them are the targets; and δ is rescaled so that the kicks have their target
/// squares. With targets from the drifts themselves nothing is moved, and δ keeps the covariance
/// E[a(1-a) g_k g_l]. Indicators and ε are orthonormal, so only the Schur complement of the kicks
/// needs a (growing) factorisation, and everything follows from dot products already taken.
/// Cost O(T t K²) per step.
struct KickOrthogonaliser: Sendable {
  private let units: Int
  private var span: KickSpan

  /// - Parameters:
  ///   - staticRows: noise rows plus clusters.
  ///   - kicks: K T.
  init(units: Int, staticRows: Int, kicks: Int) {
    self.units = units
    span = KickSpan(staticRows: staticRows, kicks: kicks)
  }

  /// Merges kicks. `[frame.merge]`
  mutating func merge(_ flat: [RowMerge], _ rotation: NoiseRotation, leading: Int) {
    span.merge(flat, rotation, leading: leading)
  }

  /// One unit's kick: weights of drift_l, δ_l, static rows and earlier kicks.
  struct Combination {
    var drift: [Double]
    var delta: [Double]
    var onStatic: [Double]
    var onKicks: [Double]
  }

  /// The combinations of the K kicks of this step, and their squares E[kick_k kick_l]: those of
  /// `square`, unless too far from what the mask gives.
  ///
  /// - Parameters:
  ///   - drift, delta: dot products of each unit's vectors, averages over the ensemble.
  ///   - target: those that kicks should have; nil for those of the drifts.
  ///   - sums: for the K x K averages.
  ///   - square: target of E[kick_k kick_l].
  mutating func complete(
    drift: [Projection], delta: [Projection], sums: EnsembleSums, target: [Projection]?,
    square: [Double]
  ) -> (kicks: [Combination], square: [Double]) {
    let drift = drift.map(span.reduced)
    let delta = delta.map(span.reduced)
    let target = target?.map(span.reduced) ?? drift
    func left(_ products: [Double], _ a: [Projection], _ b: [Projection]) -> [[Double]] {
      (0..<units).map { k in
        (0..<units).map { l in
          products[k * units + l] - DenseVector.dot(a[k].onStatic, b[l].onStatic)
            - DenseVector.dot(a[k].onKicks, b[l].onKicks)
        }
      }
    }
    // What the basis leaves of the drifts, and of δ along them.
    let residue = left(sums.driftDrift, drift, drift)
    let driftLeft = SmallFactor(residue)
    let crossLeft = left(sums.deltaDrift, delta, drift)
    let gamma = crossLeft.map { driftLeft.solve($0) }  // [k][l]
    var deltaLeft = left(sums.deltaDelta, delta, delta)
    for k in 0..<units {
      for l in 0..<units { deltaLeft[k][l] -= DenseVector.dot(gamma[k], crossLeft[l]) }
    }
    // What the targets leave to δ, and its scale.
    var room = left(square, target, target)
    for k in 0..<units { DenseVector.add(-1, residue[k], to: &room[k]) }
    let wanted = SmallFactor(square: sums.maskVariance, size: units).nearest(to: room)
    let rescale = SmallFactor(wanted).dividing(SmallFactor(deltaLeft))  // W, [k][l]
    var squares = square
    for k in 0..<units {
      for l in 0..<units { squares[k * units + l] += wanted[k][l] - room[k][l] }
    }

    let kicks = combinations(drift, delta, target, gamma, rescale)
    // Kicks have the products of their targets.
    span.append(target, squares: squares)
    return (kicks, squares)
  }

  /// kick_k = basis part of target_k + what the basis leaves of drift_k and W δ.
  private func combinations(
    _ drift: [Projection], _ delta: [Projection], _ target: [Projection], _ gamma: [[Double]],
    _ rescale: [[Double]]
  ) -> [Combination] {
    (0..<units).map { k in
      var onDrift = [Double](repeating: 0, count: units)
      onDrift[k] = 1
      var onStatic = target[k].onStatic
      var onKicks = target[k].onKicks
      DenseVector.add(-1, drift[k].onStatic, to: &onStatic)
      DenseVector.add(-1, drift[k].onKicks, to: &onKicks)
      for l in 0..<units where rescale[k][l] != 0 {
        let weight = rescale[k][l]
        DenseVector.add(-weight, delta[l].onStatic, to: &onStatic)
        DenseVector.add(-weight, delta[l].onKicks, to: &onKicks)
        for j in 0..<units {
          onDrift[j] -= weight * gamma[l][j]
          DenseVector.add(weight * gamma[l][j], drift[j].onStatic, to: &onStatic)
          DenseVector.add(weight * gamma[l][j], drift[j].onKicks, to: &onKicks)
        }
      }
      let weights = span.weights(Projection(onStatic: onStatic, onKicks: onKicks))
      return Combination(
        drift: onDrift, delta: rescale[k], onStatic: weights.onStatic, onKicks: weights.onKicks)
    }
  }
}
