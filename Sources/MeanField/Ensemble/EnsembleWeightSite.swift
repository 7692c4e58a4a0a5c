internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Averages over sampled weights, for any update rule and weight mask. `[weight.sampled]`
///
/// One batch of N coordinates, each with its mirror image: v, the start and the drive are rows of
/// one orthonormal table `[sampling.noise]`, u is made by a growing Cholesky factor of S
/// `[sampling.field]`, R comes from Stein's formula, so that no derivative of the rule is needed
/// and rules may jump. Cost O(N K² t) per step.
struct EnsembleWeightSite: GroupSite {
  /// Columns of a block, so that its history stays in a fast cache.
  private static func blockWidth(rows: Int) -> Int { min(256, max(64, 51_200 / rows / 16 * 16)) }

  private struct Lane: Sendable {
    var blocks: [WeightBlock]
    var power: [Double] = []
    var scores: [Double] = []
    var sums: WeightSums?
  }

  private let dynamics: Dynamics
  private let settings: TheorySettings
  private let parallel: ParallelFor
  private let units: Int
  private let count: Int
  private let staticRows: Int
  private var lanes: [Lane]
  private var drive: GaussianDrive
  private let learningUnits: LearningUnits
  private var maskStream: RandomStream
  private let isFramed: Bool
  private var frameStep: FrameStep?  // after the last step, in a frame
  private var plan: WeightPlan?  // of the step that is being taken
  private var learners: [Bool] = []

  /// Rows of orthonormal noise with that many `rows` of the past; more than twice as many
  /// trajectories are sampled.
  static func noiseRows(_ dynamics: Dynamics, rows: Int) -> Int {
    dynamics.signalDirections + dynamics.hiddenUnits * (rows + 1)
  }

  /// Refuses what cannot be sampled with that many `rows` of the past.
  static func checkSupport(_ dynamics: Dynamics, _ settings: TheorySettings, rows: Int) throws {
    let rows = noiseRows(dynamics, rows: rows)
    guard settings.sampling.trajectories > 2 * rows else {
      throw SolverError.unsupported(
        what:
          "theory.trajectories: \(settings.sampling.trajectories) with "
          + "\(dynamics.grid.steps) steps and \(dynamics.hiddenUnits) hidden unit(s)",
        instead: "more than \(2 * rows) trajectories, preferably \(20 * rows) or more")
    }
  }

  /// - Parameter frameRows: the most rows of a frame; nil if each step keeps its own.
  init(
    _ dynamics: Dynamics, _ settings: TheorySettings, frameRows: Int?, batch: Int,
    parallel: ParallelFor
  ) {
    self.dynamics = dynamics
    self.settings = settings
    self.parallel = parallel
    units = dynamics.hiddenUnits
    count = settings.sampling.trajectories
    staticRows = dynamics.signalDirections + units
    isFramed = frameRows != nil
    let rows = units * (frameRows ?? dynamics.grid.steps)
    let seed = settings.sampling.seed
    let width = Self.blockWidth(rows: staticRows + rows)
    let starts = Array(stride(from: 0, to: count, by: width))
    let noise = OrthonormalNoise.blocks(
      rows: staticRows + (frameRows == nil ? rows : units),
      widths: starts.map { [count] in min(width, count - $0) },
      precision: .double, seed: seed, purpose: .driveNoise, index: UInt64(batch),
      parallel: parallel)
    let blocks = noise.enumerated().map { number, noise in
      WeightBlock(
        dynamics, noise: noise,
        frame: frameRows.map {
          (
            $0,
            RandomStream(
              seed: seed, purpose: .frameDrive, index: UInt64(batch << 24 | number))
          )
        },
        chance: RandomStream(
          seed: seed, purpose: .theoryUpdateChance, index: UInt64(batch << 24 | number)))
    }
    lanes = Lanes.deal(blocks).map { Lane(blocks: $0) }
    drive = GaussianDrive(rows: rows)
    learningUnits = LearningUnits(dynamics)
    maskStream = RandomStream(seed: seed, purpose: .theoryWeightMask, index: UInt64(batch))
  }

  var histogram: WeightHistogram? {
    WeightHistogram(
      weights: (0..<units).map { k in
        lanes.flatMap { lane in lane.blocks.flatMap { $0.weights[k] } }
      })
  }

  mutating func merge(_ merges: [RowMerge]) {
    let flat = merges.map { $0.flat(units: units) }
    let noise = drive.merge(flat).kept.shifted(by: staticRows)
    frameStep?.merge = FrameStep.Merge(kicks: flat, noise: noise)
  }

  /// The noise of the next step, orthonormal to all rows of noise. `[frame.noise]`
  private func freshNoise(_ sums: WeightSums) -> [NoiseCompletion] {
    let onNoise = sums.rawOnNoise
    let left = (0..<units).map { k in
      (0..<units).map { sums.rawSquare[k][$0] - DenseVector.dot(onNoise[k], onNoise[$0]) }
    }
    return NoiseCompletion.orthonormal(left) {
      onNoise[$0].map { -$0 }
    } kicks: { _ in
      []
    }
  }

  // MARK: Marching

