public import LearningProblem

/// Records averages over training and test set, and what follows from (m, C) and the readout, the
/// same way for theory and training.
///
/// Test quantities are a value that comes from outside: the theory integrates, training measures.
public struct MacroscopicRecorder: Sendable {
  let noise: WeightNoise
  /// c σ_s^-ρ summed over s < t, at times t = 0...T; none where σ is the same at every step.
  private let reliabilityCosts: [Double]
  private let readout: Readout
  private let machine: BoltzmannMachine?
  let hasErrors: Bool
  private let single: Bool
  private let isReplicated: Bool
  /// Whether what changes cost belongs into a recording. For replicas it does not: each costs what
  /// it does by itself, and a solve of one has less bias. `[replica.site]`
  public var recordsEnergy: Bool { !isReplicated }

  /// Prepares the recorder for a problem.
  public init(_ dynamics: Dynamics) {
    noise = dynamics.rule.weightNoise
    reliabilityCosts = Self.costs(noise, dynamics.grid)
    readout = dynamics.readout
    machine = dynamics.problem.network.machine
    hasErrors = dynamics.objective.hasErrors
    isReplicated = dynamics.problem.copies > 1
    single = dynamics.hiddenUnits == 1 && dynamics.signalDirections == 1
  }

  /// The network at one time.
  public struct State: Sendable {
    /// m_kp, K rows of P.
    public var overlaps: [[Double]]
    /// C_kl, K x K row-major.
    public var covariance: [Double]
    /// What fields see of m and C where inputs differ `[inputs.sample]`: one C, or one for each
    /// cluster. `[inputs.clusters]`
    private let seen: (overlaps: [[Double]], covariances: [[Double]])?
    /// What fields see of m: m itself unless inputs differ.
    public var fieldOverlaps: [[Double]] { seen?.overlaps ?? overlaps }
    /// What fields see of C, one for all clusters or one for each: C itself unless inputs differ.
    public var fieldCovariances: [[Double]] { seen?.covariances ?? [covariance] }
    /// a.
    public var readout: [Double]

    /// Creates a state; fields see the weights as they are unless said otherwise.
    public init(
      overlaps: [[Double]], covariance: [Double],
      seenAs seen: (overlaps: [[Double]], covariances: [[Double]])? = nil, readout: [Double]
    ) {
      self.overlaps = overlaps
      self.covariance = covariance
      self.seen = seen
      self.readout = readout
    }
  }

  /// Records losses and errors on training and fresh data, magnetisations, norms and readout in the
  /// current row.
  ///
  /// - Parameters:
  ///   - state: overlaps, covariance and readout.
  ///   - training: what is measured on the training set, nil where there is none (fresh samples).
  ///   - test: loss and error of samples that were not learned from; nil if they are not known.
  ///   - recording: where it is recorded.
  public func record(
    _ state: State, training: SampleValues?,
    test: (loss: Estimate, error: Estimate)?, in recording: inout Recording
  ) {
    let overlaps = state.overlaps
    let covariance = state.covariance
    if let training { record(training, costs: false, in: &recording) }
    if let test { recording.record(.testLoss, test.loss) }
    if hasErrors, let test { recording.record(.testError, test.error) }
    if let machine {
      let logPartition = machine.logPartition(covariance)
      recording.record(.freeEnergy, -logPartition)
      if let loss = training?[.trainingLoss] {
        recording.record(.logLikelihood, -loss - logPartition)
      }
      if let test {
        recording.record(
          .testLogLikelihood,
          Estimate(-test.loss.value - logPartition, standardError: test.loss.standardError))
      }
    }
    for (k, row) in overlaps.enumerated() {
      for (p, overlap) in row.enumerated() {
        recording.record(.magnetisation(k, p, single: single), overlap)
      }
    }
    let units = overlaps.count
    for k in 0..<units {
      for l in k..<units {
        recording.record(.norm(k, l, single: single), covariance[k * units + l])
      }
    }
    if isReplicated {
      let sum = covariance[0] + covariance[units + 1]
      let distance = sum - 2 * covariance[1]
      // The fields of the sampled theory carry white noise of 1e-9. `[sampling.field]`
      recording.record(.replicaDistance, abs(distance) > 1e-7 * sum ? distance : 0)
    }
    guard readout.isLearned else { return }
    for (index, value) in state.readout.enumerated() {
      let outputs = readout.initial.count / units
      recording.record(.readout(index / units, index % units, outputs: outputs), value)
    }
  }

  /// Records what learning costs, as far as it is measured on samples, and what reliability has
  /// cost, where it has a price.
  ///
  /// - Parameters:
  ///   - values: those of this time, or sums over the steps done.
  ///   - step: the number of steps done.
  ///   - recording: where it is recorded.
  public func recordCosts(_ values: SampleValues, step: Int, in recording: inout Recording) {
    record(values, costs: true, in: &recording)
    guard noise.hasPrice else { return }
    let cost = noise.sigma.constant.map { noise.costPerStep(at: $0) * Double(step) }
    recording.record(.reliabilityCost, cost ?? reliabilityCosts[step])
  }

  private static func costs(_ noise: WeightNoise, _ grid: TimeGrid) -> [Double] {
    guard noise.hasPrice, !noise.sigma.isConstant else { return [] }
    return grid.values(of: noise.sigma).reduce(into: [0]) { costs, sigma in
      costs.append(costs[costs.count - 1] + noise.costPerStep(at: sigma))
    }
  }

  /// Records what a group of weights is and has cost, per weight of the group. `[inputs.observed]`
  ///
  /// - Parameters:
  ///   - group: its number, from 0.
  ///   - overlaps: m_kp of the group.
  ///   - covariance: C_kl of the group, row-major.
  ///   - energy: what its weights have spent; nil where they are no synapses by themselves.
  ///   - recording: where it is recorded.
  public func record(
    group: Int, overlaps: [[Double]], covariance: [Double], energy: WeightValues?,
    in recording: inout Recording
  ) {
    let units = overlaps.count
    for (k, row) in overlaps.enumerated() {
      for (p, overlap) in row.enumerated() {
        recording.record(.magnetisation(k, p, single: single).of(group: group), overlap)
      }
      for l in k..<units {
        recording.record(.norm(k, l, single: single).of(group: group), covariance[k * units + l])
      }
    }
    for quantity in [Quantity.writes, .absoluteChange] where recordsEnergy {
      guard let value = energy?[quantity] else { continue }
      recording.record(Observable(quantity).of(group: group), value)
    }
  }

  private func record(_ values: SampleValues, costs: Bool, in recording: inout Recording) {
    for (place, measured) in SampleQuantities.all.enumerated() where measured.isCost == costs {
      if let value = values[place: place], let value = measured.recorded(value, self) {
        recording.record(Observable(measured.quantity), value)
      }
    }
  }
}

extension TestQuantities {
  /// Test loss and error of the network in `state`, in the forward pass of a step.
  public func evaluate(
    _ state: MacroscopicRecorder.State, at step: Int
  ) -> (loss: Estimate, error: Estimate) {
    evaluate(
      overlaps: state.fieldOverlaps, covariances: state.fieldCovariances, readout: state.readout,
      at: step)
  }
}
