internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Exact moments of the weights for plain updates under Markov masks. `[weight.step]`
///
/// ψ = M G with M_kj = r_k c_kj: r are the hidden units that learn, known at every step
/// `[mask.units]`, and c is a two-state Markov chain of density p_t and correlation ρ_t into step t
/// (0: drawn anew, 1: kept). c enters through moments weighted by the switch of the current step,
///
///   E[c_t w(a) w(b)] = p_t C(a, b) + E_t(a, b),
///   E_t(a, b) = ρ_t ... ρ_τ [Q(a, b) - p_τ-1 C(a, b)],
///
/// with τ = max(a, b) and Q weighted by the switch of step τ - 1 `[weight.masked]`
/// `[schedule.weights]`; the same for m and R. The excess kernels E are stored and decay by ρ_t per
/// step; for switches that are always drawn anew they vanish and are not stored. With K > 1 hidden
/// units either all share the switch of an input `[weight.columns]`, or each weight has its own,
/// drawn anew at every step `[weight.units]`. Cost O(K (K t)²) per step.
struct ClosedWeightSite: GroupSite {
  private let dynamics: Dynamics
  private let units: Int
  private let switches: any SwitchLaw
  private let sharesInputs: Bool
  private let learningUnits: LearningUnits
  private var excess: SwitchExcess?
  private var drive: WeightDrive?  // where fields are drawn from C in a frame
  /// Whether the noise of switches is shared by all groups. `[inputs.axes]`
  private let sharesNoise: Bool
  private var gradient: (moments: GradientMoments, power: [[Double]])?  // of the step being taken
  private var step: Step?
  private(set) var known: KnownStep?
  private var isGaussian: Bool { switches.isFull }
  /// D_k(t) = E[(w_k(t) - w_k(0))²], summed up step by step; without switches.
  /// `[weight.displacement]`
  private var displacement: [Double]

  /// Whether a problem's weight site is closed: a linear rule, and switches that are Markov chains;
  /// if each of K > 1 weights of an input has its own, they are drawn anew at every step.
  static func applies(to dynamics: Dynamics) -> Bool {
    let switches = dynamics.weightSwitches
    guard dynamics.rule.update.isLinear, switches.correlation(into: 1) != nil else { return false }
    return dynamics.hiddenUnits == 1 || dynamics.rule.weightMask.sharesInputs
      || switches.isDrawnAnew
  }

  /// Creates the site for a problem it applies to.
  ///
  /// - Parameters:
  ///   - frameRows: the most rows of a frame; nil if each step keeps its own.
  ///   - samplesAreSampled: whether S is that of an ensemble, of which fields are drawn.
  ///   - sharesNoise: whether weights are of principal axes, which share the noise of switches.
  init(
    _ dynamics: Dynamics, frameRows: Int?, samplesAreSampled: Bool, sharesNoise: Bool = false
  ) {
    let mask = dynamics.rule.weightMask
    precondition(
      Self.applies(to: dynamics),
      "no closed weight site for \(dynamics.rule.update.kind) updates under \(mask.kind) masks, "
        + "K = \(dynamics.hiddenUnits)")
    self.dynamics = dynamics
    self.sharesNoise = sharesNoise
    units = dynamics.hiddenUnits
    switches = dynamics.weightSwitches
    sharesInputs = mask.sharesInputs
    learningUnits = LearningUnits(dynamics)
    displacement = [Double](repeating: 0, count: dynamics.hiddenUnits)
    let remembers = !switches.isDrawnAnew
    let rows = frameRows ?? dynamics.grid.steps
    drive = (samplesAreSampled ? frameRows : nil).map {
      WeightDrive(units: dynamics.hiddenUnits, rows: $0)
    }
    guard remembers else { return }
    // At t = 0 the switches are independent of the start: no excess.
    let zeros = Array(repeating: [Double](repeating: 0, count: units), count: units)
    var zero = TwoTimeKernel(units: units, capacity: rows + 1, shape: .symmetric)
    zero.append(zeros)
    var causal = TwoTimeKernel(units: units, capacity: rows + 1, shape: .causal)
    causal.append(zeros)
    let overlaps = [Double](repeating: 0, count: dynamics.signalDirections)
    excess = SwitchExcess(
      correlation: zero, memory: causal,
      magnetisation: [Array(repeating: overlaps, count: units)])
  }

  mutating func prepare(_ weights: WeightKernels, _ samples: SampleKernels) -> [[Double]] {
    drive?.append(samples.covariance)
    let gradient = GradientMoments(
      of: weights.past, at: weights.time, dynamics, weights, samples,
      density: switches.density(at: weights.time),
      excess: excess, drive: drive)
    let power = gradient.product(with: gradient)
    self.gradient = (gradient, power)
    return power
  }

