internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A march in reverse, from the last step to the first. `[gradient.adjoint]`
///
/// Derivatives by all that was known at one time are complete when the steps after it have been
/// taken back and what is observed at it has been added. Cost O(t²) per step and site.
struct AdjointSweep {
  private let march: ClosedMarch
  private let observed: ObservedDerivatives
  private var samples: [SampleAdjoint]
  private var weights: [WeightAdjoint]
  private var rates: [Double]  // by η_t
  private var decays: [Double]  // by λ_t

  init(_ march: ClosedMarch, _ observed: ObservedDerivatives) {
    self.march = march
    self.observed = observed
    samples = march.samples.map(SampleAdjoint.init)
    weights = march.groups.map { WeightAdjoint($0.tables) }
    rates = [Double](repeating: 0, count: march.dynamics.grid.steps)
    decays = rates
  }

  /// Adds what is observed at time t.
  mutating func observe(_ t: Int) {
    for g in weights.indices {
      for q in weights[g].overlaps.indices {
        weights[g].overlaps[q][t] += observed.overlaps[t][g][q]
      }
      let displacement = observed.displacements[t][g]
      weights[g].correlation[t, t] += observed.norms[t][g] + displacement
      weights[g].correlation[t, 0] -= 2 * displacement
    }
    for (number, site) in march.samples.enumerated() {
      var field = FieldGradient(directions: march.dynamics.signalDirections, time: t)
      if number == 0 { field.overlaps = observed.fields[t].overlaps }
      field.correlation[t] = observed.fields[t].variances[number]
      let training = observed.training[t]
      if !training.isZero {
        let present = site.present(at: t)
        let moments = site.observed(present)
        let (square, overlap) = ObservedDerivatives.ofSite(training, site.site, moments)
        field.add(
          samples[number].observe(
            present, moments, square: site.share * square,
            overlap: overlap.map { site.share * $0 }))
      }
      add(field, of: number, at: t)
    }
  }

  /// Takes step t back.
  mutating func reverse(_ t: Int) {
    let rate = march.dynamics.rate(at: t)
    let last = weights.indices.map { weights[$0].open(t) }
    // By the mean square of the step over η², of each group.
    let written = observed.squares[t]
    let squares = zip(last, written).map { rate * rate * ($0 + $1) }
    let (groups, density) = (march.groups, march.dynamics.weightSwitches.density(at: t))
    let power = powers(squares, density)
    let results = weights.indices.map {
      weights[$0].reverse(t, rate: rate, last: last[$0], power: power[$0])
    }
    let mean = zip(groups, results).reduce(0) { $0 + $1.0.share * $1.1.power }
    for (g, result) in results.enumerated() {
      let square = march.mixes ? density * result.power + (1 - density) * mean : result.power
      rates[t] += result.rate + 2 * rate * (last[g] + written[g]) * square
      decays[t] += result.pulls[t]
      if march.mixes { weights[g].density[t] += squares[g] * (result.power - mean) }
    }
    weights[0].density[t] += observed.densities[t]
    for (number, site) in march.samples.enumerated() {
      var drive = [Double](repeating: 0, count: march.dynamics.signalDirections)
      var covariance = [Double](repeating: 0, count: t + 1)
      var response = covariance
      for (group, result) in zip(groups, results) {
        let weight = site.share * group.variances[number]
        DenseVector.add(weight, result.covariance, to: &covariance)
        DenseVector.add(weight, result.pulls, to: &response)
        for p in drive.indices {
          drive[p] += site.share * DenseVector.dot(group.inputRoot[p], result.drives)
        }
      }
      let field = samples[number].reverse(
        t, drive: drive, covariance: covariance, response: response)
      add(field, of: number, at: t)
    }
  }

  /// Derivatives by E_2 of each group from those by the mean squares of its step, which axes share.
  /// `[gradient.axes]`
  private func powers(_ squares: [Double], _ density: Double) -> [Double] {
    guard march.mixes else { return squares }
    let sum = squares.reduce(0, +)
    return zip(march.groups, squares).map { density * $1 + (1 - density) * $0.share * sum }
  }

  /// Hands on to the groups what a site sees of them. `[inputs.sample]` `[inputs.clusters]`
  private mutating func add(_ field: FieldGradient, of site: Int, at t: Int) {
    for (g, group) in march.groups.enumerated() {
      let weight = group.share * group.variances[site]
      weights[g].correlation.add(weight, field.correlation, toRow: t)
      weights[g].response.add(weight, field.response + [0], toRow: t)
      for q in weights[g].overlaps.indices {
        for p in field.overlaps.indices {
          weights[g].overlaps[q][t] += group.share * group.inputRoot[p][q] * field.overlaps[p]
        }
      }
    }
  }

  /// The derivatives by all controls.
  var gradient: ControlGradient.Partial {
    func sum(_ rows: [[Double]]) -> [Double] {
      rows.dropFirst().reduce(into: rows[0]) { DenseVector.add(1, $1, to: &$0) }
    }
    let dynamics = march.dynamics
    let isChain = dynamics.sampleSwitches.correlation(into: 1) != nil
    let presented = sum(samples.map(\.recall.density) + [observed.samples])
    return ControlGradient.Partial(
      learningRate: rates, weightDecay: decays, gradientScale: sum(samples.map(\.strength)),
      sampleDensity: isChain && !observed.needsFullBatches ? presented : nil,
      weightDensity: observed.needsAllWeights ? nil : sum(weights.map(\.density)),
      sampleCorrelation: isChain && !dynamics.sampleSwitches.isDrawnAnew
        ? sum(samples.map(\.recall.correlation)) : nil,
      weightCorrelation: dynamics.weightSwitches.isDrawnAnew ? nil : sum(weights.map(\.memory)))
  }
}
