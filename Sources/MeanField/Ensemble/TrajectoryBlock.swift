internal import LearningProblem
internal import NumericalKit

/// A cache-sized group of sampled data points and their whole history.
///
/// Trajectories come in antithetic pairs: columns j and j + pairs share cluster and noise, with
/// opposite sign. Gradients are scaled: g stands for √Δ_a σ ∂Λ/∂h and the curvature Ĥ for
/// Δ_a σ ∂²Λ/∂h², its derivative with respect to the field ζ.
struct TrajectoryBlock: Sendable {
  let pairs: Int
  private let units: Int
  private let clusterOf: [Int]  // of each pair
  private let labels: [Double]  // y of each trajectory
  private let fieldScales: [Double]  // √Δ of each trajectory
  private let noise: RowBlock  // ε, rows of a teacher and then (t, k), one column per pair
  private var kicks: RowBlock  // row (t, k), one column per trajectory
  private var memory: [Bool]  // of the sample mask
  private var fields: [[Double]]  // [k][trajectory]
  private var gradient: [[Double]]
  private var curvature: [[Double]]  // [k K + l][trajectory]
  private var drift: [[Double]]
  private var delta: [[Double]]
  private var readoutGradient: [[Double]]  // σ ∂Λ/∂a, [index][trajectory], if it is learned
  private var dropout: HiddenDropout?
  private var isOn: [Bool]
  private var conditional: [Double]  // a_t
  private var tangents: TangentHistory?
  private var remainder: MaskRemainder?

  /// - Parameters:
  ///   - persistence: r of a persistent mask whose moments are controlled.
  ///   - chance: for what is left out of learning passes.
  init(
    _ dynamics: Dynamics, response: TheorySettings.Response, clusterOf: [Int], labels: [Double],
    noise: RowBlock, precision: RowBlock.Precision, persistence: Double?, chance: RandomStream
  ) {
    let units = dynamics.hiddenUnits
    let steps = dynamics.grid.steps
    let width = 2 * clusterOf.count
    pairs = clusterOf.count
    self.units = units
    self.clusterOf = clusterOf
    fieldScales = (clusterOf + clusterOf).map { dynamics.data.clusters[$0].variance.squareRoot() }
    let readout = dynamics.readout
    readoutGradient = Array(
      repeating: [Double](repeating: 0, count: width),
      count: readout.isLearned ? readout.initial.count : 0)
    dropout = HiddenDropout(
      dynamics.gates, units: units, width: width, stream: chance)
    self.labels = labels
    self.noise = noise
    kicks = RowBlock(capacity: units * steps, width: width, precision: precision)
    let zeros = [Double](repeating: 0, count: width)
    memory = Array(repeating: false, count: width)
    isOn = Array(repeating: true, count: width)
    fields = Array(repeating: zeros, count: units)
    gradient = fields
    drift = fields
    delta = fields
    curvature = Array(repeating: zeros, count: units * units)
    conditional = zeros
    tangents =
      response == .tangent
      ? TangentHistory(units: units, steps: steps, width: width)
      : nil
    remainder = persistence.map {
      MaskRemainder(units: units, width: width, correlation: $0)
    }
  }

  /// Trajectories.
  var width: Int { 2 * pairs }

  /// The mask's group of each trajectory: cluster and memory.
  private func group(_ j: Int) -> Int { 2 * clusterOf[j % pairs] + (memory[j] ? 1 : 0) }

  /// The groups of all trajectories.
  var groups: [Int] { (0..<width).map(group) }

  // MARK: Fields

  /// h_k(t) = B m_k(t) + √Δ [±Σ_r L_r ε_r + Σ_s R(t, s) kick(s)] of the whole network.
  /// `[site.sample]`
  mutating func advanceFields(_ plan: StepPlan) {
    if let completion = plan.completion { completeKicks(plan.step - 1, completion) }
    setFields(plan, noiseRows: plan.wholeRows ?? plan.noiseRows)
  }

  private mutating func setFields(_ plan: StepPlan, noiseRows: [[Double]]) {
    var echo = Array(repeating: [Double](repeating: 0, count: width), count: units)
    kicks.combine(plan.memoryRows, into: &echo)
    var smooth = Array(repeating: [Double](repeating: 0, count: pairs), count: units)
    noise.combine(noiseRows, into: &smooth)
    for k in 0..<units {
      for j in 0..<pairs {
        let mean = plan.means[k][clusterOf[j]]
        fields[k][j] = mean + fieldScales[j] * (smooth[k][j] + echo[k][j])
        fields[k][j + pairs] = mean + fieldScales[j] * (echo[k][j + pairs] - smooth[k][j])
      }
    }
  }

