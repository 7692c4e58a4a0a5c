/// Parts of a problem that do not fit each other, though each is fine by itself.
struct Mismatch: CustomStringConvertible {
  /// The key of the problem file that would have to change.
  let path: String
  let found: String
  let allowed: String

  var description: String { "\(path): found \(found); allowed: \(allowed)" }

  private init(_ path: String, found: String, allowed: String) {
    self.path = path
    self.found = found
    self.allowed = allowed
  }

  /// What is wrong with a problem; nil if nothing is.
  init?(_ problem: Problem) {
    self.init(
      data: problem.data, samplesPerWeight: problem.samplesPerWeight, network: problem.network,
      loss: problem.loss, update: problem.update,
      weightNoise: problem.weightNoise, dropout: problem.dropout, training: problem.training,
      catalogue: .shipped)
  }

  init?(
    data: any DataModel, samplesPerWeight: Double, network: any Network, loss: any Loss,
    update: any UpdateRule,
    weightNoise: WeightNoise, dropout: Dropout, training: TrainingSettings, catalogue: Catalogue
  ) {
    if !type(of: network).takes(type(of: loss)) {
      let losses = catalogue.losses(of: type(of: network))
      self.init(
        "loss.kind", found: loss.kind,
        allowed: "for a \(network.kind) network: " + losses.map { $0.kind }.joined(separator: ", "))
    } else if let labels = Self.labels(data, network) {
      self = labels
    } else if let measured = data.measured, let samples = Self.samples(measured, samplesPerWeight) {
      self = samples
    } else if dropout.hidden > 0, !network.hasHiddenLayer {
      self.init(
        "dropout.hidden", found: "\(dropout.hidden) for a \(network.kind) network",
        allowed: "0 unless hidden units have a readout (committee, softmax with hidden units)")
    } else if dropout.inputs > 0, weightNoise.sigma > 0 {
      self.init(
        "dropout.inputs", found: "\(dropout.inputs) with weight_noise.sigma \(weightNoise.sigma)",
        allowed: "one of the two")
    } else if training.contrastiveDivergence > 0, network.machine == nil {
      self.init(
        "training.contrastive_divergence",
        found: "\(training.contrastiveDivergence) for a \(network.kind) network",
        allowed: "0 unless the network is \(Boltzmann.kind)")
    } else if training.contrastiveDivergence > 0, dropout.inputs > 0 {
      self.init(
        "training.contrastive_divergence",
        found: "\(training.contrastiveDivergence) with dropout.inputs \(dropout.inputs)",
        allowed: "0 with dropout")
    } else if let count = training.testSamples, data.measured != nil {
      self.init(
        "training.test_samples", found: "\(count) with data \(type(of: data).kind)",
        allowed: "no such key: all rows that a run does not learn from are its test set")
    } else if update.learnsFromErrorsOnly, network.machine != nil {
      self.init(
        "update.kind", found: "\(update.kind) for a \(network.kind) network, which makes no errors",
        allowed: "another rule")
    } else {
      return nil
    }
  }

  /// What replicas cannot share. `[replica.site]`
  static func inReplicas(_ problem: Problem) -> Mismatch? {
    func refused(_ path: String, _ found: String, _ allowed: String) -> Mismatch {
      Mismatch(path, found: "\(found) with replicas: 2", allowed: allowed)
    }
    let network = problem.network
    if network.hiddenUnits > 1 || network.hasHiddenLayer || network.machine != nil {
      return refused("network.kind", network.kind, "a network of one field: perceptron or door")
    }
    if !problem.update.isLinear { return refused("update.kind", problem.update.kind, "plain") }
    let mask = problem.weightMask
    if mask.switches.correlation != 0, !mask.switches.isFull {
      return refused("weight_mask.kind", mask.kind, "full, or independent (per replica)")
    }
    if !problem.dropout.isNone {
      return refused("dropout.inputs", "\(problem.dropout.inputs)", "no dropout")
    }
    return nil
  }

  /// What has no limit in continuous time, or none that is integrated here. `[flow.limit]`
  static func inFlow(
    network: any Network, sampleMask: any Mask, weightMask: any WeightMask,
    update: any UpdateRule, weightNoise: WeightNoise, dropout: Dropout
  ) -> Mismatch? {
    func refused(_ path: String, _ found: String, _ allowed: String) -> Mismatch {
      Mismatch(path, found: "\(found) with time.kind flow", allowed: allowed)
    }
    if !sampleMask.isFull, (sampleMask as? PersistentMask)?.flowTime == nil {
      return refused(
        "sample_mask.kind", sampleMask.kind,
        "full or persistent (drawn anew at ever more steps, a mini-batch averages out)")
    }
    if !(weightMask is FullMask) { return refused("weight_mask.kind", weightMask.kind, "full") }
    if !(update is PlainUpdate) { return refused("update.kind", update.kind, "plain") }
    if weightNoise.sigma > 0 || weightNoise.reliabilityCost > 0 {
      return refused("weight_noise.sigma", "\(weightNoise.sigma)", "no weight_noise")
    }
    if !dropout.isNone {
      return dropout.hidden > 0
        ? refused("dropout.hidden", "\(dropout.hidden)", "no dropout")
        : refused("dropout.inputs", "\(dropout.inputs)", "no dropout")
    }
    if network.readout.isLearned {
      return refused("network.kind", "a learned readout", "readout_learning_rate 0")
    }
    return nil
  }

  /// More samples than rows, of which one at least is left for the test.
  private static func samples(_ measured: MeasuredData, _ samplesPerWeight: Double) -> Mismatch? {
    let (samples, rows) = (samplesPerWeight * Double(measured.dimension), measured.count)
    guard !samples.isFinite || samples.rounded() > Double(rows - 1) else { return nil }
    let largest = Double(rows - 1) / Double(measured.dimension)
    return Mismatch(
      "samples_per_weight",
      found: "\(samplesPerWeight), \(samples.rounded()) of \(rows) rows with "
        + "\(measured.dimension) inputs",
      allowed: "at most \((largest * 1e4).rounded(.down) / 1e4): the other rows are the test set")
  }

  /// Labels that the network has no answer for.
  private static func labels(_ data: any DataModel, _ network: any Network) -> Mismatch? {
    let classes = network.classes
    if let teacher = data.teacher {
      guard classes > 0, teacher.labels == .regression || classes > 2 else { return nil }
      return Mismatch(
        "network.kind", found: "\(network.kind) with \(classes) classes for a teacher's labels",
        allowed: "a network with one output, or 2 classes for labels: sign")
    }
    let labels = data.clusters.map(\.label)
    let signs = labels.allSatisfy { abs($0) == 1 }
    let numbers =
      classes > 0 && labels.allSatisfy { label in (1...classes).contains { Double($0) == label } }
    if network.machine != nil || (classes == 0 || classes == 2) && signs || numbers { return nil }
    return Mismatch(
      data.measured == nil ? "data.labels" : "data.classes",
      found: data.clusters.allSatisfy(\.hasLabel) ? "\(labels)" : "nothing (the key is missing)",
      allowed: classes == 0
        ? "1 and -1 for a \(network.kind) network"
        : "the classes 1 to \(classes)" + (classes == 2 ? ", or 1 and -1" : "")
          + ": network.outputs is \(classes)")
  }

  /// The error about the problem file.
  func error(in section: Section) throws -> ProblemError {
    let keys = path.split(separator: ".").map(String.init)
    guard keys.count > 1 else { return section.problem(keys[0], found: found, allowed: allowed) }
    return try section.section(keys[0]).problem(keys[1], found: found, allowed: allowed)
  }
}