  mutating func choose(_ power: [[Double]], step t: Int) -> CompetingScores? {
    guard let gradient else { preconditionFailure("no gradient at step \(t)") }
    let density = switches.density(at: t)
    let moments = Moments(
      gradient: gradient.moments, own: gradient.power, otherSwitch: sharesInputs ? 1 : density,
      shared: sharesNoise && density < 1 ? (power, density) : nil)
    let isOn = learningUnits.isOn(step: t, power: (0..<units).map { power[$0][$0] })
    step = Step(
      moments: moments, isOn: isOn, rates: isOn.map { $0 ? dynamics.grid.rate(at: t) : 0 })
    return nil
  }

  mutating func finish(
    _ weights: inout WeightKernels, _ samples: SampleKernels, threshold: Double
  ) -> WeightValues {
    guard let step else { preconditionFailure("nobody was chosen to learn") }
    // Their slices keep kernels of the samples alive.
    (gradient, self.step) = (nil, nil)
    let moments = step.moments
    let density = switches.density(at: weights.time)

    var correlation = [[Double]]()
    var memory = [[Double]]()
    let (present, n) = (weights.present, weights.correlation.count)
    let sources = sources(count: n)
    for k in 0..<units {
      correlation.append(
        step.correlation(k, Array(weights.correlation.row(present + k, width: n))) {
          moments.square(k, $0)
        })
      let row = drive.memory(of: weights).row(present + k, width: n)
      memory.append(step.memory(k, Array(row), sources[k], density))
    }
    let overlaps = weights.magnetisation[weights.past]
    let magnetisation = (0..<units).map { step.magnetisation($0, overlaps[$0]) }
    advanceExcess(
      weights, step, sources, newCorrelation: correlation, newMemory: memory,
      newMagnetisation: magnetisation)
    weights.correlation.append(correlation)
    weights.response.append(drive?.take(memory) ?? memory)
    weights.magnetisation.append(magnetisation)
    weights.learning.append(step.isOn)

    if isGaussian {
      // E[G (w(t) - w(0))] is a difference of small numbers, and exactly 0 at the start.
      for k in 0..<units {
        let power = moments.gradient.power[k]
        displacement[k] +=
          step.rates[k] * step.rates[k] * moments.square(k, k)
          - 2 * step.rates[k] * (power[present + k] - power[k])
      }
    }
    let changes = changes(weights, step)
    known = changes
    return changes.values
  }

  mutating func merge(_ merges: [RowMerge]) {
    let flat = merges.map { $0.flat(units: units) }
    let columns = drive?.merge(flat) ?? flat
    excess?.memory.merge(rows: flat, columns: columns)
    for merge in merges {
      excess?.correlation.merge(merge)
      excess?.magnetisation.merge(merge)
    }
  }

  /// What the present gradient has of its own: of the field that is added to it, or of the noise of
  /// a `WeightDrive`; one row of `count` entries for each unit.
  private func sources(count: Int) -> [[Double]] {
    drive?.present
      ?? (0..<units).map { k in
        var row = [Double](repeating: 0, count: count)
        row[count - units + k] = 1
        return row
      }
  }

  /// What the step to the last time changed. Without switches changes are Gaussian.
  private func changes(_ weights: WeightKernels, _ step: Step) -> KnownStep {
    let changes = step.rates.enumerated().map { k, rate in
      KnownChanges(
        probability: rate > 0 ? switches.density(at: weights.time) : 0,
        square: rate * rate * step.moments.square(k, k),
        isGaussian: isGaussian)
    }
    return KnownStep(
      step: changes,
      sinceStart: weights.changesSinceStart(
        areGaussian: isGaussian, summed: isGaussian ? displacement : nil))
  }

  /// Without switches weights are Gaussian.
  var histogram: WeightHistogram? { isGaussian ? .gaussian(units: units) : nil }

  // MARK: One step

  /// The moments of a step, and η r_k: what it does to the moments of the weights, plain ones and
  /// those weighted by its switch alike. `[weight.step]`
  private struct Step {
    let moments: Moments
    let isOn: [Bool]
    let rates: [Double]

    /// C_k·(t+1, ·) from row C_k·(t, ·) and E[c G_k G_l] with the switches that the row is weighted
    /// by.
    func correlation(_ k: Int, _ row: [Double], square: (Int) -> Double) -> [Double] {
      let first = row.count - rates.count
      var new = row
      DenseVector.add(-rates[k], moments.gradient.power[k], to: &new)
      for l in rates.indices {
        new.append(
          row[first + l]
            - (rates[k] * moments.gradient.power[k][first + l] + rates[l]
              * moments.gradient.power[l][first + k])
            + rates[k] * rates[l] * square(l))
      }
      return new
    }

    /// R_k·(t+1, ·) from row R_k·(t, ·) and what the gradient responds to at once, or D_k·(t+1, ·)
    /// from row D_k·(t, ·) and the noise of the gradient. `[weight.response]` `[frame.weights]`
    func memory(_ k: Int, _ row: [Double], _ source: [Double], _ density: Double) -> [Double] {
      var new = row
      DenseVector.add(-rates[k], moments.gradient.memory[k], to: &new)
      DenseVector.add(-rates[k] * density, source, to: &new)
      return new + [Double](repeating: 0, count: rates.count)
    }

