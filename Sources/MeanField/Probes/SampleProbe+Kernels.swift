internal import LearningProblem
internal import NumericalKit

extension SampleProbe {
  /// What every trajectory of a probe needs to know of a finished march. `[sampling.probe]`
  struct Kernels: Sendable {
    /// √Δ L over the noise rows, one row per time 0...T: the smooth part of the field.
    /// `[sampling.field]`
    let smooth: FloatMatrix
    /// σ Δ R over the kicks, one row per time 0...T.
    let memory: FloatMatrix
    /// Σ_p B_ap m_p(t), [t][a].
    let means: [[Float]]
    /// m(t) of a teacher, the coefficient of ν; 0 for mixtures.
    let overlaps: [Float]
    /// √Δ (L' - L)(t, t), for the field of the whole network; empty without dropout of inputs.
    /// `[site.dropout]`
    let restored: [Float]
    /// E[e²] and E[y e] of the whole network, at times 0...T.
    let whole: [(square: Double, alignment: Double)]
    /// P(y h < 0) if fields were Gaussian, at times 0...T.
    let gaussianErrors: [Double]
    /// E[s e²] and E[s y e] of learning passes, at times 0..<T.
    let learning: [(square: Double, alignment: Double)]
    /// E[s y²], at times 0..<T.
    let labelSquares: [Double]

    /// Bytes while they are made, and of what is left.
    static func bytes(_ dynamics: Dynamics) -> (making: Double, held: Double) {
      let times = dynamics.grid.steps + 1
      let one = FloatMatrix.bytes(rows: Double(times), columns: times)
      return (GrowingCholesky.bytes(capacity: times) + one, 2 * one)
    }

    /// - Parameters:
    ///   - weights: what the fields have seen of the weights.
    ///   - masked: what the closed site found at times 0...T.
    ///   - power: S(t, t) that it answered.
    init(
      _ dynamics: Dynamics, _ weights: WeightKernels, masked: [MaskedMoments], power: [Double]
    ) {
      let steps = dynamics.grid.steps
      let field = dynamics.fields
      let variance = dynamics.data.variance
      let strengths = (0..<steps).map { dynamics.strength(at: $0) }
      let alpha = dynamics.samplesPerWeight
      let scale = variance.squareRoot()
      let squares =
        dynamics.data.teacher.map { $0.alignment * $0.alignment + $0.remainder * $0.remainder }
        ?? dynamics.data.clusters.reduce(0) { $0 + $1.probability * $1.label * $1.label }
      labelSquares = (0..<steps).map { dynamics.sampleSwitches.density(at: $0) * squares }

      var drive = GaussianDrive(rows: steps + 1)
      var restored = [Float]()
      for t in 0...steps {
        let row = weights.fieldRow(t, field, at: t)
        drive.append(row.before[...], variance: row.variance, rounding: row.rounding)
        guard field.dropped > 0 else { continue }
        let excess = field.dropped * weights.correlation[t, t]
        restored.append(Float(scale * (drive.lastRows(less: [excess])[0][t] - drive.row(t)[t])))
      }
      self.restored = restored
      smooth = FloatMatrix(rows: steps + 1, columns: steps + 1) { t, row in
        for (s, entry) in drive.row(t).enumerated() { row[s] = Float(scale * entry) }
      }
      memory = FloatMatrix(rows: steps + 1, columns: steps) { t, row in
        let response = weights.response.row(t, width: t)
        for s in 0..<t {
          row[s] = Float(variance * strengths[s] * response[response.startIndex + s])
        }
      }
      means = (0...steps).map { t in
        dynamics.data.clusters.map { Float($0.mean(weights.magnetisation[t][0][...])) }
      }
      overlaps = (0...steps).map {
        dynamics.data.teacher == nil ? 0 : Float(weights.magnetisation[$0][0][0])
      }
      whole = masked.map { ($0.square, $0.alignment) }
      gaussianErrors = masked.map(\.gaussianError)
      learning = (0..<steps).map { t in
        let sigma = strengths[t]
        let kicks = alpha * sigma * sigma * variance * (1 + field.dropped)
        return (power[t] / kicks, masked[t].learningAlignment)
      }
    }

    /// Spreads below which the controls of the error at time t are taken for rounding.
    func errorDeviations(_ t: Int) -> SIMD3<Double> {
      SIMD3(1e-3 * whole[t].square, 1e-3 * abs(whole[t].alignment), 0)
    }

    /// Spreads below which the controls of the activity at time t < T are taken for rounding.
    func activityDeviations(_ t: Int) -> SIMD3<Double> {
      SIMD3(1e-3 * learning[t].square, 1e-3 * abs(learning[t].alignment), 1e-9)
    }
  }
}