  /// Losses, gradients and curvatures at the fields of the whole network.
  mutating func evaluate(
    _ objective: any Objective, sigma: Double, _ plan: StepPlan, sums: inout EnsembleSums
  ) {
    takeGradients(objective, sigma: sigma, readout: plan.readout, gates: nil) {
      [fieldScales] j, value in
      sums.loss += value.loss
      sums.error += value.error
      sums.sharpness += fieldScales[j] * fieldScales[j] * value.curvature
    }
  }

  /// Gradients and curvatures of a learning pass that leaves units and inputs out, where there is
  /// such. `[problem.dropout]`
  mutating func dropOut(_ objective: any Objective, sigma: Double, _ plan: StepPlan) {
    guard dropout != nil || plan.wholeRows != nil else { return }
    if plan.wholeRows != nil { setFields(plan, noiseRows: plan.noiseRows) }
    dropout?.draw(step: plan.step, gradient: gradient)
    takeGradients(objective, sigma: sigma, readout: plan.readout, gates: dropout?.gates) { _, _ in }
  }

  /// Takes gradients and curvatures of all trajectories, with the readout times `gates`,
  /// [k][trajectory]; `body` is told what each gives.
  @inline(__always)
  private mutating func takeGradients(
    _ objective: any Objective, sigma: Double, readout: [Double], gates: [[Double]]?,
    _ body: (Int, ObjectiveValue) -> Void
  ) {
    let (units, width) = (units, width)
    var h = [Double](repeating: 0, count: units)
    var g = h
    var hessian = [Double](repeating: 0, count: units * units)
    var gated = readout
    var slopes = readout.isEmpty ? [0] : readout  // an empty array has nothing to borrow
    var gradients = [Double](repeating: 0, count: units * width)
    var curvatures = [Double](repeating: 0, count: units * units * width)
    // Borrowed once: a nested array would be checked for other owners at every entry.
    var gradientSpan = g.mutableSpan
    var hessianSpan = hessian.mutableSpan
    var readoutSpan = slopes.mutableSpan
    var allGradients = gradients.mutableSpan
    var allCurvatures = curvatures.mutableSpan
    for j in 0..<width {
      for k in 0..<units { h[k] = fields[k][j] }
      if let gates {
        for index in readout.indices { gated[index] = readout[index] * gates[index % units][j] }
      }
      let value = objective.evaluate(
        label: labels[j], fields: h.span, readout: gated.span, gradient: &gradientSpan,
        hessian: &hessianSpan, readoutGradient: &readoutSpan)
      body(j, value)
      let gradientScale = sigma * fieldScales[j]
      let curvatureScale = gradientScale * fieldScales[j]
      for k in 0..<units { allGradients[k * width + j] = gradientScale * gradientSpan[k] }
      for index in 0..<units * units {
        allCurvatures[index * width + j] = curvatureScale * hessianSpan[index]
      }
      for index in readoutGradient.indices {
        readoutGradient[index][j] = sigma * readoutSpan[index] * (gates?[index % units][j] ?? 1)
      }
    }
    for k in 0..<units { gradient[k] = Array(gradients[k * width..<(k + 1) * width]) }
    for index in curvature.indices {
      curvature[index] = Array(curvatures[index * width..<(index + 1) * width])
    }
  }

  // MARK: Masks

  /// Draws the sample mask of this step by systematic sampling within each group, sorted by the
  /// gradient; `positions[group]` is where this block's members start. `[sampling.balanced]`
  mutating func drawMask(_ mask: any SwitchLaw, step: Int, positions: [Double]) {
    var draw = SystematicDraw(positions: positions)
    let key = gradient[0]
    let order = (0..<width).sorted { key[$0] != key[$1] ? key[$0] < key[$1] : $0 < $1 }
    for j in order {
      let a = mask.probabilityOn(step: step, memory: memory[j])
      conditional[j] = a
      isOn[j] = draw.next(probability: a, group: group(j))
    }
    for j in 0..<width {
      memory[j] = mask.memory(after: step, memory: memory[j], isOn: isOn[j])
      let a = conditional[j]
      let rest = (isOn[j] ? 1 : 0) - a
      for k in 0..<units {
        drift[k][j] = a * gradient[k][j]
        delta[k][j] = rest * gradient[k][j]
      }
    }
  }

  /// Full batch: the gradient is the kick.
  mutating func kickFully(step: Int) {
    for k in 0..<units {
      drift[k] = gradient[k]
      kicks.setRow(step * units + k, to: gradient[k])
    }
    for j in 0..<width { conditional[j] = 1 }
  }

  // MARK: Averages

