import Foundation
import LearningProblem
import NumericalKit
import Observables
import Training
import TestSupport

/// The learning rule written down once more, slowly and in Double: one run on the same samples,
/// start and masks, from the documented use of the random streams.
struct NaiveTraining {
  /// One row of observables.
  struct Row {
    var loss = 0.0
    var error = 0.0
    var overlaps: [[Double]] = []
    var covariance: [[Double]] = []
    var readout: [Double] = []
    var writes = 0.0
    var absoluteChange = 0.0
    var squaredChange = 0.0
    var netChange = 0.0
    var activity = 0.0
    var samplesUsed = 0.0
    var curvature = 0.0  // H
    var transientCost = 0.0
    var reliabilityCost = 0.0
    var groups: [NaiveGroup] = []
    var inefficiency: Double { netChange == 0 ? 1 : absoluteChange / netChange }
  }

  /// Rows 0...T.
  private(set) var rows: [Row] = []

  init(_ problem: Setup, dimension d: Int, run: Int) {
    let set = TrainingSet(RunPlan(problem, dimension: d, run: run))
    let axes = NaiveAxes(
      problem, dimension: d,
      stream: RandomStream(
        seed: problem.training.seed, purpose: .rotation, index: UInt64(run)))
    let inputs = set.labels.indices.map { row in axes.inputs(set.inputs[row].map { Double($0) }) }
    let signals = set.signals.map(axes.inputs)
    let units = problem.hiddenUnits
    let root = Double(d).squareRoot()
    func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
      RandomStream(seed: problem.training.seed, purpose: purpose, index: UInt64(run))
    }
    var start = stream(.start)
    var w = problem.start.overlap.map { overlap in
      (0..<d).map { j in
        var mean = 0.0
        for (m, v) in zip(overlap, signals) { mean += m * v[j] }
        return mean + problem.start.variance.squareRoot() * start.normal()
      }
    }
    var a = problem.network.readout.initial
    var samples = NaiveSwitches(problem.dynamics.sampleSwitches, inputs.count, stream(.sampleMask))
    var synapses = NaiveWeightSwitches(problem, dimension: d, stream(.weightMask))
    var network = SampleEvaluator(
      problem.network.objective(problem.loss, errorsOnly: false), readout: a)
    let isLazy = problem.update is LazyUpdate
    var chance = stream(.updateChance)
    var forward = stream(.forwardNoise)
    var dropout = NaiveDropout(dropout: problem.dropout, stream: stream(.dropout))
    var machine = NaiveMachine(problem, stream(.gibbs))
    var update = NaiveUpdate(problem.update, rate: problem.grid.rate(at: 0), count: units * d)
    var written = [Double](repeating: 0, count: units * d)
    var row = Row()
    for step in 0...problem.grid.steps {
      func number(_ schedule: Schedule) -> Double { problem.grid.value(of: schedule, at: step) }
      let strength = problem.gradientScale == .mean ? 1 / number(problem.sampleMask.density) : 1
      let sampleOn = samples.next(step)
      var gradient = w.map { $0.map { number(problem.rule.weightDecay) * $0 } }
      var answer = a.map { _ in 0.0 }
      (row.loss, row.error, row.curvature) = (0, 0, 0)
      var noise = [Float](repeating: 0, count: inputs.count * units)
      let sigma = number(problem.weightNoise.sigma)
      if !problem.weightNoise.isNone {
        var span = noise.mutableSpan
        forward.fillNormals(&span)
      }
      var spent = 0.0
      var presented = 0.0
      for (mu, x) in inputs.enumerated() {
        let deviation = sigma * dot(x, x).squareRoot() / root
        func fields(_ x: [Double]) -> [Double] {
          w.indices.map { k in
            dot(w[k], x) / root + deviation * Double(noise[mu * units + k])
          }
        }
        (network.fields, network.readout) = (fields(x), a)
        let whole = network.evaluate(label: set.labels[mu])
        row.loss += whole.loss / Double(inputs.count)
        row.error += whole.error / Double(inputs.count)
        for k in 0..<units {
          row.curvature +=
            problem.samplesPerWeight * set.variances[mu] * network.hessian[k * (units + 1)]
            / Double(units * inputs.count)
        }
        guard sampleOn[mu] else { continue }
        presented += 1 / Double(inputs.count)
        let gates = dropout.next(units: units, inputs: d)
        let seen = zip(x, gates.inputs).map { $0 * $1 }
        network.fields = fields(seen)
        for index in a.indices { network.readout[index] = a[index] * gates.hidden[index % units] }
        let value = network.evaluate(label: set.labels[mu])
        for field in network.fields { spent += abs(field) / Double(units * inputs.count) }
        if isLazy, value.error < 1 { continue }
        for k in 0..<units {
          for j in 0..<d { gradient[k][j] += strength * network.gradient[k] * seen[j] / root }
        }
        for index in a.indices {
          answer[index] +=
            strength * network.readoutGradient[index] * gates.hidden[index % units]
            / Double(inputs.count)
        }
        guard let dream = machine?.dream(from: network.fields, w) else { continue }
        for k in 0..<units {
          for j in 0..<d { gradient[k][j] += strength * dream.means[k] * dream.visible[j] / root }
        }
      }
      row.overlaps = w.map { unit in signals.map { dot(unit, $0) / Double(d) } }
      row.covariance = w.map { unit in w.map { dot(unit, $0) / Double(d) } }
      row.readout = a
      axes.measure(&row.groups, w.map(axes.coordinates), set.signals)
      rows.append(row)
      guard step < problem.grid.steps else { break }
      if let machine {
        for (k, pull) in machine.pulls(w).enumerated() {
          for j in 0..<d { gradient[k][j] += pull[j] }
        }
      }
      let (synapseOn, unitOn) = synapses.next(step, gradient)
      update.rate = number(problem.grid.learningRate)
      let moves = update.step(
        gradient: gradient.flatMap { $0 }, isOn: synapseOn, number: number
      ) {
        chance.uniform()
      }
      for index in a.indices where unitOn[index % units] {
        a[index] -= number(problem.network.readout.learningRate) * answer[index]
      }
      for (site, move) in moves.enumerated() {
        w[site / d][site % d] += move.weight
        written[site] += move.written
        axes.count(move.written, of: site % d, units: units, in: &row.groups)
        if move.written != 0 { row.writes += 1 / Double(units * d) }
        row.absoluteChange += abs(move.written) / Double(units * d)
        row.squaredChange += move.written * move.written / Double(units * d)
      }
      row.netChange = written.map { abs($0) }.reduce(0, +) / Double(units * d)
      row.activity += spent
      row.samplesUsed += presented
      row.transientCost += update.upkeep
      row.absoluteChange += update.upkeep
      let unreliable = problem.weightNoise
      row.reliabilityCost += unreliable.reliabilityCost / pow(sigma, unreliable.exponent)
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

func dot(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for (a, b) in zip(x, y) { sum += a * b }
  return sum
}

/// The values of one observable.
func values(_ curves: [Curve], _ observable: Observable) -> [Double] {
  curves.first { $0.observable == observable }?.estimates.map(\.value) ?? []
}
