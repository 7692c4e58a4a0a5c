internal import LearningProblem
internal import NumericalKit
internal import Observables

extension MeanFieldSolver {
  /// What a user should know of the frame.
  func frameNotes(_ batches: [Batch]) -> [String] {
    if settings.history == .compressed, let obstacle = plan.obstacle {
      return [
        "every step keeps a row of its own: theory.history: compressed does not cover "
          + obstacle
      ]
    }
    var notes = [String]()
    if plan.leavesOpen {
      notes.append(
        "what needs the distribution of weights or fields under closed sites is left out: probes "
          + "follow kernels at all times, which theory.history: all has")
    }
    guard let frame = plan.frame, let loss = batches.compactMap({ $0.frame?.largestLoss }).max(),
      loss > 10 * frame.resolution.tolerance
    else { return notes }
    return notes + [
      "the past is not smooth: rows of C(t, s)/C(t, t) lost up to \(Float(loss)) where "
        + "theory.history_tolerance is \(Float(frame.resolution.tolerance)); theory.history: all "
        + "keeps them"
    ]
  }

  /// What a user should know of the curves and kernels.
  func notes(_ curves: [Curve], _ average: KernelAverage?) -> [String] {
    var notes = work.note.map { [$0] } ?? []
    if plan.isClosed, plan.scheme == nil, !plan.leavesOpen, plan.waiting == nil,
      !curves.contains(where: { $0.observable == .activity })
    {
      notes.append(
        "training_error and activity need the distribution of the fields, which the closed "
          + "equations alone do not give; theory.sites: auto does")
    }
    if let groups = plan.dynamics.groups, groups.basis == .axes,
      !plan.dynamics.weightSwitches.isFull || plan.scheme != nil
    {
      notes.append(
        "absolute_change, net_change and inefficiency need the distribution of the weights, which "
          + "are mixtures of all axes (inputs.basis: axes); `dmft train` has them")
    }
    if plan.dynamics.groups != nil {
      notes.append(
        "there is no histogram of weights, which are not all alike"
          + (keepsKernels
            ? ", and the kernels of correlation and response are those that the fields see, "
              + "weighted with the variances of the groups"
              + (plan.dynamics.hasShapes ? ", on average over the clusters" : "") : ""))
    }
    if plan.dynamics.hasShapes, plan.dynamics.objective.hasErrors {
      notes.append(
        "no oracle's or Bayes-optimal error is given: those of clusters with inputs.variances of "
          + "their own are not worked out")
    }
    if let machine = problem.network.machine, machine.contrastiveDivergence > 0 {
      notes.append(
        "the theory takes exact averages over the machine; training follows contrastive "
          + "divergence, with a bias and noise of its own")
    }
    let loss = curves[.trainingLoss]?.estimates ?? []
    if let start = loss.first, let spread = loss.map(\.standardError).max(),
      spread > 0.1 * abs(start.value)
    {
      notes.append(
        "the solves lie far apart (training_loss has standard errors up to "
          + "\((spread * 100).rounded() / 100)): do not trust them; use more trajectories, a "
          + "smaller learning_rate or theory.sites: ensemble-both")
    }
    if plans.count > 1 {
      notes.append(
        "means over \(plans.count) paths of the hidden units that theory and training "
          + "share; standard errors do not contain the spread between paths")
    }
    let enough = problem.copies > 1 ? 100 : 20
    if !plan.isClosed,
      settings.sampling.trajectories < enough * plan.rows * plan.dynamics.hiddenUnits,
      plan.frame == nil
    {
      notes.append(
        "fewer than \(enough) trajectories per step and hidden unit: a bias of order "
          + "steps/trajectories, which the standard errors do not cover, may be as large as they "
          + "are")
    }
    if let noise = average?.standardError.gradientResponse.largest, noise > 0.05,
      settings.response == .stein, !plan.closesSamples
    {
      notes.append(
        "single entries of the kernel gradient_response have standard errors up to "
          + "\((noise * 100).rounded() / 100) (harmless for all else, see theory/5-sampling.md)"
          + (plan.dynamics.objective.gradientJumps
            ? "" : "; theory.response: tangent gives them precisely"))
    }
    return notes
  }
}
