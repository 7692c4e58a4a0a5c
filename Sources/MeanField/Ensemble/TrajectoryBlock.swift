internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A cache-sized group of sampled data points and their whole history.
struct TrajectoryBlock: Sendable {
  private let trajectories: Trajectories
  private let objective: any Objective
  private let learnsReadout: Bool
  private var history: any TrajectoryHistory
  private var mask: TrajectoryMask?  // nil for full batches
  private var dropout: HiddenDropout?
  private var tangents: TangentHistory?
  private var remainder: MaskRemainder?

  /// - Parameters:
  ///   - history: where noise and kicks are kept.
  ///   - persistence: a persistent mask whose moments are controlled.
  ///   - chance: for what is left out of learning passes.
  init(
    _ dynamics: Dynamics, _ response: TheorySettings.Response, _ trajectories: Trajectories,
    _ history: any TrajectoryHistory, persistence: (any SwitchLaw)?, chance: RandomStream
  ) {
    let (units, steps, width) = (dynamics.hiddenUnits, dynamics.grid.steps, trajectories.width)
    self.trajectories = trajectories
    objective = dynamics.objective
    learnsReadout = dynamics.readout.isLearned
    self.history = history
    mask =
      dynamics.sampleSwitches.isFull ? nil : TrajectoryMask(dynamics.sampleSwitches, width: width)
    dropout = HiddenDropout(dynamics.gates, units: units, width: width, stream: chance)
    tangents =
      response == .tangent
      ? TangentHistory(units: units, steps: steps, width: width)
      : nil
    remainder = persistence.map { MaskRemainder(units: units, width: width, $0) }
  }

  /// How many trajectories each of so many groups in a systematic draw of the mask has; none for
  /// full batches.
  func members(of groups: Int) -> [Int] {
    mask?.members(of: groups, trajectories) ?? [Int](repeating: 0, count: groups)
  }

  // MARK: A step

  /// Moves all trajectories to the time of `plan` and adds what the averages need.
  ///
  /// - Parameters:
  ///   - starts: where this block's members of each group start in the draw of the mask.
  ///   - noiseRows: rows of noise on which gradients are projected.
  mutating func advance(
    _ plan: StepPlan, starts: [Double], noiseRows: Int, to sums: inout EnsembleSums
  ) {
    let fields = history.advance(plan)
    let gradients = gradients(fields, plan)
    sums.samples.add(seen(fields, gradients), .whole)
    guard !plan.isLast else { return }
    learn(learningPass(plan, fields, gradients), plan, starts, noiseRows, &sums)
  }

  /// Adds the normal equations of a linear fit of the gradients at the start, before any step.
  /// `[sampling.persistent]`
  func addFirstFit(_ plan: StepPlan, to sums: inout FitSums) {
    let fields = history.fields(plan, noiseRows: plan.wholeRows ?? plan.noiseRows)
    let unused = [Double](repeating: 0, count: trajectories.width)
    sums.add(
      fields: fields.values, gradient: gradients(fields, plan).values, conditional: unused,
      surplus: unused, clusterOf: trajectories.clusterOf)
  }

  private func gradients(_ fields: Fields, _ plan: StepPlan, gates: [[Double]]? = nil) -> Gradients
  {
    Gradients(
      objective, at: fields, of: trajectories, strength: plan.strength, readout: plan.readout,
      learnsReadout: learnsReadout, gates: gates)
  }

  /// What quantities are measured on.
  private func seen(
    _ fields: Fields, _ gradients: Gradients, _ presence: Presence? = nil
  ) -> SampleBlock {
    SampleBlock(
      answers: gradients.answers, variances: trajectories.variances, fields: fields.values,
      presence: presence?.conditional)
  }

  /// Fields and gradients of a pass that leaves units and inputs out; those of the whole network
  /// where nothing is left out. `[problem.dropout]`
  private mutating func learningPass(
    _ plan: StepPlan, _ fields: Fields, _ gradients: Gradients
  ) -> (fields: Fields, gradients: Gradients) {
    guard dropout != nil || plan.wholeRows != nil else { return (fields, gradients) }
    let fields =
      plan.wholeRows == nil ? fields : history.fields(plan, noiseRows: plan.noiseRows)
    dropout?.draw(step: plan.step, gradient: gradients.values)
    return (fields, self.gradients(fields, plan, gates: dropout?.gates))
  }

  /// Draws the mask, kicks the trajectories and adds the averages of the step.
  private mutating func learn(
    _ pass: (fields: Fields, gradients: Gradients), _ plan: StepPlan, _ starts: [Double],
    _ noiseRows: Int, _ sums: inout EnsembleSums
  ) {
    let (trajectories, (fields, gradients)) = (trajectories, pass)
    let presence =
      mask?.draw(
        step: plan.step, trajectories, by: gradients.values[0], starts: starts)
      ?? Presence(all: trajectories.width)
    let kicks = mask == nil ? Kicks(all: gradients) : Kicks(gradients, presence)
    history.learn(kicks, noiseRows: noiseRows, to: &sums)
    sums.add(kicks, gradients, presence, isMasked: mask != nil)
    sums.samples.addMeans(seen(fields, gradients, presence), .learning)
    addRemainder(fields, gradients, presence, plan, &sums)
    tangents?.advance(
      plan.memoryRows, curvature: gradients.curvature, conditional: presence.conditional,
      isOn: presence.isOn, sums: &sums)
  }

  /// Adds what the linear fit leaves, for persistent masks. `[sampling.persistent]`
  private mutating func addRemainder(
    _ fields: Fields, _ gradients: Gradients, _ presence: Presence, _ plan: StepPlan,
    _ sums: inout EnsembleSums
  ) {
    guard let fit = plan.fit, var remainderSums = sums.remainder.take() else { return }
    let clusterOf = trajectories.clusterOf
    remainder?.advance(
      plan.step, fit, fields: fields.values, gradient: gradients.values, presence,
      clusterOf: clusterOf, sums: &remainderSums)
    if let remainder {
      let past = plan.noiseRows[0].count
      history.addProducts(
        of: remainder.rest, remainder.surprise, noiseRows: past, to: &remainderSums.rest,
        &remainderSums.surprise)
    }
    sums.remainder = remainderSums
  }
}