    /// m_k(t+1) from m_k(t).
    func magnetisation(_ k: Int, _ overlaps: [Double]) -> [Double] {
      zip(overlaps, moments.gradient.drift[k]).map { $0 - rates[k] * $1 }
    }
  }

  /// Moments of c G(t) with one switch, and with two.
  private struct Moments {
    let gradient: GradientMoments
    /// E[c_k c_l]/E[c_k] for k ≠ l: p if each weight has its own switch, 1 if they share one.
    let otherSwitch: Double
    /// E[c_k G_k G_l].
    private let oneSwitchSquare: [[Double]]
    /// The same if a switch is that of an input, which all axes have a part in. `[inputs.axes]`
    private let mixedSquare: [[Double]]

    /// - Parameters:
    ///   - own: E[c_k G_k G_l].
    ///   - shared: the same of all weights, and the density of the switches, if these act on
    ///     mixtures of all groups.
    init(
      gradient: GradientMoments, own: [[Double]], otherSwitch: Double,
      shared: (power: [[Double]], density: Double)?
    ) {
      self.gradient = gradient
      self.otherSwitch = otherSwitch
      oneSwitchSquare = own
      mixedSquare =
        shared.map { shared in
          zip(own, shared.power).map { own, all in
            zip(own, all).map { shared.density * $0 + (1 - shared.density) * $1 }
          }
        } ?? own
    }

    /// E[c_k c_l G_k G_l]. `[weight.units]` `[weight.columns]` `[inputs.axes]`
    func square(_ k: Int, _ l: Int) -> Double {
      if k == l { return mixedSquare[k][k] }
      return otherSwitch == 1
        ? 0.5 * (mixedSquare[k][l] + mixedSquare[l][k]) : otherSwitch * shared(k, l)
    }

    /// E[c G_k G_l].
    func shared(_ k: Int, _ l: Int) -> Double {
      0.5 * (oneSwitchSquare[k][l] + oneSwitchSquare[l][k])
    }
  }

  // MARK: Memory of the switches

  /// Q, q_v and S^M at t + 1, turned into excess over p times the new rows; older excess decays.
  /// `[weight.masked]`
  private mutating func advanceExcess(
    _ weights: WeightKernels, _ step: Step, _ sources: [[Double]], newCorrelation: [[Double]],
    newMemory: [[Double]], newMagnetisation: [[Double]]
  ) {
    guard var old = excess else { return }
    excess = nil  // so that the kernels below are changed in place
    let density = switches.density(at: weights.time)
    let kernels = MaskedKernels(density: density, excess: old)
    let t = weights.time
    let n = weights.correlation.count
    let rho = switches.correlation(into: t + 1) ?? 0
    func over(_ masked: [Double], _ plain: [Double]) -> [Double] {
      zip(masked, plain).map { rho * ($0 - density * $1) }
    }

    var correlation = [[Double]]()
    var memory = [[Double]]()
    var magnetisation = [[Double]]()
    for k in 0..<units {
      let a = weights.present + k
      var masked = [Double](repeating: 0, count: n)  // C^M(t, ·) becomes Q(t+1, ·)
      kernels.addRow(1, weights.correlation, old.correlation, a, to: &masked)
      correlation.append(
        over(step.correlation(k, masked) { step.moments.shared(k, $0) }, newCorrelation[k]))
      var echo = [Double](repeating: 0, count: n)  // R^M(t, ·) becomes S^M(t+1, ·)
      kernels.addRow(1, drive.memory(of: weights), old.memory, a, to: &echo)
      memory.append(over(step.memory(k, echo, sources[k], density), newMemory[k]))
      let overlaps = zip(weights.magnetisation[weights.past][k], old.magnetisation[weights.past][k])
        .map {
          density * $0 + $1
        }
      magnetisation.append(over(step.magnetisation(k, overlaps), newMagnetisation[k]))
    }

    let first = firstRemembered(at: t, rows: old.magnetisation.count)
    if rho != 1 {
      old.correlation.scale(rowsFrom: first * units, by: rho)
      old.memory.scale(rowsFrom: first * units, by: rho)
      for s in first..<old.magnetisation.count {
        for k in 0..<units {
          for p in old.magnetisation[s][k].indices { old.magnetisation[s][k][p] *= rho }
        }
      }
    }
    old.correlation.append(correlation)
    old.memory.append(memory)
    old.magnetisation.append(magnetisation)
    excess = old
  }

  /// Rows before this one have decayed below 1e-20 and need no further scaling. In a frame all are
  /// scaled: there are few.
  private func firstRemembered(at t: Int, rows: Int) -> Int {
    guard rows == t + 1 else { return 0 }
    var first = t
    var factor = 1.0
    while first > 0 && factor > 1e-20 {
      factor *= abs(switches.correlation(into: first) ?? 0)
      first -= 1
    }
    return first
  }
}
