internal import LearningProblem
internal import NumericalKit
internal import Observables

/// How (m, C, a) move under fresh samples. `[online.step]` `[online.flow]`
struct OnePassStep: Sendable {
  typealias State = MacroscopicRecorder.State

  private let dynamics: Dynamics
  private let samples: FreshSamples
  private let units: Int
  private let directions: Int

  init(_ dynamics: Dynamics, rule: NormalRule) {
    self.dynamics = dynamics
    samples = FreshSamples(dynamics, rule: rule)
    units = dynamics.hiddenUnits
    directions = dynamics.signalDirections
  }

  /// The state at step 0.
  var start: State {
    State(
      overlaps: dynamics.start.overlap,
      covariance: (0..<units * units).map { dynamics.start.correlation($0 / units, $0 % units) },
      readout: dynamics.readout.initial)
  }

  /// The state after a whole batch of α b d fresh samples, the step number `time`. `[online.step]`
  func advanced(_ state: State, at time: Int) -> State {
    moved(state, at: time, byMeanPower: true)
  }

  /// d/dt of the state, per step, if the batch of step number `time` comes one sample after the
  /// other. `[online.flow]`
  func flow(_ state: State, at time: Int) -> State {
    var change = moved(state, at: time, byMeanPower: false)
    for k in 0..<units {
      for p in 0..<directions { change.overlaps[k][p] -= state.overlaps[k][p] }
    }
    for index in change.covariance.indices { change.covariance[index] -= state.covariance[index] }
    for index in change.readout.indices { change.readout[index] -= state.readout[index] }
    return change
  }

  /// - Parameters:
  ///   - time: the number of the step.
  ///   - byMeanPower: whether the square of the mean gradient counts, which is of second order in
  ///     the size of a batch.
  private func moved(_ state: State, at time: Int, byMeanPower: Bool) -> State {
    let row = samples.row(state, at: time)
    let eta = dynamics.grid.rate(at: time)
    // p and p_kl of `[weight.units]`.
    let density = dynamics.weightSwitches.density(at: time)
    let pairDensity = dynamics.rule.weightMask.sharesInputs ? density : density * density
    let (m, C) = (state.overlaps, state.covariance)
    // ℓ = pull + χ, so that the mean gradient is ℓ w + μ v.
    let pull = zip(dynamics.pull(C, at: time), row.response).map { $0 + $1 }
    let pulledOverlaps = (0..<units).map { k in
      (0..<directions).map { p in
        (0..<units).reduce(0) { $0 + pull[k * units + $1] * m[$1][p] }
      }
    }
    let pulled = product(pull, C)
    func along(_ left: [[Double]], _ right: [[Double]], _ k: Int, _ l: Int) -> Double {
      DenseVector.dot(left[k], right[l])
    }
    var next = state
    for k in 0..<units {
      for p in 0..<directions {
        next.overlaps[k][p] -= eta * density * (pulledOverlaps[k][p] + row.drive[k][p])
      }
    }
    // A = E[G wᵀ]
    let projection = (0..<units * units).map { index in
      pulled[index] + along(row.drive, m, index / units, index % units)
    }
    let twicePulled = product(pulled, transposed(pull))
    for k in 0..<units {
      for l in 0..<units {
        let index = k * units + l
        var power = row.covariance[index]
        if byMeanPower {
          power +=
            twicePulled[index] + along(pulledOverlaps, row.drive, k, l)
            + along(row.drive, pulledOverlaps, k, l) + along(row.drive, row.drive, k, l)
        }
        next.covariance[index] +=
          -eta * density * (projection[index] + projection[l * units + k])
          + eta * eta * (k == l ? density : pairDensity) * power
      }
    }
    next.readout = Readout.advanced(
      state.readout, rate: dynamics.readoutRate(at: time), gradient: row.readout,
      isOn: [Bool](repeating: true, count: units))
    return next
  }

  private func product(_ left: [Double], _ right: [Double]) -> [Double] {
    (0..<units * units).map { index in
      (0..<units).reduce(0) {
        $0 + left[index / units * units + $1] * right[$1 * units + index % units]
      }
    }
  }

  private func transposed(_ matrix: [Double]) -> [Double] {
    (0..<units * units).map { matrix[$0 % units * units + $0 / units] }
  }

  // MARK: a state as one vector

  /// m, C and a one behind the other.
  func vector(_ state: State) -> [Double] {
    state.overlaps.flatMap { $0 } + state.covariance + state.readout
  }

  /// The state behind such a vector.
  func state(_ vector: [Double]) -> State {
    let (first, second) = (units * directions, units * directions + units * units)
    return State(
      overlaps: (0..<units).map { Array(vector[$0 * directions..<($0 + 1) * directions]) },
      covariance: Array(vector[first..<second]), readout: Array(vector[second...]))
  }
}
