internal import LearningProblem
internal import NumericalKit

/// A group of data points on their way around the ring, and their tangents. `[stationary.ring]`
///
/// What reaches back beyond the start of a sweep is the end of the sweep before: at the fixed point
/// the paths are periodic. Memories are products of matrices over blocks of steps. Cost 3 L²
/// multiplications per point and sweep.
struct RingBlock: Sendable {
  /// Points of a block, an even number.
  static let size = 128
  /// Steps whose memory of the steps before them is one product of matrices.
  private static let stride = 32

  private let range: Range<Int>
  private let lags: Int
  private let sigma: Double
  private let usesTangents: Bool
  private var evaluator: SampleEvaluator
  /// √Δ of every point.
  private let deviations: [Double]
  /// √Δ g(t), the last L steps of the sweep before and the 2L steps of this one.
  private var kicks: RowBlock
  /// What was found in the last sweep.
  private(set) var sums: RingSums

  init(_ dynamics: Dynamics, _ points: RingPoints, _ range: Range<Int>) {
    self.range = range
    lags = points.lags
    sigma = dynamics.strength(at: 0)
    usesTangents = !dynamics.objective.gradientJumps
    evaluator = SampleEvaluator(dynamics.objective, readout: [])
    deviations = range.map { points.points[$0].cluster.variance.squareRoot() }
    kicks = RowBlock(capacity: 3 * lags, width: range.count, precision: .single)
    sums = RingSums(directions: dynamics.signalDirections, lags: lags)
  }

  private var steps: Int { 2 * lags }
  private var width: Int { range.count }

  /// One sweep: paths, then tangents.
  ///
  /// - Parameter amplitudes: the square root of the spectrum of C_f.
  mutating func sweep(_ points: RingPoints, _ weights: StationaryWeights, _ amplitudes: [Double]) {
    sums = RingSums(directions: sums.drive.count, lags: lags)
    let transform = RealFourierTransform(count: steps)
    var fields = [Double](repeating: 0, count: steps * width)
    for (column, j) in range.enumerated() {
      let point = points.points[j]
      let still =
        point.cluster.mean(weights.magnetisation[...])
        + deviations[column] * max(weights.frozen, 0).squareRoot() * point.frozen
      let noise = transform.inverse(points.field(j, amplitudes: amplitudes))
      for t in 0..<steps { fields[t * width + column] = still + deviations[column] * noise[t] }
    }
    let (paths, drifts, curvatures) = run(fields, points, weights.response)
    addPower(paths, points, transform)
    addInstant(curvatures, points)
    if usesTangents {
      addTangents(curvatures, points, weights.response)
    } else {
      addCross(drifts, points, transform)
    }
  }

  /// h and g at every step; returns kicks, their means at given past, and σ H, [step][point].
  /// `[site.sample]`
  private mutating func run(
    _ fields: [Double], _ points: RingPoints, _ response: [Double]
  ) -> (kicks: [Double], drifts: [Double], curvatures: [Double]) {
    var paths = [Double](repeating: 0, count: steps * width)
    var (drifts, curvatures) = (paths, paths)
    var row = [Double](repeating: 0, count: width)
    kicks.copyRows(2 * lags, count: lags, to: 0)
    let stride = Self.stride
    let far = (0..<stride).map { i in
      (0..<lags).map { q in i + lags - q < lags ? response[i + lags - q] : 0 }
    }
    let near = (0..<stride).map { i in (0..<i).map { response[i - $0] } }
    for first in Swift.stride(from: 0, to: steps, by: stride) {
      var memories = [[Double]](repeating: [Double](repeating: 0, count: width), count: stride)
      kicks.combine(far, from: first, into: &memories)
      for i in 0..<stride {
        let t = first + i
        kicks.combine(near[i][...], from: lags + first, into: &memories[i])
        for (column, j) in range.enumerated() {
          let point = points.points[j]
          evaluator.fields[0] =
            fields[t * width + column] + deviations[column] * memories[i][column]
          let value = evaluator.evaluate(label: point.cluster.label)
          let slope = sigma * evaluator.gradient[0]
          let kick = points.mask.isOn(t, j) ? deviations[column] * slope : 0
          let share = point.weight / Double(steps)
          let drift = share * points.mask.conditional(t, j) * slope
          for p in sums.drive.indices { sums.drive[p] += drift * point.cluster.centre[p] }
          sums.loss += share * value.loss
          sums.error += share * value.error
          row[column] = kick
          paths[t * width + column] = kick
          drifts[t * width + column] =
            deviations[column] * points.mask.conditional(t, j) * slope
          curvatures[t * width + column] = sigma * evaluator.hessian[0]
        }
        kicks.setRow(lags + t, to: row)
      }
    }
    return (paths, drifts, curvatures)
  }

