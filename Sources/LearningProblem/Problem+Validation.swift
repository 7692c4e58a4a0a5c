extension Problem {
  /// Throws a `Mismatch` that names a key of the problem file, what is there, and what is allowed,
  /// if parts of the problem are out of range or do not fit each other.
  ///
  /// - Parameter catalogue: where the losses that a network takes are named.
  public func validate(catalogue: Catalogue = .shipped) throws(Mismatch) {
    try checkNumbers()
    try checkLoss(catalogue)
    try checkLabels()
    try checkSamples()
    try checkDropout()
    if let groups = try inputGroups() { try checkInputs(groups) }
    if rule.update.learnsFromErrorsOnly, network.machine != nil {
      throw Mismatch(
        "update.kind",
        found: "\(rule.update.kind) for a \(network.kind) network, which makes no errors",
        allowed: "another rule")
    }
    if timing.flow != nil { try checkFlow() }
    let laws = try rule.laws(on: timing.grid)
    if copies > 1 { try checkCopies(weights: laws.weights) }
  }

  private func checkNumbers() throws(Mismatch) {
    for (key, schedule) in schedules where timing.flow == nil {
      guard case .varying(let shape) = schedule, case .pieces = shape.inFlow else { continue }
      throw Mismatch(
        key, found: "a schedule with times", allowed: "steps: times are for time.kind flow")
    }
    try check("samples_per_weight", samplesPerWeight, .positiveSquare)
    try check("weight_decay", rule.weightDecay, .nonNegative)
    try check("start.variance", start.variance, .nonNegativeSquare)
    for number in start.overlap.joined() { try check("start.overlap", number, .finite) }
    switch timing {
    case .steps(let grid): try check("learning_rate", grid.learningRate, .positive)
    case .flow(let flow):
      try check("time.duration", flow.duration, .positive)
      try check("time.step", flow.step, .positive)
      guard flow.duration / flow.step <= Flow.mostSteps * 1.001 else {
        throw Mismatch(
          "time.step", found: "\(flow.step)", allowed: "at least \(flow.duration / Flow.mostSteps)")
      }
    }
    for cluster in data.clusters {
      try check("data", cluster.variance, .positiveSquare)
      for number in cluster.centre { try check("data", number, .finite) }
    }
    for number in network.readout.initial { try check("network.readout", number, .finite) }
    try check("network.readout_learning_rate", network.readout.learningRate, .nonNegative)
    if let machine = network.machine {
      try check("network.variance", machine.variance, .positiveSquare)
    }
    for number in rule.update.schedules {
      try check("update.\(number.key.name)", number.schedule, number.key.interval)
    }
    try checkNoise()
    guard (1...2).contains(copies) else {
      throw Mismatch("replicas", found: "\(copies)", allowed: "1 or 2")
    }
    let columns = start.overlap.map(\.count)
    guard columns == Array(repeating: signalDirections, count: network.hiddenUnits) else {
      throw Mismatch(
        "start.overlap", found: "rows of \(columns) numbers",
        allowed: "\(network.hiddenUnits) rows of \(signalDirections) numbers: hidden units by "
          + "signal directions")
    }
  }

  private func check(
    _ path: String, _ number: Double, _ interval: Interval
  ) throws(Mismatch) {
    guard !interval.contains(number) else { return }
    throw Mismatch(path, found: "\(number)", allowed: interval.allowed(for: number))
  }

  /// The last forward pass is one after the last step. A price wants noise at every step.
  private func checkNoise() throws(Mismatch) {
    let (key, noise) = ("weight_noise.sigma", rule.weightNoise)
    guard noise.sigma.constant == nil else {
      return try check(key, noise.sigma.constant ?? 0, .nonNegative)
    }
    let isPriced = noise.reliabilityCost > 0
    let interval = isPriced ? Interval.positive : .nonNegative
    for (step, sigma) in timing.grid.valuesWithLast(of: noise.sigma).enumerated()
    where !interval.contains(sigma) {
      throw Mismatch(
        key, found: "\(sigma) at step \(step)",
        allowed: interval.allowed(for: sigma) + (isPriced ? " where reliability has a price" : ""))
    }
  }

  /// Checks the numbers of a schedule at all steps, or at all results of a flow.
  func check(
    _ path: String, _ schedule: Schedule, _ interval: Interval
  ) throws(Mismatch) {
    guard !schedule.isConstant else { return try check(path, schedule.constant ?? 0, interval) }
    let (grid, isFlow) = (timing.grid, timing.flow != nil)
    let numbers = isFlow ? grid.valuesWithLast(of: schedule) : grid.values(of: schedule)
    for (step, number) in numbers.enumerated() where !interval.contains(number) {
      throw Mismatch(
        path, found: "\(number) at \(isFlow ? "time \(grid.time(at: step))" : "step \(step)")",
        allowed: interval.allowed(for: number))
    }
  }

  private func checkLoss(_ catalogue: Catalogue) throws(Mismatch) {
    guard !type(of: network).takes(type(of: loss)) else { return }
    let losses = catalogue.losses(of: type(of: network))
    throw Mismatch(
      "loss.kind", found: loss.kind,
      allowed: "for a \(network.kind) network: " + losses.map { $0.kind }.joined(separator: ", "))
  }

  /// Labels that the network has no answer for.
  private func checkLabels() throws(Mismatch) {
    let classes = network.classes
    if let teacher = data.teacher {
      guard classes > 0, teacher.labels == .regression || classes > 2 else { return }
      throw Mismatch(
        "network.kind", found: "\(network.kind) with \(classes) classes for a teacher's labels",
        allowed: "a network with one output, or 2 classes for labels: sign")
    }
    let labels = data.clusters.map(\.label)
    let signs = labels.allSatisfy { abs($0) == 1 }
    let numbers =
      classes > 0 && labels.allSatisfy { label in (1...classes).contains { Double($0) == label } }
    if network.machine != nil || (classes == 0 || classes == 2) && signs || numbers { return }
    throw Mismatch(
      data.measured == nil ? "data.labels" : "data.classes",
      found: data.clusters.allSatisfy(\.hasLabel) ? "\(labels)" : "nothing (the key is missing)",
      allowed: classes == 0
        ? "1 and -1 for a \(network.kind) network"
        : "the classes 1 to \(classes)" + (classes == 2 ? ", or 1 and -1" : "")
          + ": network.outputs is \(classes)")
  }

  /// More samples than rows, of which one at least is left for the test.
  private func checkSamples() throws(Mismatch) {
    guard let measured = data.measured else { return }
    let (samples, rows) = (samplesPerWeight * Double(measured.dimension), measured.count)
    guard !samples.isFinite || samples.rounded() > Double(rows - 1) else { return }
    let largest = Double(rows - 1) / Double(measured.dimension)
    throw Mismatch(
      "samples_per_weight",
      found: "\(samplesPerWeight), \(samples.rounded()) of \(rows) rows with "
        + "\(measured.dimension) inputs",
      allowed: "at most \((largest * 1e4).rounded(.down) / 1e4): the other rows are the test set")
  }

  private func checkDropout() throws(Mismatch) {
    let (dropout, noise) = (rule.dropout, rule.weightNoise)
    if dropout.hidden > 0, !network.hasHiddenLayer {
      throw Mismatch(
        "dropout.hidden", found: "\(dropout.hidden) for a \(network.kind) network",
        allowed: "0 unless hidden units have a readout (committee, softmax with hidden units)")
    }
    if dropout.inputs > 0, !noise.isNone {
      throw Mismatch(
        "dropout.inputs", found: "\(dropout.inputs) with weight_noise.sigma \(noise.sigma)",
        allowed: "one of the two")
    }
    if dropout.inputs > 0, let machine = network.machine, machine.contrastiveDivergence > 0 {
      throw Mismatch(
        "network.contrastive_divergence",
        found: "\(machine.contrastiveDivergence) with dropout.inputs \(dropout.inputs)",
        allowed: "0 with dropout")
    }
  }

  /// The groups of the inputs; nil if all are alike. Throws a `Mismatch` about a key of `inputs`.
  package func inputGroups() throws(Mismatch) -> InputGroups? {
    try Mismatch.about("inputs") { () throws(Mismatch) in
      let groups = try inputs.groups(
        directions: signalDirections, probabilities: data.clusters.map(\.probability))
      return data.teacher == nil ? groups : groups?.withTeacher()
    }
  }

  /// What groups of inputs are not worked out for. `[inputs.model]`
  private func checkInputs(_ groups: InputGroups) throws(Mismatch) {
    func refused(_ path: String, _ found: String, _ allowed: String) -> Mismatch {
      Mismatch(path, found: "\(found) with inputs.kind \(inputs.kind)", allowed: allowed)
    }
    if data.measured != nil {
      throw Mismatch(
        "inputs.kind", found: "\(inputs.kind) for data.kind \(data.kind), whose inputs are given",
        allowed: AlikeInputs.kind)
    }
    if network.machine != nil {
      throw refused("network.kind", network.kind, "another network, or inputs.kind alike")
    }
    if !rule.weightNoise.isNone || rule.weightNoise.reliabilityCost > 0 {
      throw refused(
        "weight_noise.sigma", "\(rule.weightNoise.sigma)", "no weight_noise, or inputs.kind alike")
    }
    if groups.basis == .axes, rule.dropout.inputs > 0 {
      throw refused(
        "dropout.inputs", "\(rule.dropout.inputs)", "0, or inputs.basis inputs")
    }
  }

  /// The keys whose numbers change from step to step.
  package var scheduledKeys: [String] {
    schedules.compactMap { $0.schedule?.isConstant == false ? $0.key : nil }
  }

  /// Every number that may change from step to step, with its key.
  private var schedules: [(key: String, schedule: Schedule?)] {
    let all: [(key: String, schedule: Schedule?)] =
      [
        ("learning_rate", timing.flow == nil ? timing.grid.learningRate : nil),
        ("weight_decay", rule.weightDecay), ("sample_mask.density", rule.sampleMask.density),
        ("weight_mask.density", rule.weightMask.switchDensity),
        ("network.readout_learning_rate", network.readout.learningRate),
        ("weight_noise.sigma", rule.weightNoise.sigma),
      ] + rule.update.schedules.map { ("update.\($0.key.name)", $0.schedule) }
    return all
  }

  /// What copies cannot share. `[replica.site]`
  private func checkCopies(weights: any SwitchLaw) throws(Mismatch) {
    func refused(_ path: String, _ found: String, _ allowed: String) -> Mismatch {
      Mismatch(path, found: "\(found) with replicas: 2", allowed: allowed)
    }
    if network.hiddenUnits > 1 || network.hasHiddenLayer || network.machine != nil {
      throw refused("network.kind", network.kind, "a network of one field: perceptron or door")
    }
    if !rule.update.isLinear { throw refused("update.kind", rule.update.kind, "plain") }
    if !weights.isDrawnAnew {
      throw refused("weight_mask.kind", rule.weightMask.kind, "full, or independent (per replica)")
    }
    if !rule.dropout.isNone {
      throw refused("dropout.inputs", "\(rule.dropout.inputs)", "no dropout")
    }
  }
}
