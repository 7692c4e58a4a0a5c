public import LearningProblem
public import NumericalKit
public import Observables

/// The theory of one-pass learning: every step has a batch of samples of its own. `[online.step]`
///
/// Fresh samples know nothing of the weights: gradients have no memory, and (m, C, a) alone,
/// without any two-time kernel, are the state. A step has α b d samples (b: density of the sample
/// mask), and is that of the problem in all other respects. The same samples may also come one
/// after the other, each with a step of its own and a decay of λ/(α b d): the limit of small
/// batches, a differential equation. `[online.flow]`
///
/// Averages over K fields are products of Gauss-Hermite rules up to K = 4, run with two orders
/// whose difference is the error bar; where gradients jump (relu, hinge) shifted quasi-random
/// points, with the spread of the shifts. A step costs from 10 microseconds (K = 1) to 10
/// milliseconds (K = 4).
///
/// ```swift
/// let curves = try OnePass(dynamics).solve(.batches)
/// ```
public struct OnePass: Sendable {
  /// How the samples of a step are presented.
  public enum Presentation: Sendable, CaseIterable {
    /// All at once, in one step of the weights.
    case batches
    /// One after the other, each with a step of the weights.
    case singleSamples
  }

  /// The largest K.
  public static let largestUnits = 4

  /// The relative error allowed to the integration with rule number `index`: the second is coarser,
  /// so that the difference shows the error of the integration as well.
  private func tolerance(_ index: Int) -> Double {
    // Points that cross a jump make the averages jump a little: nothing is gained below that.
    isSmooth ? (index == 0 ? 1e-10 : 1e-8) : 1e-5
  }

  /// The problem.
  public let problem: Problem
  private let dynamics: Dynamics
  private let parallel: ParallelFor
  private let rules: [NormalRule]
  private let isSmooth: Bool

  /// Prepares the averages; throws `SolverError.unsupported`.
  public init(_ problem: Problem, parallel: ParallelFor = ParallelFor()) throws {
    self.problem = problem
    dynamics = try Dynamics(problem)
    try Self.check(dynamics)
    self.parallel = parallel
    let dimension = FieldSampler(dynamics).dimension
    isSmooth = !dynamics.objective.gradientJumps && dynamics.data.teacher?.labels != .sign
    if isSmooth {
      let orders = [[128, 96], [48, 40], [20, 16], [12, 10], [8, 7], [7, 6]][dimension - 1]
      rules = orders.map { NormalRule(dimension: dimension, order: $0) }
    } else {
      let points = QuasiRandomPoints(
        dimension: dimension, count: dimension == 1 ? 16384 : 4096, shifts: 8, seed: 0x0e)
      rules = points.shifts.map { NormalRule(dimension: dimension, points: $0) }
    }
  }

  /// Samples seen before a step, per weight: α Σ b_s over s < t.
  public func samplesPerWeight(step: Int) -> Double {
    dynamics.samplesPerWeight * dynamics.sampleSwitches.expectedCount(before: step)
  }

  /// Test loss and error, overlaps, norms and readout at every step.
  ///
  /// - Throws: `SolverError.diverged`.
  public func solve(
    _ presentation: Presentation, progress: ProgressReport? = nil
  ) throws -> [Curve] {
    let counter = progress.map { SharedProgress(total: rules.count, report: $0) }
    let recordings = try parallel.map(rules.count) { index in
      let step = OnePassStep(dynamics, rule: rules[index])
      let states =
        switch presentation {
        case .batches: try path(step)
        case .singleSamples: try flow(step, tolerance: tolerance(index))
        }
      try counter?.advance()
      return record(states)
    }
    guard isSmooth else { return Curve.mean(of: recordings) }
    return Curve.mean(of: [recordings[0]]).map { curve in
      let coarse = recordings[1].values(curve.observable)
      return Curve(
        observable: curve.observable, steps: curve.steps,
        estimates: zip(curve.estimates, coarse).map { fine, coarse in
          let distance = abs(fine.value - coarse.value)
          let difference = distance > 1e-13 ? distance : 0  // rounding
          return Estimate(
            fine.value,
            standardError: (fine.standardError * fine.standardError + difference * difference)
              .squareRoot())
        }, replicas: 1)
    }
  }

