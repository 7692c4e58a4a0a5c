internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A cache-sized group of sampled coordinates and their whole history.
///
/// A column is one coordinate j with its K weights; it stands for itself and for its mirror image
/// (all of v, start, drive and weights with opposite sign), which every update rule treats alike.
struct WeightBlock: Sendable {
  /// Columns.
  let width: Int
  private let units: Int
  private var noise: RowBlock  // v_p, the start's ξ_k, then ε_r: one row each
  private var noiseCount: Int
  private var history: RowBlock  // w, row (t, k)
  private var count: Int  // rows of the history
  private var fresh: RandomStream?  // of the noise of all later steps, in a frame
  private var raw: [[Double]] = []  // of the next step, [k][column]
  private(set) var weights: [[Double]]  // [k][column], as all below
  private var gradient: [[Double]]
  private var memory: [[Double]]  // of the update rule
  private var travelled: [[Double]]  // Σ written
  private let sharesInputs: Bool
  private var switchMemory: [[Bool]]  // of c: one row if the units share the switches of an input
  private var isSwitchedOn: [[Bool]]
  private var learns: [Bool]  // r_k
  private var chance: RandomStream

  /// The start: w_k(0) = √R0 ξ_k + Σ_p m0_kp v_p. `[problem.start]`
  ///
  /// - Parameters:
  ///   - noise: that of all steps, or of the start and the first step in a frame.
  ///   - frame: the most rows of a frame, and the stream of its noise; nil if all steps have one.
  ///   - chance: for rules that use it.
  init(
    _ dynamics: Dynamics, noise start: RowBlock, frame: (rows: Int, fresh: RandomStream)?,
    chance: RandomStream
  ) {
    var noise = start
    noiseCount = start.capacity
    count = dynamics.hiddenUnits
    fresh = frame?.fresh
    if let frame {
      noise = RowBlock(
        capacity: start.capacity + dynamics.hiddenUnits * frame.rows, width: start.width)
      for row in 0..<start.capacity { noise.setRow(row, to: start.row(row)) }
    }
    units = dynamics.hiddenUnits
    width = noise.width
    self.noise = noise
    self.chance = chance
    history = RowBlock(
      capacity: units * ((frame?.rows ?? dynamics.grid.steps) + 1), width: width)
    let zeros = Array(repeating: [Double](repeating: 0, count: noise.width), count: units)
    weights = zeros
    gradient = zeros
    memory = zeros
    travelled = zeros
    sharesInputs = dynamics.rule.weightMask.sharesInputs
    let rows = sharesInputs ? 1 : units
    switchMemory = Array(repeating: Array(repeating: false, count: width), count: rows)
    isSwitchedOn = Array(repeating: Array(repeating: true, count: width), count: rows)
    learns = Array(repeating: true, count: units)
    let deviation = dynamics.start.variance.squareRoot()
    for k in 0..<units {
      var row = dynamics.start.overlap[k] + [Double](repeating: 0, count: units)
      row[dynamics.signalDirections + (dynamics.start.isShared ? 0 : k)] = deviation
      noise.combine(row[...], into: &weights[k])
      history.setRow(k, to: weights[k])
    }
  }

  // MARK: Gradients

  /// G_k = Σ_l pull_kl w_l + Σ_p μ_kp v_p + Σ_r L_r ε_r + Σ_s χ(t, s) w(s). `[weight.sampled]`
  mutating func advanceGradient(_ plan: WeightPlan) {
    complete(plan.frame)
    var sums = Array(repeating: [Double](repeating: 0, count: width), count: units)
    noise.combine(plan.driveRows, into: &sums)
    history.combine(plan.memoryRows, into: &sums)
    for k in 0..<units {
      for l in 0..<units where plan.pull[k * units + l] != 0 {
        DenseVector.add(plan.pull[k * units + l], weights[l], to: &sums[k])
      }
    }
    gradient = sums
  }

  /// Adds the noise of this step and merges rows. `[frame.noise]` `[frame.merge]`
  private mutating func complete(_ frame: FrameStep?) {
    guard let frame else { return }
    for completion in frame.noise {
      var row = [Double](repeating: 0, count: width)
      noise.combine(completion.noise[...], into: &row)
      for l in 0..<units { DenseVector.add(completion.raw[l], raw[l], to: &row) }
      noise.setRow(noiseCount, to: row)
      noiseCount += 1
    }
    guard let merge = frame.merge else { return }
    noise.merge(merge.noise, rows: noiseCount)
    noiseCount -= merge.noise.loss
    for merge in merge.kicks {
      history.merge(merge, rows: count)
      count -= merge.loss
    }
  }

