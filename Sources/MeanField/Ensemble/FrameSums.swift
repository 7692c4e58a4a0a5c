internal import NumericalKit

/// Sums over trajectories from which the next rows of noise are made orthonormal to all that is
/// there. `[frame.noise]`
///
/// The noise has opposite signs in the two members of a pair, so that of a kick only its odd part
/// counts, which has too.
struct FrameSums: MemberwiseAdditive {
  /// Products of the raw noise n_k with noise rows, the odd parts of earlier kicks, drift_l and
  /// δ_l.
  var onNoise: [[Double]]
  var onKicks: [[Double]]
  var onDrift: [[Double]]
  var onDelta: [[Double]]
  /// Products of the raw noise with itself, [k][l].
  var square: [[Double]]
  /// Products of the odd parts of drift_k and δ_k with those of earlier kicks.
  var driftOnKicks: [[Double]]
  var deltaOnKicks: [[Double]]
  /// Products of odd parts with each other, [k][l].
  var driftDrift: [[Double]]
  var deltaDrift: [[Double]]
  var deltaDelta: [[Double]]

  init(units: Int, noiseRows: Int, kickRows: Int) {
    func rows(_ width: Int) -> [[Double]] {
      Array(repeating: [Double](repeating: 0, count: width), count: units)
    }
    onNoise = rows(noiseRows)
    onKicks = rows(kickRows)
    driftOnKicks = onKicks
    deltaOnKicks = onKicks
    square = rows(units)
    onDrift = square
    onDelta = square
    driftDrift = square
    deltaDrift = square
    deltaDelta = square
  }

  /// Adds products with the rows of noise and with the odd parts of earlier kicks: those of the odd
  /// parts of drift_k, of δ_k, and of the raw noise.
  mutating func add(_ onNoise: Vectors, _ onOdd: Vectors) {
    let units = square.count
    for k in 0..<units {
      DenseVector.add(onNoise[2 * units + k], to: &self.onNoise[k])
      DenseVector.add(onOdd[2 * units + k], to: &onKicks[k])
      DenseVector.add(onOdd[k], to: &driftOnKicks[k])
      DenseVector.add(onOdd[units + k], to: &deltaOnKicks[k])
    }
  }

  /// Adds products of the raw noise and of odd parts with each other, over both members of a pair:
  /// parts are differences over them.
  mutating func addSquares(_ parts: PairParts) {
    let units = square.count
    func product(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
      0.5 * DenseVector.dot(x, y)
    }
    for k in 0..<units {
      for l in 0..<units {
        let (raw, drift) = (parts.raw(k), parts.differences[l])
        square[k][l] += product(raw, parts.raw(l))
        onDrift[k][l] += product(raw, drift)
        driftDrift[k][l] += product(parts.differences[k], drift)
        let (delta, other) = (parts.differences[units + k], parts.differences[units + l])
        onDelta[k][l] += product(raw, other)
        deltaDrift[k][l] += product(delta, drift)
        deltaDelta[k][l] += product(delta, other)
      }
    }
  }

  static let members: [Member] = [
    .of(\.onNoise), .of(\.onKicks), .of(\.onDrift), .of(\.onDelta), .of(\.square),
    .of(\.driftOnKicks), .of(\.deltaOnKicks), .of(\.driftDrift), .of(\.deltaDrift),
    .of(\.deltaDelta),
  ]
}