  /// Step by step.
  private func path(_ step: OnePassStep) throws -> [MacroscopicRecorder.State] {
    var states = [step.start]
    for t in 0..<dynamics.grid.steps {
      states.append(step.advanced(states[t], at: t))
      try check(states[t + 1], step: t + 1)
    }
    return states
  }

  /// Integrates one sample at a time, and records at every step.
  private func flow(
    _ step: OnePassStep, tolerance: Double
  ) throws -> [MacroscopicRecorder.State] {
    do {
      // Where schedules jump, between steps, the integration takes steps as short as it must.
      let solution = try OrdinaryDifferentialEquations.solve(
        from: step.vector(step.start), at: (0...dynamics.grid.steps).map(Double.init),
        tolerance: tolerance
      ) { time, vector in step.vector(step.flow(step.state(vector), at: Int(time))) }
      let states = solution.states.map { step.state($0) }
      for (t, state) in states.enumerated() { try check(state, step: t) }
      return states
    } catch let failure as OrdinaryDifferentialEquations.Failure {
      switch failure {
      case .notFinite(let time), .tooManySteps(let time):
        throw SolverError.diverged(step: Int(time) + 1, solver: Self.name)
      }
    }
  }

  private static let name = "theory of one-pass learning"

  private func check(_ state: MacroscopicRecorder.State, step: Int) throws {
    let units = dynamics.hiddenUnits
    let norm =
      (0..<units).reduce(0) { $0 + state.covariance[$1 * (units + 1)] } / Double(units)
    let first = (0..<units).reduce(0) { $0 + dynamics.start.correlation($1, $1) } / Double(units)
    guard norm <= SolverError.largestGrowth * max(1, first) else {  // false for NaN as well
      throw SolverError.diverged(step: step, solver: Self.name)
    }
  }

  private func record(_ states: [MacroscopicRecorder.State]) -> Recording {
    let recorder = MacroscopicRecorder(dynamics)
    let test = TestQuantities(dynamics)
    var recording = Recording()
    for (step, state) in states.enumerated() {
      recording.begin(step: step)
      recorder.record(
        state, training: nil, test: test.evaluate(state, at: step), in: &recording)
    }
    return recording
  }

  /// What one pass cannot mean, or what does not close.
  private static func check(_ dynamics: Dynamics) throws {
    try dynamics.problem.requireSteps()
    try dynamics.problem.requireAlikeInputs("one-pass learning")
    func refuse(_ what: String, _ instead: String) -> SolverError {
      .unsupported(what: "\(what) in one-pass learning", instead: instead)
    }
    let mask = dynamics.sampleSwitches
    guard mask.isDrawnAnew else {
      throw refuse(
        "sample_mask \(dynamics.rule.sampleMask.kind) (every step has samples of its own: none "
          + "comes back)",
        "sample_mask full or independent, whose density is the size of the batch")
    }
    let switches = dynamics.weightSwitches
    guard dynamics.rule.weightMask.units == .all, switches.isDrawnAnew else {
      throw refuse(
        "weight_mask \(dynamics.rule.weightMask.kind) with memory or with switches of hidden units",
        "weight_mask full, independent or column, drawn at every step")
    }
    guard dynamics.rule.update is PlainUpdate else {
      throw refuse("update \(dynamics.rule.update.kind)", "update plain")
    }
    guard dynamics.rule.dropout.hidden == 0, dynamics.rule.dropout.inputs == 0 else {
      throw refuse("dropout", "dropout 0")
    }
    guard dynamics.hiddenUnits <= largestUnits else {
      throw refuse("a network of \(dynamics.hiddenUnits) fields", "at most \(largestUnits)")
    }
  }
}
