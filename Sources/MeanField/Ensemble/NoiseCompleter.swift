internal import NumericalKit

/// One row of fresh noise as a combination of vectors over the ensemble. `[frame.noise]`
///
///   ε_k = Σ_l raw_kl n_l + Σ_r noise_r ε_r + Σ_r kicks_r (odd part of kick_r)
struct NoiseCompletion: Sendable {
  var raw: [Double]
  var noise: [Double]
  /// Of all kicks, those of the present step last.
  var kicks: [Double]

  /// Orthonormal combinations of raw noise and of what is taken from it.
  ///
  /// - Parameters:
  ///   - left: the products of what is left of the raw noise.
  ///   - noise, kicks: the weights of the rows in what is left of n_l.
  static func orthonormal(
    _ left: [[Double]], noise: (Int) -> [Double], kicks: (Int) -> [Double]
  ) -> [NoiseCompletion] {
    let units = left.count
    let one = SmallFactor((0..<units).map { k in (0..<units).map { $0 == k ? 1 : 0 } })
    return one.dividing(SmallFactor(left)).map { row in
      func sum(_ weights: (Int) -> [Double]) -> [Double] {
        var sum = weights(0).map { row[0] * $0 }
        for l in 1..<max(units, 1) { DenseVector.add(row[l], weights(l), to: &sum) }
        return sum
      }
      return NoiseCompletion(raw: row, noise: sum(noise), kicks: sum(kicks))
    }
  }
}

/// Makes the noise of each step orthonormal over the ensemble to all rows of noise, and orthogonal
/// to all kicks, when they are there. `[frame.noise]`
///
/// A march without a frame draws all its noise at the start and keeps kicks orthogonal to the noise
/// of the future. In a frame, rows come and go, and it is the other way round. Cost O(n²) per step
/// and unit at n rows.
struct NoiseCompleter: Sendable {
  private let units: Int
  private let noiseRows: Int
  private var span: KickSpan  // of noise rows and odd parts of kicks
  private var gram: TwoTimeKernel  // products of odd parts

  /// - Parameters:
  ///   - noiseRows: the most rows of noise, those of a teacher included.
  ///   - rows: the most rows of the frame.
  init(units: Int, noiseRows: Int, rows: Int) {
    self.units = units
    self.noiseRows = noiseRows
    span = KickSpan(staticRows: noiseRows, kicks: units * rows)
    gram = TwoTimeKernel(units: units, capacity: rows, shape: .symmetric)
  }

  /// Merges kicks. `[frame.merge]`
  mutating func merge(_ merges: [RowMerge], _ rotation: NoiseRotation, leading: Int) {
    span.merge(merges.map { $0.flat(units: units) }, rotation, leading: leading)
    for merge in merges { gram.merge(merge) }
  }

  /// The next rows of noise, from averages over the ensemble.
  ///
  /// - Parameters:
  ///   - sums: averages of one step.
  ///   - frame: those of the raw noise and of odd parts.
  ///   - kickNoise: products of this step's kicks with the noise, [k][row].
  ///   - kicks: what the kicks of this step are made of.
  mutating func complete(
    _ sums: EnsembleSums, _ frame: FrameSums, kickNoise: [[Double]], kicks: [KickCompletion]
  ) -> [NoiseCompletion] {
    let drift = sums.drift.noise.map(padded)
    let delta = sums.delta.noise.map(padded)
    let kickNoise = kickNoise.map(padded)
    let raw = frame.onNoise.map(padded)

    let onKicks = kicks.map { kick in
      combined(
        kick, frame.driftOnKicks, frame.deltaOnKicks, span.products(ofRows: kick.noise),
        gram.multiply(kick.kicks[...]))
    }
    let square = kicks.flatMap { first in
      kicks.indices.map { l in
        let second = kicks[l]
        return dot(
          first,
          onDrift: (0..<units).map { m in
            dot(
              second, onDrift: frame.driftDrift.map { $0[m] },
              onDelta: frame.deltaDrift.map { $0[m] }, onNoise: drift[m],
              onKicks: frame.driftOnKicks[m])
          },
          onDelta: (0..<units).map { m in
            dot(
              second, onDrift: frame.deltaDrift[m], onDelta: frame.deltaDelta[m],
              onNoise: delta[m], onKicks: frame.deltaOnKicks[m])
          },
          onNoise: kickNoise[l], onKicks: onKicks[l])
      }
    }
    let onPresent = (0..<units).map { k in
      kicks.map {
        dot(
          $0, onDrift: frame.onDrift[k], onDelta: frame.onDelta[k], onNoise: raw[k],
          onKicks: frame.onKicks[k])
      }
    }
    append(kickNoise, onKicks, square)
    return orthonormal(
      zip(raw, zip(frame.onKicks, onPresent)).map {
        Projection(onStatic: $0, onKicks: $1.0 + $1.1)
      },
      square: frame.square)
  }

  /// Fresh noise from raw noise with these products.
  private func orthonormal(_ raw: [Projection], square: [[Double]]) -> [NoiseCompletion] {
    let reduced = raw.map(span.reduced)
    let left = (0..<units).map { k in
      (0..<units).map { l in
        square[k][l] - DenseVector.dot(reduced[k].onStatic, reduced[l].onStatic)
          - DenseVector.dot(reduced[k].onKicks, reduced[l].onKicks)
      }
    }
    let weights = reduced.map(span.weights)
    return NoiseCompletion.orthonormal(left) {
      weights[$0].onStatic.map { -$0 }
    } kicks: {
      weights[$0].onKicks.map { -$0 }
    }
  }

  /// Takes the odd parts of the kicks of one step.
  private mutating func append(
    _ onNoise: [[Double]], _ onKicks: [[Double]], _ square: [Double]
  ) {
    let reduced = zip(onNoise, onKicks).map {
      span.reduced(Projection(onStatic: $0, onKicks: $1))
    }
    span.append(reduced, squares: square)
    gram.append(
      (0..<units).map { onKicks[$0] + square[$0 * units..<($0 + 1) * units] })
  }

  private func padded(_ products: [Double]) -> [Double] {
    products + [Double](repeating: 0, count: noiseRows - products.count)
  }

  /// The product of a kick with something of which the products with its parts are known.
  private func dot(
    _ kick: KickCompletion, onDrift: [Double], onDelta: [Double], onNoise: [Double],
    onKicks: [Double]
  ) -> Double {
    DenseVector.dot(kick.drift, onDrift) + DenseVector.dot(kick.delta, onDelta)
      + DenseVector.dot(kick.noise, onNoise) + DenseVector.dot(kick.kicks, onKicks)
  }

  /// The products of a kick with earlier ones.
  private func combined(
    _ kick: KickCompletion, _ drift: [[Double]], _ delta: [[Double]], _ noise: [Double],
    _ kicks: [Double]
  ) -> [Double] {
    var row = noise
    DenseVector.add(1, kicks, to: &row)
    for l in 0..<units {
      DenseVector.add(kick.drift[l], drift[l], to: &row)
      DenseVector.add(kick.delta[l], delta[l], to: &row)
    }
    return row
  }
}
