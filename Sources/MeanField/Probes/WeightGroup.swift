internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A group of sampled coordinates, each with its K weights, that follows the kernels of a finished
/// march from start to end. `[sampling.weightprobe]`
///
/// A column stands for itself and for its mirror image, as in `WeightBlock`.
struct WeightGroup: Sendable {
  /// Sums over coordinates, and the weights at the end.
  struct Sums: Sendable {
    /// f of the changes, one entry for each quantity that is open, at n = t K + k. A step has
    /// p_t f(ηG), controlled by η² p_t G² and p_t. The change since the start is controlled by its
    /// square, the number of steps taken and their total length, whose mean is not subtracted yet.
    var changes: [[ControlledSums]]
    /// w(T), [k][column].
    var weights: [[Float]] = []

    init(quantities: Int) { changes = Array(repeating: [], count: quantities) }
  }

  private let kernels: WeightProbe.Kernels
  private let steps: Int
  private let units: Int
  private let width: Int
  private let law: any SwitchLaw
  private let sharesInputs: Bool
  private var switches: Switches  // row after row, one row if the units share those of an input
  private var drive: BlockedHistory  // v_p, then ε
  private var history: BlockedHistory  // w
  private var start: [[Float]]  // [k][column], as all below
  private var weights: [[Float]]
  private var gradient: [[Float]]
  private var taken: [[Float]]  // steps taken
  private var way: [[Float]]  // their total length, Σ |change|
  private var expected: [Double]  // E[steps taken], [k]

  init(
    _ dynamics: Dynamics, _ kernels: WeightProbe.Kernels, seed: UInt64, index: UInt64, width: Int
  ) {
    self.kernels = kernels
    self.width = width
    steps = dynamics.grid.steps
    units = dynamics.hiddenUnits
    law = dynamics.weightSwitches
    sharesInputs = dynamics.rule.weightMask.sharesInputs
    switches = Switches(
      law, count: (sharesInputs ? 1 : units) * width,
      stream: RandomStream(seed: seed, purpose: .theoryWeightMask, index: index))
    let directions = dynamics.signalDirections
    drive = BlockedHistory(kernel: kernels.drive, reach: directions + 1, width: width)
    history = BlockedHistory(kernel: kernels.memory, reach: units, width: width)
    var stream = RandomStream(seed: seed, purpose: .driveNoise, index: index)
    var xi = [Float](repeating: 0, count: (dynamics.start.isShared ? 1 : units) * width)
    var span = xi.mutableSpan
    stream.fillNormals(&span)
    drive.appendNormals(from: &stream)

    // w_k(0) = √R0 ξ_k + Σ_p m0_kp v_p. `[problem.start]`
    let deviation = Float(dynamics.start.variance.squareRoot())
    start = []
    for k in 0..<units {
      let first = dynamics.start.isShared ? 0 : k * width
      var row = xi[first..<first + width].map { deviation * $0 }
      for (p, overlap) in dynamics.start.overlap[k].enumerated() {
        for (j, v) in drive[p].enumerated() { row[j] += Float(overlap) * v }
      }
      start.append(row)
    }
    weights = start
    let zeros = [[Float]](repeating: [Float](repeating: 0, count: width), count: units)
    gradient = zeros
    taken = zeros
    way = zeros
    expected = [Double](repeating: 0, count: units)
  }

  /// Takes all steps.
  mutating func follow() -> Sums {
    var sums = Sums(quantities: kernels.open.count)
    for t in 0..<steps {
      for k in 0..<units { history.append(weights[k]) }
      for k in 0..<units { setGradient(t, k) }
      for k in 0..<units { addStep(t, k, to: &sums) }
      switches.advance(to: t)
      for k in 0..<units {
        update(t, k)
        addSinceStart(t, k, to: &sums)
      }
    }
    sums.weights = weights
    return sums
  }

  /// G_k = Σ_p μ_kp v_p + u_k + Σ_l pull_kl w_l + Σ_s χ(t, s) w(s). `[sampling.weightprobe]`
  private mutating func setGradient(_ t: Int, _ k: Int) {
    for j in 0..<width { gradient[k][j] = 0 }
    drive.addEcho(t * units + k, to: &gradient[k])
    history.addEcho(t * units + k, to: &gradient[k])
  }

  /// Σ p_t f(ηG): the mean over the current switch. `[sampling.conditional]`
  private func addStep(_ t: Int, _ k: Int, to sums: inout Sums) {
    let n = t * units + k
    let (rate, known, density) = (kernels.rates[n], kernels.squaredSizes[n], kernels.densities[t])
    let law = SwitchStep(law, step: t)
    let (row, memory) = (firstSwitch(k), switches.memory)
    var moves = [Double](repeating: 0, count: width)
    for j in 0..<width { moves[j] = rate * Double(gradient[k][j]) }
    for (index, quantity) in kernels.open.enumerated() where quantity.span == .step {
      let values = quantity.values(moves)
      sums.changes[index].append(
        ControlledSums(count: width) { j in
          let probability = law.probabilityOn(memory: memory[row + j])
          return SIMD4(
            probability * values[j], probability * moves[j] * moves[j] - known,
            probability - density, 0)
        })
    }
  }

  /// Where the switches of unit k start.
  private func firstSwitch(_ k: Int) -> Int { sharesInputs ? 0 : k * width }

  /// w(t+1) = w(t) - η r c G.
  private mutating func update(_ t: Int, _ k: Int) {
    let rate = Float(kernels.rates[t * units + k])
    guard rate > 0 else { return }
    let row = firstSwitch(k)
    for j in 0..<width where switches.isOn[row + j] {
      let before = weights[k][j]
      weights[k][j] -= rate * gradient[k][j]
      way[k][j] += abs(weights[k][j] - before)  // as rounded: the first step is all of the way
      taken[k][j] += 1
    }
    expected[k] += kernels.densities[t]
  }

  /// Σ f(w(t+1) - w(0)).
  private func addSinceStart(_ t: Int, _ k: Int, to sums: inout Sums) {
    let (known, expected) = (kernels.squaredDistances[t * units + k], expected[k])
    let (taken, way) = (taken[k], way[k])
    var moves = [Double](repeating: 0, count: width)
    for j in 0..<width { moves[j] = Double(weights[k][j] - start[k][j]) }
    for (index, quantity) in kernels.open.enumerated() where quantity.span == .sinceStart {
      let values = quantity.values(moves)
      sums.changes[index].append(
        ControlledSums(count: width) { j in
          SIMD4(
            values[j], moves[j] * moves[j] - known, Double(taken[j]) - expected, Double(way[j]))
        })
    }
  }
}
