internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// The equations of the regularised minimiser, for the unknowns m_p/√C, log √C, log R, with the C
/// and R that the fields see. `[static.equations]` `[inputs.static]`
struct StaticEquations<Learned: ProximalLoss> {
  let law: MarginLaw
  let loss: Learned
  /// α.
  let samplesPerWeight: Double
  /// The groups of the inputs.
  let groups: InputGroups

  /// What the unknowns stand for.
  struct Place {
    /// m_p/√C.
    let alignments: [Double]
    /// √C.
    let length: Double
    /// R.
    let response: Double

    var overlaps: [Double] { alignments.map { $0 * length } }
  }

  /// What the unknowns say.
  static func place(_ unknowns: [Double]) -> Place {
    Place(
      alignments: Array(unknowns.dropLast(2)), length: exp(unknowns[unknowns.count - 2]),
      response: exp(unknowns[unknowns.count - 1]))
  }

  /// Averages over the samples.
  struct Averages {
    /// E[c_p ℓ'(u)].
    var signal: [Double]
    /// E[Δ ℓ'(u)²].
    var squares = 0.0
    /// E[ΔRH/(1 + ΔRH)].
    var stiffness = 0.0
  }

  /// The residuals at weight decay λ. `[static.equations]`
  func residuals(_ unknowns: [Double], weightDecay: Double) -> [Double] {
    let place = Self.place(unknowns)
    let averages = averages(at: place)
    let weights = weights(at: place, averages, weightDecay: weightDecay)
    return zip(place.alignments, weights.overlaps).map { $0 - $1 / place.length } + [
      log(weights.seen / (place.length * place.length)),
      place.response / weights.response - 1,
    ]
  }

  /// The weights at rest under the averages over the samples. `[inputs.static]`
  struct Weights {
    /// m_p.
    var overlaps: [Double]
    /// Σ ρ C, |w|²/d.
    var norm = 0.0
    /// Σ ρ f C, what fields see.
    var seen = 0.0
    /// Σ ρ f R with R = 1/(λ + f χ).
    var response = 0.0
  }

  /// w = -R (Σ_p μ_p v_p + u) in each group, with R = 1/(λ + f χ), all of them scaled until what
  /// fields see of them is the R of the place, as it is at the solution. `[inputs.static]`
  func weights(at place: Place, _ averages: Averages, weightDecay: Double) -> Weights {
    let curvature = samplesPerWeight * averages.stiffness / place.response
    let drive = averages.signal.map { -samplesPerWeight * $0 }
    var weights = Weights(overlaps: drive.map { _ in 0 })
    let responses = groups.groups.map { 1 / (weightDecay + $0.variance * curvature) }
    for (group, response) in zip(groups.groups, responses) {
      weights.response += group.share * group.variance * response
    }
    for (group, own) in zip(groups.groups, responses) {
      let response = place.response * (own / weights.response)
      var square = samplesPerWeight * averages.squares * group.variance
      for p in drive.indices {
        let pulled = zip(drive, group.signal[p]).reduce(0) { $0 + $1.0 * $1.1 }
        weights.overlaps[p] += group.share * response * pulled
        square += drive[p] * pulled
      }
      square *= response * response
      weights.norm += group.share * square
      weights.seen += group.share * group.variance * square
    }
    return weights
  }

  func averages(at place: Place) -> Averages {
    var averages = Averages(signal: [Double](repeating: 0, count: law.directions))
    forEach(place, response: place.response) { part, weight, omega in
      let point = loss.proximal(omega, strength: part.variance * place.response)
      for (p, centre) in part.centre.enumerated() {
        averages.signal[p] += weight * centre * point.slope
      }
      averages.squares += weight * part.variance * point.slope * point.slope
      averages.stiffness += weight * point.stiffness
    }
    return averages
  }

  /// (1/n) Σ ℓ over the training set.
  func trainingLoss(at place: Place) -> Double {
    var sum = 0.0
    forEach(place, response: place.response) { part, weight, omega in
      sum +=
        weight * loss.value(loss.proximal(omega, strength: part.variance * place.response).margin)
    }
    return sum
  }

