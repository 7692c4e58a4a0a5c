internal import LearningProblem
internal import NumericalKit

/// A cache-sized group of sampled coordinates and their whole history.
///
/// A column is one coordinate j with its K weights; it stands for itself and for its mirror image
/// (all of v, start, drive and weights with opposite sign), which every update rule treats alike.
struct WeightBlock: Sendable {
  /// Columns.
  let width: Int
  private let units: Int
  private let noise: RowBlock  // v_p, the start's ξ_k, then ε_r: one row each
  private var history: RowBlock  // w, row (t, k)
  private(set) var weights: [[Double]]  // [k][column], as all below
  private var gradient: [[Double]]
  private var memory: [[Double]]  // of the update rule
  private var travelled: [[Double]]  // Σ written
  private var switchMemory: [[Bool]]  // of the weight mask
  private var isOn: [[Bool]]
  private var chance: RandomStream

  /// The start: w_k(0) = √R0 ξ_k + Σ_p m0_kp v_p. `[problem.start]`
  init(_ problem: Problem, noise: RowBlock, precision: RowBlock.Precision, chance: RandomStream) {
    units = problem.hiddenUnits
    width = noise.width
    self.noise = noise
    self.chance = chance
    history = RowBlock(
      capacity: units * (problem.steps + 1), width: width, precision: precision)
    let zeros = Array(repeating: [Double](repeating: 0, count: noise.width), count: units)
    weights = zeros
    gradient = zeros
    memory = zeros
    travelled = zeros
    switchMemory = Array(repeating: Array(repeating: false, count: width), count: units)
    isOn = Array(repeating: Array(repeating: true, count: width), count: units)
    let deviation = problem.start.variance.squareRoot()
    for k in 0..<units {
      var row = problem.start.overlap[k] + [Double](repeating: 0, count: units)
      row[problem.signalDirections + k] = deviation
      noise.combine(row[...], into: &weights[k])
      history.setRow(k, to: weights[k])
    }
  }

  // MARK: Gradients

  /// G_k = λ w_k + Σ_p μ_kp v_p + Σ_r L_r ε_r + Σ_s χ(t, s) w(s). `[weight.sampled]`
  mutating func advanceGradient(_ plan: WeightPlan) {
    for k in 0..<units {
      var sum = [Double](repeating: 0, count: width)
      noise.combine(plan.driveRows[k][...], into: &sum)
      history.combine(plan.memoryRows[k][...], into: &sum)
      DenseVector.add(plan.weightDecay, weights[k], to: &sum)
      gradient[k] = sum
    }
  }

  /// The mask's group of a weight: its unit and the memory of its switch.
  private func group(_ k: Int, _ j: Int) -> Int { 2 * k + (switchMemory[k][j] ? 1 : 0) }

  /// The groups of all weights, unit by unit.
  var groups: [Int] { (0..<units).flatMap { k in (0..<width).map { group(k, $0) } } }

  /// Draws the weight mask, every unit its own, in the order of the gradient; `positions[group]` is
  /// where this block's members start. `[sampling.balanced]`
  mutating func drawMask(_ mask: any Mask, step: Int, positions: [Double]) {
    var draw = SystematicDraw(positions: positions)
    for k in 0..<units {
      let key = gradient[k]
      for j in (0..<width).sorted(by: { key[$0] != key[$1] ? key[$0] < key[$1] : $0 < $1 }) {
        isOn[k][j] = draw.next(
          probability: mask.probabilityOn(step: step, memory: switchMemory[k][j]),
          group: group(k, j))
      }
      for j in 0..<width {
        switchMemory[k][j] = mask.memory(
          after: step, memory: switchMemory[k][j], isOn: isOn[k][j])
      }
    }
  }

  /// The scores of all weights that are on.
  func scores(_ rule: any UpdateRule) -> [Double] {
    var scores = [Double]()
    for k in 0..<units {
      for j in 0..<width where isOn[k][j] {
        scores.append(rule.score(gradient: gradient[k][j], memory: memory[k][j]))
      }
    }
    return scores
  }

  // MARK: Updates

  /// w(t+1) = w(t) - η ψ, and everything that the step's averages need. `[problem.update]`
  mutating func update(
    _ rule: any UpdateRule, step: UpdateStep, plan: WeightPlan, to sums: inout WeightSums
  ) {
    let next = units * (plan.step + 1)
    for k in 0..<units {
      let psi = change(unit: k, rule, step, to: &sums)
      sums.descent[k] += DenseVector.dot(psi, gradient[k])
      sums.power[k] += DenseVector.dot(gradient[k], gradient[k])
      noise.addProducts(with: psi, rows: plan.driveRows[k].count, to: &sums.drift[k])
      DenseVector.add(-step.learningRate, psi, to: &weights[k])
      history.setRow(next + k, to: weights[k])
    }
    for k in 0..<units {
      history.addProducts(with: weights[k], rows: next + units, to: &sums.correlation[k])
    }
  }

  /// ψ of one unit's weights; the energy is added to `sums`.
  private mutating func change(
    unit k: Int, _ rule: any UpdateRule, _ step: UpdateStep, to sums: inout WeightSums
  ) -> [Double] {
    var step = step
    var psi = [Double](repeating: 0, count: width)
    for j in 0..<width {
      if isOn[k][j] {
        if rule.usesChance { step.chance = chance.uniform() }
        let change = rule.change(gradient: gradient[k][j], memory: &memory[k][j], in: step)
        psi[j] = change.psi
        if change.written != 0 {
          let written = -step.learningRate * change.written
          sums.writes += 1
          sums.absoluteChange += abs(written)
          sums.squaredChange += written * written
          travelled[k][j] += written
        }
      }
      sums.netChange += abs(travelled[k][j])
    }
    return psi
  }
}