  mutating func finish(
    _ weights: inout WeightKernels, _ samples: SampleKernels, threshold: Double
  ) -> WeightValues {
    let sums = step(threshold: threshold)
    weights.learning.append(learners)
    let eta = dynamics.grid.rate(at: weights.time)
    var response = [[Double]]()
    for k in 0..<units {
      let drift = sums.drift[k]
      var instantaneous = [Double](repeating: 0, count: units)
      instantaneous[k] = sums.power[k] > 0 ? sums.descent[k] / sums.power[k] : 0
      let echo = drive.response(products: drift[staticRows...], instantaneous: instantaneous)
      var row = Array(weights.response.row(weights.present + k, width: weights.response.count))
      DenseVector.add(-eta, echo, to: &row)
      response.append(row + [Double](repeating: 0, count: units))
    }
    let overlaps = weights.magnetisation[weights.past]
    weights.magnetisation.append(
      (0..<units).map { k in
        overlaps[k].indices.map { p in
          overlaps[k][p] - eta * sums.drift[k][p]
        }
      })
    weights.correlation.append(sums.correlation)
    weights.response.append(response)
    var changes = sums.changes
    changes.divide(by: units)
    return changes
  }

  mutating func prepare(_ weights: WeightKernels, _ samples: SampleKernels) -> [[Double]] {
    let t = weights.time
    let (present, n) = (drive.count, drive.count + units)
    for k in 0..<units {
      let a = present + k
      let row = samples.covariance.row(a, width: a)
      drive.append(row, variance: samples.covariance[a, a])
    }
    let startRows = [Double](repeating: 0, count: units)
    let padding = { [units] k in [Double](repeating: 0, count: units - 1 - k) }
    let plan = WeightPlan(
      step: t,
      driveRows: (0..<units).map { k in
        samples.drive[samples.drive.count - 1][k] + startRows + drive.row(present + k) + padding(k)
      },
      memoryRows: (0..<units).map { k in
        Array(samples.response.row(present + k, width: n))
      },
      pull: dynamics.pull(weights.covariance, at: t), frame: frameStep)
    frameStep = nil
    self.plan = plan
    advanceGradients(plan)
    return power
  }

  mutating func choose(_ power: [[Double]], step: Int) -> CompetingScores? {
    learners = learningUnits.isOn(
      step: step, power: power.isEmpty ? [] : (0..<units).map { power[$0][$0] })
    for lane in lanes.indices {
      for block in lanes[lane].blocks.indices { lanes[lane].blocks[block].choose(learners) }
    }
    let rule = dynamics.update(at: step)
    guard let fraction = rule.winningFraction else { return nil }
    let shared = dynamics.grid.updateStep(at: step)
    parallel.update(&lanes) { _, lane in
      lane.scores = lane.blocks.flatMap { $0.scores(rule, shared) }
    }
    return CompetingScores(values: lanes.flatMap(\.scores), winningFraction: fraction)
  }

  /// Moves every weight one step; averages over the ensemble.
  private mutating func step(threshold: Double) -> WeightSums {
    guard let plan else { preconditionFailure("no step was prepared") }
    self.plan = nil
    let rule = dynamics.update(at: plan.step)
    var step = dynamics.grid.updateStep(at: plan.step)
    step.threshold = threshold
    var empty = WeightSums(
      units: units, noiseRows: plan.driveRows[0].count,
      times: plan.memoryRows[0].count / units + 1, rule: rule)
    if isFramed { empty.addFreshNoise() }
    parallel.update(&lanes) { [step, empty] _, lane in
      var sums = empty
      for index in lane.blocks.indices {
        lane.blocks[index].update(rule, step: step, plan: plan, to: &sums)
      }
      lane.sums = sums
    }
    var total = empty
    for lane in lanes { if let sums = lane.sums { total.add(sums) } }
    total.scale(by: 1 / Double(count))
    if isFramed { frameStep = FrameStep(noise: freshNoise(total)) }
    return total
  }

  /// Gradients and switches.
  private mutating func advanceGradients(_ plan: WeightPlan) {
    let switches = dynamics.weightSwitches
    let positions = switches.isFull ? [] : switchPositions(step: plan.step)
    let units = learningUnits
    parallel.update(&lanes) { number, lane in
      for index in lane.blocks.indices {
        lane.blocks[index].advanceGradient(plan)
        if !switches.isFull {
          lane.blocks[index].drawSwitches(
            switches, step: plan.step, positions: positions[number][index])
        }
      }
      guard units.compete else { return }
      lane.power = lane.blocks.map(\.power).reduce(into: []) { sum, power in
        sum = sum.isEmpty ? power : zip(sum, power).map(+)
      }
    }
  }

  /// E[c G_k²] on the diagonal of K rows if units compete; else no rows.
  private var power: [[Double]] {
    guard learningUnits.compete else { return [] }
    var power = [[Double]](
      repeating: [Double](repeating: 0, count: units), count: units)
    for lane in lanes {
      for (k, sum) in lane.power.enumerated() { power[k][k] += sum / Double(count) }
    }
    return power
  }

  /// Where each block's members of each group start in the systematic draw of this step:
  /// [lane][block][group]. `[sampling.balanced]`
  private mutating func switchPositions(step: Int) -> [[[Double]]] {
    let mask = dynamics.rule.weightMask
    let groups = 2 * (mask.sharesInputs ? 1 : units)
    return SystematicDraw.starts(
      members: lanes.map { $0.blocks.map { $0.members(of: groups) } }, groups: groups,
      stream: &maskStream
    ) { [switches = dynamics.weightSwitches] in
      switches.probabilityOn(step: step, memory: $0 % 2 == 1)
    }
  }
}