  /// c_kj.
  private func isOn(_ k: Int, _ j: Int) -> Bool { isSwitchedOn[sharesInputs ? 0 : k][j] }

  /// The group of a switch: its row and its memory.
  private func group(_ row: Int, _ j: Int) -> Int { 2 * row + (switchMemory[row][j] ? 1 : 0) }

  /// How many switches each of so many groups has.
  func members(of groups: Int) -> [Int] {
    SystematicDraw.members(
      of: groups,
      switchMemory.indices.lazy.flatMap { row in (0..<width).lazy.map { group(row, $0) } })
  }

  /// Draws the switches, each row its own, in the order of the gradient; `positions[group]` is
  /// where this block's members start. `[sampling.balanced]`
  mutating func drawSwitches(_ law: any SwitchLaw, step: Int, positions: [Double]) {
    let law = SwitchStep(law, step: step)
    var draw = SystematicDraw(positions: positions)
    for row in switchMemory.indices {
      for j in DenseVector.ascendingOrder(gradient[row]) {
        isSwitchedOn[row][j] = draw.next(
          probability: law.probabilityOn(memory: switchMemory[row][j]),
          group: group(row, j))
      }
      for j in 0..<width {
        switchMemory[row][j] = law.memory(
          after: switchMemory[row][j], isOn: isSwitchedOn[row][j])
      }
    }
  }

  /// Σ c_k G_k², [k]. `[mask.units]`
  var power: [Double] {
    (0..<units).map { k in
      var sum = 0.0
      for j in 0..<width where isOn(k, j) { sum += gradient[k][j] * gradient[k][j] }
      return sum
    }
  }

  /// Which hidden units learn at this step.
  mutating func choose(_ learning: [Bool]) { learns = learning }

  /// The scores of all weights that are on.
  func scores(_ rule: any UpdateRule, _ step: UpdateStep) -> [Double] {
    var scores = [Double]()
    for k in 0..<units where learns[k] {
      for j in 0..<width where isOn(k, j) {
        scores.append(rule.score(gradient: gradient[k][j], memory: memory[k][j], in: step))
      }
    }
    return scores
  }

  // MARK: Updates

  /// w(t+1) = w(t) - η ψ, and everything that the step's averages need. `[problem.update]`
  mutating func update(
    _ rule: any UpdateRule, step: UpdateStep, plan: WeightPlan, to sums: inout WeightSums
  ) {
    var psi = [[Double]]()
    for k in 0..<units {
      psi.append(change(unit: k, rule, step, to: &sums))
      sums.descent[k] += DenseVector.dot(psi[k], gradient[k])
      sums.power[k] += DenseVector.dot(gradient[k], gradient[k])
      DenseVector.add(-step.learningRate, psi[k], to: &weights[k])
      history.setRow(count + k, to: weights[k])
    }
    count += units
    noise.addProducts(with: psi, rows: plan.driveRows[0].count, to: &sums.drift)
    history.addProducts(with: weights, rows: count, to: &sums.correlation)
    drawNoise(&sums)
  }

  /// Draws the raw noise of the next step, in a frame, and adds its products.
  private mutating func drawNoise(_ sums: inout WeightSums) {
    guard var stream = fresh else { return }
    raw = (0..<units).map { _ in (0..<width).map { _ in stream.normal() } }
    fresh = stream
    noise.addProducts(with: raw, rows: noiseCount, to: &sums.rawOnNoise)
    for k in 0..<units {
      for l in 0..<units { sums.rawSquare[k][l] += DenseVector.dot(raw[k], raw[l]) }
    }
  }

  /// ψ of one unit's weights; what it changes is added to `sums`.
  private mutating func change(
    unit k: Int, _ rule: any UpdateRule, _ step: UpdateStep, to sums: inout WeightSums
  ) -> [Double] {
    var step = step
    var psi = [Double](repeating: 0, count: width)
    var written = [Double](repeating: 0, count: width)
    for j in 0..<width where learns[k] && isOn(k, j) {
      if rule.usesChance { step.chance = chance.uniform() }
      let change = rule.change(gradient: gradient[k][j], memory: &memory[k][j], in: step)
      psi[j] = change.psi
      written[j] = -step.learningRate * change.written
    }
    DenseVector.add(1, written, to: &travelled[k])
    sums.changes.add(written, .step)
    sums.changes.add(travelled[k], .sinceStart)
    if rule.hasUpkeep {
      let firstRate = step.learningRate / step.relativeRate
      sums.changes.add(memory[k].map { rule.upkeep(of: $0, firstRate: firstRate) }, .memory)
    }
    return psi
  }
}
