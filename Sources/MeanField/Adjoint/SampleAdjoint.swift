internal import LearningProblem
internal import NumericalKit

/// The closed sample site in reverse: from derivatives by its answers μ, S and χ to those by what
/// it sees of the weights. `[gradient.samples]`
///
/// Time goes backwards: `reverse` for t = T - 1 ... 0, `observe` for a time before `reverse` of it.
/// Cost O(t²) per step.
struct SampleAdjoint {
  private let tables: SampleTables
  private var response: LowerTriangle  // by Y
  private var overlap: [[Double]]  // by V
  private var covariance: LowerTriangle  // by X
  /// By σ_t.
  private(set) var strength: [Double]
  /// By b_t and r_t, through b_t in the recursions and through κ.
  private(set) var recall: RecallAdjoint

  /// Nothing depends on the site.
  init(_ tables: SampleTables) {
    self.tables = tables
    let steps = tables.response.rows
    response = LowerTriangle(rows: steps)
    covariance = LowerTriangle(rows: steps)
    overlap = tables.overlap.map { $0.map { _ in 0 } }
    strength = [Double](repeating: 0, count: steps)
    recall = RecallAdjoint(tables.site.mask, steps: steps)
  }

  /// Bytes of the derivatives.
  static func bytes(steps: Int) -> Double { 2 * LowerTriangle.bytes(rows: steps) }

  /// Derivatives by the moments of one time.
  private struct Row {
    var response: [Double]
    var overlap: [Double]
    var covariance: [Double]
    var square: Double
  }

  /// Takes derivatives by moments of the whole training set at time t: by the mean square error,
  /// and by the mean error of each part.
  mutating func observe(
    _ present: SquareLossPresent, _ moments: SquareLossMoments, square: Double, overlap: [Double]
  ) -> FieldGradient {
    let t = present.memory.count
    let whole = [Double](repeating: 1, count: t)
    let row = Row(
      response: [Double](repeating: 0, count: t + 1), overlap: overlap,
      covariance: [Double](repeating: 0, count: t), square: square)
    return reverse(
      row, present, (moments.response, moments.overlap, moments.covariance), density: 1,
      kappa: whole
    ).field
  }

  /// Takes derivatives by μ_p(t), S(t, ·) and χ(t, ·).
  mutating func reverse(
    _ t: Int, drive: [Double], covariance answer: [Double], response chi: [Double]
  ) -> FieldGradient {
    let (site, unit) = (tables.site, tables.unit)
    let scale = site.alpha * unit * site.variance
    var row = Row(
      response: response[row: t], overlap: overlap.map { $0[t] }, covariance: covariance[row: t],
      square: 0)
    DenseVector.add(scale, chi, to: &row.response)
    DenseVector.add(scale * unit, answer, to: &row.covariance)
    for (a, part) in site.parts.enumerated() {
      row.overlap[a] +=
        site.alpha * unit * part.probability * DenseVector.dot(part.centre, drive)
    }
    // Kicks are σ_t/σ_0 times the moments.
    let relative = site.strengths[t] / unit
    let kicks = (tables.response[row: t], tables.covariance[row: t])
    let sum =
      DenseVector.dot(row.response, kicks.0) + DenseVector.dot(row.covariance, kicks.1)
      + row.covariance[t] * kicks.1[t]
      + row.overlap.indices.reduce(0) { $0 + row.overlap[$1] * tables.overlap[$1][t] }
    strength[t] += sum / site.strengths[t]
    row.square = row.covariance.removeLast() * relative * relative
    for s in row.response.indices { row.response[s] *= relative }
    for a in row.overlap.indices { row.overlap[a] *= relative }
    for s in row.covariance.indices { row.covariance[s] *= relative }

    let kappa = Array(tables.recall[row: t].dropLast())
    let (field, density, recalled) = reverse(
      row, tables.present(at: t), tables.moments(at: t), density: site.mask.density(at: t),
      kappa: kappa)
    recall.reverse(
      t, density: density, recalled: recalled, before: t > 0 ? tables.recall[row: t - 1] : [])
    return field
  }

  /// The moments of one time in reverse; derivatives by what they depend on, by b and by κ.
  private mutating func reverse(
    _ row: Row, _ present: SquareLossPresent,
    _ moments: (response: [Double], overlap: [Double], covariance: [Double]), density: Double,
    kappa: [Double]
  ) -> (field: FieldGradient, density: Double, recalled: [Double]) {
    let (site, memory, omega, t) = (
      tables.site, present.memory, present.omega, present.memory.count
    )
    let parts = site.parts
    var (response, overlap, covariance) = (row.response, row.overlap, row.covariance)
    var field = FieldGradient(directions: parts[0].centre.count, time: t)
    // X(t, t) = Σ π ω V + Δ Σ C Y + Σ w X.
    DenseVector.add(site.variance * row.square, moments.response, to: &field.correlation)
    DenseVector.add(
      site.variance * row.square, present.before + [present.variance], to: &response)
    DenseVector.add(row.square, memory, to: &covariance)
    var byMemory = moments.covariance.map { row.square * $0 }
    var byOmega = parts.indices.map { parts[$0].probability * row.square * moments.overlap[$0] }
    for a in parts.indices { overlap[a] += parts[a].probability * row.square * omega[a] }

    // X(t, t') = κ(t, t') H(t') + Σ_{s > t'} κ w X(s, t').
    let recalledMemory = zip(memory, kappa).map { $0 * $1 }
    let byH = zip(kappa, covariance).map { $0 * $1 }
    let echo = tables.covariance.products(right: [memory, covariance], left: [byH])
    let past = Array(response.dropLast())
    let noise = tables.response.products(right: [present.before, past], left: [byH])
    self.covariance.addProducts([(byH, memory), (recalledMemory, covariance)])
    self.response.addProducts([
      (byH.map { site.variance * $0 }, present.before), (recalledMemory, past),
    ])
    DenseVector.add(1, echo.left[0], to: &byMemory)
    DenseVector.add(site.variance, noise.left[0], to: &field.correlation)
    var byRecalledMemory = noise.right[1]
    var byKappa = [Double](repeating: 0, count: t)
    for s in 0..<t {
      self.covariance[s, s] -= recalledMemory[s] * covariance[s]
      byRecalledMemory[s] += echo.right[1][s] - tables.covariance[s, s] * covariance[s]
      var h = site.variance * noise.right[0][s] + echo.right[0][s]
      for a in parts.indices {
        h += parts[a].probability * omega[a] * tables.overlap[a][s]
        byOmega[a] += parts[a].probability * tables.overlap[a][s] * byH[s]
        self.overlap[a][s] +=
          parts[a].probability * omega[a] * byH[s] + overlap[a] * recalledMemory[s]
        byRecalledMemory[s] += overlap[a] * tables.overlap[a][s]
      }
      byKappa[s] = h * covariance[s] + memory[s] * byRecalledMemory[s]
      byMemory[s] += kappa[s] * byRecalledMemory[s]
      field.response[s] = site.variance * tables.unit * byMemory[s]
    }
    // V = b ω + Σ κ w V, Y(t, t) = b.
    var byDensity = response[t]
    for (a, part) in parts.enumerated() {
      byDensity += omega[a] * overlap[a]
      byOmega[a] += density * overlap[a]
      DenseVector.add(byOmega[a], part.centre, to: &field.overlaps)
    }
    return (field, byDensity, byKappa)
  }
}
