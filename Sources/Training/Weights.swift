internal import LearningProblem
internal import NumericalKit
internal import Observables

/// The weights w_k of one run, K vectors of d entries one behind the other. `[problem.start]`
///
/// Masks and rules act on those of the inputs; fields and overlaps are products of those of the
/// coordinates, which are the same unless inputs are mixtures of axes. `[inputs.rotation]`
struct Weights {
  let units: Int
  let dimension: Int
  /// w_kj at k d + j.
  private(set) var values: [Double]
  /// The same over coordinates.
  private var rotated: [Double]?
  /// The weights of coordinates as Floats, for the products with the inputs.
  private(set) var floats: [Float]
  /// What the update rule remembers, per weight.
  private var memory: [Double]
  private let rule: any UpdateRule
  private let grid: TimeGrid
  private let firstRate: Double
  /// What was written to the lasting part of each weight in the last step.
  private var written: [Double]
  /// The same since the start.
  private var travelled: [Double]
  private var chance: RandomStream
  private let layout: InputLayout
  /// nil where coordinates are inputs.
  private let rotation: InputRotation?

  /// w_k(0) = √R0 N(0, I) + Σ_p m0_kp v_p, the normals drawn unit by unit, or the same for all.
  ///
  /// - Parameter signals: v over coordinates.
  init(_ plan: RunPlan, signals: [[Double]]) {
    let rotation = InputRotation(plan)
    self.rotation = rotation
    layout = plan.layout
    let (dynamics, dimension) = (plan.dynamics, plan.dimension)
    units = dynamics.hiddenUnits
    self.dimension = dimension
    var stream = plan.stream(.start)
    let deviation = dynamics.start.variance.squareRoot()
    let signals = signals.map { rotation?.inputs($0) ?? $0 }
    values = []
    let first = stream
    for overlap in dynamics.start.overlap {
      if dynamics.start.isShared { stream = first }
      for j in 0..<dimension {
        var mean = 0.0
        for (m, v) in zip(overlap, signals) { mean += m * v[j] }
        values.append(mean + deviation * stream.normal())
      }
    }
    rotated = rotation?.coordinates(values)
    floats = (rotated ?? values).map { Float($0) }
    memory = [Double](repeating: 0, count: values.count)
    written = memory
    travelled = memory
    chance = plan.stream(.updateChance)
    rule = dynamics.rule.update
    grid = dynamics.grid
    firstRate = grid.rate(at: 0)
  }

  /// The data term of the gradient over inputs, from that over coordinates.
  func inputs(_ dataTerm: [Float]) -> [Double] {
    let coordinates = dataTerm.map { Double($0) }
    return rotation?.inputs(coordinates) ?? coordinates
  }

  /// The Float copy of w_k.
  func unit(_ k: Int) -> ArraySlice<Float> { floats[k * dimension..<(k + 1) * dimension] }

  /// m_kp = w_k·v_p/d, K rows of P; v over coordinates.
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

  /// Means over the weights of what the last step changed, and of what its memories cost.
  func stepChanges() -> WeightValues { stepChanges([values.indices]) }

  /// The same over the weights of a group of inputs. `[inputs.observed]`
  func stepChanges(of group: Int) -> WeightValues {
    let range = layout.ranges[group]
    return stepChanges(
      (0..<units).map { $0 * dimension + range.lowerBound..<$0 * dimension + range.upperBound })
  }

  private func stepChanges(_ parts: [Range<Int>]) -> WeightValues {
    var changes = WeightValues()
    for part in parts {
      changes.add(Array(written[part]), .step)
      if rule.hasUpkeep {
        changes.add(memory[part].map { rule.upkeep(of: $0, firstRate: firstRate) }, .memory)
      }
    }
    changes.divide(by: max(1, parts.reduce(0) { $0 + $1.count }))
    return changes
  }

  /// Means over the weights of what has changed since the start.
  func changesSinceStart() -> WeightValues {
    var changes = WeightValues()
    changes.add(travelled, .sinceStart)
    changes.divide(by: values.count)
    return changes
  }

  /// m_kp and C_kl of a group of coordinates, per weight of the group. `[inputs.observed]`
  func state(
    of group: Int, signals: [[Double]]
  ) -> (overlaps: [[Double]], covariance: [Double]) {
    let range = layout.ranges[group]
    let count = Double(max(1, range.count))
    func part(_ k: Int) -> ArraySlice<Double> {
      let first = vector(k).startIndex
      return vector(k)[first + range.lowerBound..<first + range.upperBound]
    }
    return (
      (0..<units).map { k in signals.map { DenseVector.dot(part(k), $0[range]) / count } },
      (0..<units * units).map {
        DenseVector.dot(part($0 / units), part($0 % units)) / count
      }
    )
  }

  /// w ← w - η ψ(G, M), the step number `time`, with M = 1 everywhere if `isOn` is nil; returns
  /// (1/K) Σ_k w_k·w_k/d after it. `[problem.update]`
  ///
  /// If the rule uses chance, one number is drawn for each weight that is on, in order. About 5 ns
  /// per weight; competition adds a selection among those on.
  mutating func update(gradient: [Double], isOn: [Bool]?, at time: Int) -> Double {
    let rule = rule.settled(at: time, on: grid)
    var step = grid.updateStep(at: time)
    if let fraction = rule.winningFraction {
      var scores = [Double]()
      scores.reserveCapacity(values.count)
      for site in values.indices where isOn?[site] ?? true {
        scores.append(rule.score(gradient: gradient[site], memory: memory[site], in: step))
      }
      step.threshold = Competition.threshold(&scores, winningFraction: fraction)
    }
    let norm = Self.update(
      &values, &floats, &memory, &written, &travelled, rule, step, &chance, gradient, isOn)
    if let coordinates = rotation?.coordinates(values) {
      rotated = coordinates
      floats = coordinates.map { Float($0) }
    }
    return norm
  }

  private static func update(
    _ values: inout [Double], _ floats: inout [Float], _ memory: inout [Double],
    _ written: inout [Double], _ travelled: inout [Double], _ rule: some UpdateRule,
    _ step: UpdateStep, _ chance: inout RandomStream, _ gradient: [Double], _ isOn: [Bool]?
  ) -> Double {
    var weight = values.mutableSpan
    var copy = floats.mutableSpan
    var remembered = memory.mutableSpan
    var lasting = written.mutableSpan
    var path = travelled.mutableSpan
    var step = step
    let (rate, usesChance) = (step.learningRate, rule.usesChance)
    var norm = 0.0
    for site in weight.indices {
      let old = weight[site]
      guard isOn?[site] ?? true else {
        norm += old * old
        lasting[site] = 0
        continue
      }
      if usesChance { step.chance = chance.uniform() }
      let change = rule.change(gradient: gradient[site], memory: &remembered[site], in: step)
      let new = old - rate * change.psi
      weight[site] = new
      copy[site] = Float(new)
      norm += new * new
      let written = -rate * change.written
      lasting[site] = written
      path[site] += written
    }
    return norm / Double(values.count)
  }

  /// w_k over coordinates.
  func vector(_ k: Int) -> ArraySlice<Double> {
    (rotated ?? values)[k * dimension..<(k + 1) * dimension]
  }
}
