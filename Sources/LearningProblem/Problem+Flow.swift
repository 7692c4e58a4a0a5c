extension Problem {
  /// The numbers that may be functions of the time, with their keys.
  private var ofTime: [(key: String, schedule: Schedule, interval: Interval)] {
    [
      ("weight_decay", rule.weightDecay, .nonNegative),
      ("sample_mask.density", rule.sampleMask.density, .leftOpen(0, 1)),
      ("weight_mask.density", rule.weightMask.switchDensity ?? 1.0, .leftOpen(0, 1)),
    ]
  }

  /// What has no limit in continuous time, or none that is integrated here. `[flow.limit]`
  func checkFlow() throws(Mismatch) {
    func refused(_ path: String, _ found: String, _ allowed: String) -> Mismatch {
      Mismatch(path, found: "\(found) with time.kind flow", allowed: allowed)
    }
    let (sampleMask, weightMask, noise) = (rule.sampleMask, rule.weightMask, rule.weightNoise)
    if !sampleMask.averagesOut, !(sampleMask is PersistentMask) {
      throw refused("sample_mask.kind", sampleMask.kind, "full, independent or persistent")
    }
    if !(weightMask is FullMask), !(weightMask is IndependentMask) {
      throw refused("weight_mask.kind", weightMask.kind, "full or independent")
    }
    if !(rule.update is PlainUpdate) { throw refused("update.kind", rule.update.kind, "plain") }
    if !noise.isNone || noise.reliabilityCost > 0 {
      throw refused("weight_noise.sigma", "\(noise.sigma)", "no weight_noise")
    }
    if rule.dropout.hidden > 0 {
      throw refused("dropout.hidden", "\(rule.dropout.hidden)", "no dropout")
    }
    if rule.dropout.inputs > 0 {
      throw refused("dropout.inputs", "\(rule.dropout.inputs)", "no dropout")
    }
    if network.readout.isLearned {
      throw refused("network.kind", "a learned readout", "readout_learning_rate 0")
    }
    for (key, schedule, interval) in ofTime {
      try checkFlow(schedule, key)
      try check(key, schedule, interval)
    }
    let keys = ofTime.map(\.key)
    if let key = scheduledKeys.first(where: { !keys.contains($0) }) {
      throw refused(
        key, "a schedule",
        "a number: in a flow " + keys.joined(separator: ", ")
          + " may change")
    }
  }

  /// An integrator of second order steps from bend to bend, and from jump to jump.
  /// `[schedule.flow]` `[schedule.restart]`
  private func checkFlow(_ schedule: Schedule, _ key: String) throws(Mismatch) {
    guard case .varying(let shape) = schedule, let flow = timing.flow else { return }
    switch shape.inFlow {
    case .smooth: return
    case .none(let why):
      throw Mismatch(
        key, found: "a schedule of kind \(shape), which \(why), with time.kind flow",
        allowed: "a number, power, exponential, cosine, piecewise or linear with times, or table "
          + "with time_column")
    case .pieces(let times, _):
      let outputs = flow.outputs
      let results = Set(outputs)
      for time in times where time < flow.duration {
        guard !(flow.steps(until: time).map(results.contains) ?? false) else { continue }
        let place = time / flow.step
        let nearest = outputs.min { abs(Double($0) - place) < abs(Double($1) - place) } ?? 0
        throw Mismatch(
          key, found: "times with \(time), between two results of the flow",
          allowed: "results, such as \(Double(nearest) * flow.step): time.step is \(flow.step)"
            + (flow.growth > 0 ? " and grows" : ""))
      }
    }
  }

  /// The times at which a number of a flow jumps, in units of its step: an integrator starts anew
  /// there. `[schedule.restart]`
  package var flowJumps: Set<Int> {
    guard let flow = timing.flow else { return [] }
    var jumps = Set<Int>()
    for (_, schedule, _) in ofTime {
      guard case .varying(let shape) = schedule, case .pieces(let times, true) = shape.inFlow
      else { continue }
      for time in times where time > 0 && time < flow.duration {
        if let step = flow.steps(until: time) { jumps.insert(step) }
      }
    }
    return jumps
  }
}