  /// Adds everything that the step's averages need; the noise is projected on `noiseRows` rows.
  mutating func addSums(
    _ plan: StepPlan, isMasked: Bool, noiseRows: Int, to sums: inout EnsembleSums
  ) {
    addProducts(of: drift, noiseRows, plan.step, to: &sums.drift)
    if isMasked { addProducts(of: delta, noiseRows, plan.step, to: &sums.delta) }
    for k in 0..<units {
      for l in 0..<units {
        let index = k * units + l
        sums.curvature[index] += DenseVector.dot(conditional, curvature[index])
        sums.driftDrift[index] += DenseVector.dot(drift[k], drift[l])
        guard isMasked else { continue }
        sums.deltaDrift[index] += DenseVector.dot(delta[k], drift[l])
        sums.deltaDelta[index] += DenseVector.dot(delta[k], delta[l])
        var variance = 0.0
        for j in 0..<width {
          variance += conditional[j] * (1 - conditional[j]) * gradient[k][j] * gradient[l][j]
        }
        sums.maskVariance[index] += variance
      }
    }
    sums.activity += activity
    for (index, values) in readoutGradient.enumerated() {
      sums.readout[index] += DenseVector.dot(conditional, values)
    }
    addRemainder(plan, to: &sums)
  }

  /// Σ a |h_k|, the mean over units: the mean over the mask of the activity.
  /// `[observable.activity]`
  private var activity: Double {
    var sum = 0.0
    for k in 0..<units { for j in 0..<width { sum += conditional[j] * abs(fields[k][j]) } }
    return sum / Double(units)
  }

  /// Adds what the linear fit leaves, for persistent masks. `[sampling.persistent]`
  private mutating func addRemainder(_ plan: StepPlan, to sums: inout EnsembleSums) {
    guard let fit = plan.fit, var remainder, var remainderSums = sums.remainder else { return }
    self.remainder = nil  // so that it is changed in place
    sums.remainder = nil
    remainder.advance(
      fit, fields: fields, gradient: gradient, conditional: conditional, isOn: isOn,
      clusterOf: clusterOf, sums: &remainderSums)
    let past = plan.staticRows + units * (plan.step + 1)
    addProducts(of: remainder.rest, past, plan.step, to: &remainderSums.rest)
    addProducts(of: remainder.surprise, past, plan.step, to: &remainderSums.surprise)
    self.remainder = remainder
    sums.remainder = remainderSums
  }

  /// Adds the normal equations of a linear fit of the gradients.
  func addFit(to sums: inout FitSums) {
    sums.add(
      fields: fields, gradient: gradient, conditional: conditional, surplus: conditional,
      clusterOf: clusterOf)
  }

  private mutating func addProducts(
    of vectors: [[Double]], _ noiseRows: Int, _ step: Int, to sums: inout ProductSums
  ) {
    let odd = vectors.map { vector in (0..<pairs).map { vector[$0] - vector[$0 + pairs] } }
    noise.addProducts(with: odd, rows: noiseRows, to: &sums.noise)
    kicks.addProducts(with: vectors, rows: step * units, to: &sums.kicks)
    for (k, vector) in vectors.enumerated() {
      for j in 0..<pairs { sums.clusters[k][clusterOf[j]] += vector[j] + vector[j + pairs] }
    }
  }

  /// The kicks of `step`, now that the averages over the ensemble are known.
  /// `[sampling.orthogonal]`
  private mutating func completeKicks(_ step: Int, _ completion: [KickCompletion]) {
    var rows = Array(repeating: [Double](repeating: 0, count: width), count: units)
    kicks.combine(completion.map(\.kicks), into: &rows)
    var odd = Array(repeating: [Double](repeating: 0, count: pairs), count: units)
    noise.combine(completion.map(\.noise), into: &odd)
    for (k, completion) in completion.enumerated() {
      for j in 0..<pairs {
        let constant = completion.cluster[clusterOf[j]]
        rows[k][j] += constant + odd[k][j]
        rows[k][j + pairs] += constant - odd[k][j]
      }
      for l in 0..<units {
        DenseVector.add(completion.drift[l], drift[l], to: &rows[k])
        DenseVector.add(completion.delta[l], delta[l], to: &rows[k])
      }
    }
    for (k, row) in rows.enumerated() { kicks.setRow(step * units + k, to: row) }
  }

  // MARK: Tangents

  /// Follows the path derivatives to this step, where tangents are wanted. `[response.tangent]`
  mutating func addTangents(_ plan: StepPlan, to sums: inout EnsembleSums) {
    tangents?.advance(
      plan.memoryRows, curvature: curvature, conditional: conditional, isOn: isOn, sums: &sums)
  }
}
