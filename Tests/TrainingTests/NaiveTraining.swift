import LearningProblem
import NumericalKit
import Observables
import Training

/// The learning rule written down once more, slowly and in Double: one run on the same samples,
/// start and masks, from the documented use of the random streams.
struct NaiveTraining {
  /// One row of observables.
  struct Row {
    var loss = 0.0
    var error = 0.0
    var overlaps: [[Double]] = []
    var covariance: [[Double]] = []
    var writes = 0.0
    var absoluteChange = 0.0
    var squaredChange = 0.0
    var netChange = 0.0
    var activity = 0.0
    var curvature = 0.0  // H
    var inefficiency: Double { netChange == 0 ? 1 : absoluteChange / netChange }
  }

  /// Rows 0...T.
  private(set) var rows: [Row] = []

  init(_ problem: Problem, dimension d: Int, run: Int) {
    let set = TrainingSet(problem, dimension: d, run: run)
    let inputs = set.labels.indices.map { row in set.inputs[row].map { Double($0) } }
    let units = problem.hiddenUnits
    let root = Double(d).squareRoot()
    func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
      RandomStream(seed: problem.training.seed, purpose: purpose, index: UInt64(run))
    }
    var start = stream(.start)
    var w = problem.start.overlap.map { overlap in
      (0..<d).map { j in
        var mean = 0.0
        for (m, v) in zip(overlap, set.signals) { mean += m * v[j] }
        return mean + problem.start.variance.squareRoot() * start.normal()
      }
    }
    var samples = NaiveSwitches(problem.sampleMask, inputs.count, stream(.sampleMask))
    var synapses = NaiveSwitches(problem.weightMask, units * d, stream(.weightMask))
    let objective = Objective(network: problem.network, loss: problem.loss)
    let isLazy = problem.update is LazyUpdate
    var chance = stream(.updateChance)
    var forward = stream(.forwardNoise)
    var update = NaiveUpdate(problem.update, rate: problem.learningRate, count: units * d)
    var written = [Double](repeating: 0, count: units * d)
    var row = Row()
    for step in 0...problem.steps {
      let sampleOn = samples.next(step)
      let synapseOn = synapses.next(step)
      var gradient = w.map { $0.map { problem.weightDecay * $0 } }
      (row.loss, row.error, row.curvature) = (0, 0, 0)
      var noise = [Float](repeating: 0, count: inputs.count * units)
      if problem.weightNoise.sigma > 0 {
        var span = noise.mutableSpan
        forward.fillNormals(&span)
      }
      var spent = 0.0
      for (mu, x) in inputs.enumerated() {
        let deviation = problem.weightNoise.sigma * dot(x, x).squareRoot() / root
        let h = w.indices.map { k in
          dot(w[k], x) / root + deviation * Double(noise[mu * units + k])
        }
        var g = [Double](repeating: 0, count: units)
        var hessian = [Double](repeating: 0, count: units * units)
        var gSpan = g.mutableSpan
        var hSpan = hessian.mutableSpan
        let value = objective.evaluate(
          label: set.labels[mu], fields: h.span, gradient: &gSpan, hessian: &hSpan)
        row.loss += value.loss / Double(inputs.count)
        row.error += value.error / Double(inputs.count)
        for k in 0..<units {
          row.curvature +=
            problem.samplesPerWeight * problem.data.variance * hessian[k * units + k]
            / Double(units * inputs.count)
        }
        guard sampleOn[mu] else { continue }
        for field in h { spent += abs(field) / Double(units * inputs.count) }
        if isLazy, value.error < 1 { continue }
        let strength = problem.gradientScale == .mean ? 1 / problem.sampleMask.density : 1
        for k in 0..<units {
          for j in 0..<d { gradient[k][j] += strength * g[k] * x[j] / root }
        }
      }
      row.overlaps = w.map { unit in set.signals.map { dot(unit, $0) / Double(d) } }
      row.covariance = w.map { unit in w.map { dot(unit, $0) / Double(d) } }
      rows.append(row)
      let moves = update.step(gradient: gradient.flatMap { $0 }, isOn: synapseOn) {
        chance.uniform()
      }
      for (site, move) in moves.enumerated() {
        w[site / d][site % d] += move.weight
        written[site] += move.written
        if move.written != 0 { row.writes += 1 / Double(units * d) }
        row.absoluteChange += abs(move.written) / Double(units * d)
        row.squaredChange += move.written * move.written / Double(units * d)
      }
      row.netChange = written.map { abs($0) }.reduce(0, +) / Double(units * d)
      row.activity += spent
    }
  }

  /// The first step at which the norm per unit is above the bound.
  var divergence: Int? {
    func norm(_ row: Row) -> Double {
      row.covariance.indices.map { row.covariance[$0][$0] }.reduce(0, +)
        / Double(row.covariance.count)
    }
    let bound = SolverError.largestGrowth * max(1, norm(rows[0]))
    return rows.firstIndex { !(norm($0) <= bound) }
  }
}

/// Switches drawn one `uniform()` per site and step; nothing is drawn for full masks.
private struct NaiveSwitches {
  let mask: any Mask
  var stream: RandomStream
  var memory: [Bool]

  init(_ mask: any Mask, _ count: Int, _ stream: RandomStream) {
    self.mask = mask
    self.stream = stream
    memory = [Bool](repeating: false, count: count)
  }

  mutating func next(_ step: Int) -> [Bool] {
    memory.indices.map { site in
      if mask.isFull { return true }
      let probability = mask.probabilityOn(step: step, memory: memory[site])
      let isOn = stream.uniform() < probability
      memory[site] = mask.memory(after: step, memory: memory[site], isOn: isOn)
      return isOn
    }
  }
}

func dot(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for (a, b) in zip(x, y) { sum += a * b }
  return sum
}

/// The values of one observable.
func values(_ curves: [Curve], _ observable: Observable) -> [Double] {
  curves.first { $0.observable == observable }?.estimates.map(\.value) ?? []
}