  /// Spectrum of the kicks, and what stays of them. `[stationary.sampled]`
  private mutating func addPower(
    _ paths: [Double], _ points: RingPoints, _ transform: RealFourierTransform
  ) {
    var partner = 0.0
    for (column, j) in range.enumerated() {
      let spectrum = transform.forward((0..<steps).map { paths[$0 * width + column] })
      let weight = points.points[j].weight
      for k in 1...lags { sums.power[k] += weight * spectrum[k].squaredSize / Double(steps) }
      let mean = spectrum[0].re / Double(steps)
      sums.meanSquare += weight * mean * mean
      if column.isMultiple(of: 2) {
        partner = mean
      } else {
        sums.frozen += 2 * weight * partner * mean
      }
    }
  }

  /// The part of χ at lag zero, known at every step.
  private mutating func addInstant(_ curvatures: [Double], _ points: RingPoints) {
    for t in 0..<steps {
      for (column, j) in range.enumerated() {
        let point = points.points[j]
        sums.response[0] +=
          point.weight / Double(steps) * point.cluster.variance
          * points.mask.conditional(t, j) * curvatures[t * width + column]
      }
    }
  }

  /// Correlations of the gradient with the noise. `[stationary.stein]`
  private mutating func addCross(
    _ drifts: [Double], _ points: RingPoints, _ transform: RealFourierTransform
  ) {
    for (column, j) in range.enumerated() {
      let point = points.points[j]
      let spectrum = transform.forward((0..<steps).map { drifts[$0 * width + column] })
      let scale = point.weight / Double(steps)
      let noise = points.field(j, amplitudes: [Double](repeating: 1, count: lags + 1))
      sums.cross[0] = sums.cross[0] + Complex(scale * spectrum[0].re * point.frozen)
      for k in 1...lags {
        sums.cross[k] = sums.cross[k] + scale * (spectrum[k] * noise[k].conjugate)
      }
    }
  }

  /// χ from responses to kicks of the field at two steps of every path. `[stationary.sampled]`
  private mutating func addTangents(
    _ curvatures: [Double], _ points: RingPoints, _ response: [Double]
  ) {
    let stride = Self.stride
    let near = (0..<stride).map { i in (0..<i).map { response[i - $0] } }
    let zeros = [Double](repeating: 0, count: width)
    var row = zeros
    for start in [0, lags] {
      var tangents = RowBlock(capacity: lags, width: width, precision: .single)
      for first in Swift.stride(from: 0, to: lags, by: stride) {
        var memories = [[Double]](repeating: zeros, count: stride)
        let far = (0..<stride).map { i in (0..<first).map { response[first + i - $0] } }
        tangents.combine(far, into: &memories)
        for i in 0..<stride {
          let lag = first + i
          let t = (start + lag) % steps
          tangents.combine(near[i][...], from: first, into: &memories[i])
          for (column, j) in range.enumerated() {
            let point = points.points[j]
            let variance = point.cluster.variance
            let tangent = lag == 0 ? 1 : variance * memories[i][column]
            let change = curvatures[t * width + column] * tangent
            row[column] = points.mask.isOn(t, j) ? change : 0
            guard lag > 0 else { continue }
            sums.response[lag] +=
              0.5 * point.weight * variance * points.mask.conditional(t, j) * change
          }
          tangents.setRow(lag, to: row)
        }
      }
    }
  }
}
