internal import LearningProblem
internal import NumericalKit

/// The weights w_k of one run, K vectors of d entries one behind the other. `[problem.start]`
struct Weights {
  let units: Int
  let dimension: Int
  /// w_kj at k d + j.
  private(set) var values: [Double]
  /// The same as Floats, for the products with the inputs.
  private(set) var floats: [Float]
  /// What the update rule remembers, per weight.
  private var memory: [Double]
  /// What was written to the lasting part of each weight since the start.
  private(set) var travelled: [Double]
  private var chance: RandomStream

  /// w_k(0) = √R0 N(0, I) + Σ_p m0_kp v_p, the normals drawn unit by unit.
  init(_ problem: Problem, signals: [[Double]], dimension: Int, run: Int) {
    units = problem.hiddenUnits
    self.dimension = dimension
    var stream = RandomStream(
      seed: problem.training.seed, purpose: .start, index: UInt64(run))
    let deviation = problem.start.variance.squareRoot()
    values = []
    for overlap in problem.start.overlap {
      for j in 0..<dimension {
        var mean = 0.0
        for (m, v) in zip(overlap, signals) { mean += m * v[j] }
        values.append(mean + deviation * stream.normal())
      }
    }
    floats = values.map { Float($0) }
    memory = [Double](repeating: 0, count: values.count)
    travelled = memory
    chance = RandomStream(
      seed: problem.training.seed, purpose: .updateChance, index: UInt64(run))
  }

  /// The Float copy of w_k.
  func unit(_ k: Int) -> ArraySlice<Float> { floats[k * dimension..<(k + 1) * dimension] }

  /// m_kp = w_k·v_p/d, K rows of P.
  func overlaps(with signals: [[Double]]) -> [[Double]] {
    (0..<units).map { k in
      signals.map { DenseVector.dot(vector(k), $0[...]) / Double(dimension) }
    }
  }

  /// C_kl = w_k·w_l/d, K x K.
  func covariance() -> [Double] {
    (0..<units * units).map { index in
      DenseVector.dot(vector(index / units), vector(index % units)) / Double(dimension)
    }
  }

  /// (1/K) Σ_k w_k·w_k/d.
  func meanNorm() -> Double { DenseVector.dot(values, values) / Double(values.count) }

  /// (1/Kd) Σ |Σ_t written|.
  func netChange() -> Double {
    travelled.reduce(0) { $0 + abs($1) } / Double(travelled.count)
  }

  /// What one step did, per weight.
  struct Change {
    /// Fraction of the weights whose lasting part changed.
    var writes = 0.0
    /// Mean |change| and mean squared change of the lasting part.
    var absolute = 0.0
    var squared = 0.0
    /// (1/K) Σ_k w_k·w_k/d after the step.
    var norm = 0.0
  }

  /// w ← w - η ψ(λ w + data term, M), with M = 1 everywhere if `isOn` is nil. `[problem.update]`
  ///
  /// About 8 ns per weight; competition selects the threshold among those on.
  mutating func update(dataTerm: [Float], isOn: [Bool]?, _ problem: Problem) -> Change {
    let decay = problem.weightDecay
    var step = UpdateStep(learningRate: problem.learningRate)
    if let fraction = problem.update.winningFraction {
      var scores = [Double]()
      for site in values.indices where isOn?[site] ?? true {
        scores.append(
          problem.update.score(
            gradient: decay * values[site] + Double(dataTerm[site]), memory: memory[site]))
      }
      step.threshold = Competition.threshold(&scores, winningFraction: fraction)
    }
    return apply(problem.update, step, decay: decay, dataTerm, isOn)
  }

  private mutating func apply(
    _ rule: any UpdateRule, _ step: UpdateStep, decay: Double, _ dataTerm: [Float], _ isOn: [Bool]?
  ) -> Change {
    var step = step
    let usesChance = rule.usesChance
    var change = Change()
    for site in values.indices {
      if isOn?[site] ?? true {
        let gradient = decay * values[site] + Double(dataTerm[site])
        if usesChance { step.chance = chance.uniform() }
        let result = rule.change(gradient: gradient, memory: &memory[site], in: step)
        values[site] -= step.learningRate * result.psi
        floats[site] = Float(values[site])
        let written = -step.learningRate * result.written
        if written != 0 { change.writes += 1 }
        change.absolute += abs(written)
        change.squared += written * written
        travelled[site] += written
      }
      change.norm += values[site] * values[site]
    }
    let count = Double(values.count)
    change.writes /= count
    change.absolute /= count
    change.squared /= count
    change.norm /= count
    return change
  }

  private func vector(_ k: Int) -> ArraySlice<Double> {
    values[k * dimension..<(k + 1) * dimension]
  }
}