  /// E[ℓ] of a fresh sample, whose margin is ω itself.
  func testLoss(at place: Place) -> Double {
    var sum = 0.0
    forEach(place, response: 0) { _, weight, omega in sum += weight * loss.value(omega) }
    return sum
  }

  /// The probability of u < 0: ω then lies below ΔR ℓ'(0). `[static.observables]`
  func trainingError(at place: Place) -> Double {
    law.parts.reduce(0) { sum, part in
      let turn = part.variance * place.response * loss.slopeAtZero
      return sum + part.probability
        * NormalDistribution.probabilityNegative(
          mean: part.mean(place.overlaps[...]) - turn,
          deviation: part.variance.squareRoot() * place.length)
    }
  }

  /// Calls `body` with part, weight and ω, on panels fit for proximal operators of strength ΔR.
  private func forEach(
    _ place: Place, response: Double, _ body: (MarginLaw.Part, Double, Double) -> Void
  ) {
    let overlaps = place.overlaps
    for part in law.parts {
      let mean = part.mean(overlaps[...])
      let deviation = part.variance.squareRoot() * place.length
      let turns = loss.turns(strength: part.variance * response)
      let panels = MarginPanels(
        mean: mean, deviation: deviation, places: turns.places, width: turns.width)
      panels.forEach { z, weight in body(part, part.probability * weight, mean + deviation * z) }
    }
  }

  /// The solution at `weightDecay`, by following it down from a decay so large that it is known.
  /// `[static.start]`
  ///
  /// - Parameters:
  ///   - weightDecay: λ >= 0; at 0 the minimum must be finite.
  ///   - guess: the unknowns at a nearby problem, tried first.
  /// - Returns: unknowns and residual, converged or not.
  func solve(weightDecay: Double, guess: [Double]?) -> RootFinding.Root {
    func residuals(_ unknowns: [Double], _ decay: Double) -> [Double] {
      self.residuals(unknowns, weightDecay: decay)
    }
    func last(_ start: [Double]) -> RootFinding.Root {
      RootFinding.hybrids(from: start, tolerance: 0.01 * StaticSolver.tolerance) {
        residuals($0, weightDecay)
      }
    }
    if let guess {
      let root = last(guess)
      if root.residual <= StaticSolver.tolerance { return root }
    }
    let strong = max(
      weightDecay, 10 * samplesPerWeight * law.largestSquare * groups.largestVariance)
    var root = RootFinding.Root(x: start(weightDecay: strong), residual: .infinity)
    var first = strong
    // Without decay: close to zero, then at zero.
    for fraction in weightDecay > 0 ? [1] : [1e-6, 1e-9, 1e-12] {
      let end = weightDecay > 0 ? weightDecay : fraction * strong
      root = RootFinding.follow(
        root.x, from: first, to: end, tolerance: StaticSolver.tolerance, of: residuals)
      guard root.residual <= StaticSolver.tolerance, weightDecay == 0 else { return root }
      let limit = last(root.x)
      if limit.residual <= StaticSolver.tolerance { return limit }
      first = end
    }
    return last(root.x)
  }

  /// The unknowns where the decay is so strong that all margins are still 0.
  private func start(weightDecay: Double) -> [Double] {
    var averages = Averages(signal: [Double](repeating: 0, count: law.directions))
    for part in law.parts {
      for (p, c) in part.centre.enumerated() {
        averages.signal[p] += part.probability * c * loss.slopeAtZero
      }
      averages.squares += part.probability * part.variance * loss.slopeAtZero * loss.slopeAtZero
    }
    let place = Place(alignments: [], length: 1, response: groups.meanVariance / weightDecay)
    let weights = weights(at: place, averages, weightDecay: weightDecay)
    let length = weights.seen.squareRoot()
    return weights.overlaps.map { $0 / length } + [log(length), log(place.response)]
  }
}
