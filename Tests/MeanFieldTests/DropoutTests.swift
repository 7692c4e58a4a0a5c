import Foundation
import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

/// Dropout of inputs and hidden units in the theory. `[site.dropout]` `[problem.dropout]`
@Suite("Dropout")
struct DropoutTests {
  /// h = Σ x̃ w/√d with E[x̃²] = Δ/q: the loss has a ridge term αΔ(1/q - 1)/2, and one step is
  /// known by hand from G = (λ + αΔ/q) w + μ v + u with S = αΔ/q [(m0 - 1)² + Δ C/q].
  @Test("one step of the square loss by hand", arguments: [0, 0.3, 0.8])
  func oneStep(fraction: Double) throws {
    var problem = Cases.square(steps: 1)
    problem.start = Start(variance: 0.5, overlap: [[0.2]])
    problem.dropout = Dropout(inputs: fraction)
    let (q, eta, c, m) = (1 - fraction, 0.3, 0.54, 0.2)
    let pull = 0.1 + 2 * 0.5 / q
    let drive = 2 * (m - 1)
    let noise = 2 * 0.5 / q * ((m - 1) * (m - 1) + 0.5 * c / q)
    let square = pull * pull * c + 2 * pull * drive * m + drive * drive + noise
    for sites in [TheorySettings.Sites.closed, .ensemble, .ensembleBoth] {
      problem.theory = TheorySettings(trajectories: 2000, batches: 2, sites: sites)
      let solution = try MeanFieldSolver(problem).solve()
      let tolerance = sites == .closed ? 1e-12 : 1e-6
      let after = solution.curve(.magnetisation).estimates[1].value
      #expect(abs(after - (m - eta * (pull * m + drive))) < tolerance)
      let norm = c - 2 * eta * (pull * c + drive * m) + eta * eta * square
      #expect(abs(solution.curve(.norm).estimates[1].value - norm) < tolerance)
      // The loss is that of the whole network.
      let loss = 0.5 * ((m - 1) * (m - 1) + 0.5 * c)
      #expect(abs(solution.curve(.trainingLoss).estimates[0].value - loss) < tolerance)
      #expect(abs(solution.curve(.testLoss).estimates[0].value - loss) < tolerance)
    }
  }

  @Test(
    "sampled sites agree with the closed ones",
    arguments: [FullMask() as any Mask, IndependentMask(density: 0.4)])
  func sampledAgainstClosed(mask: any Mask) throws {
    var problem = Cases.square(steps: 25, sampleMask: mask)
    problem.learningRate = 0.15
    problem.dropout = Dropout(inputs: 0.4)
    problem.theory.sites = .closed
    let closed = try MeanFieldSolver(problem).solve()
    problem.theory.sites = .ensemble
    problem.theory.sampling.batches = 2
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss, .squaredChange] {
      for (a, b) in zip(
        closed.curve(observable).estimates, sampled.curve(observable).estimates)
      {
        #expect(abs(a.value - b.value) < 1e-5, "\(observable): \(a.value), \(b.value)")
      }
    }
  }

  /// Without hidden dropout nothing is drawn; with it means of the first step are those of the
  /// whole network for a linear activation, and S gains the variance of the gates.
  @Test("hidden units: the first step of a quadratic unit by hand")
  func hidden() throws {
    // f = a ξ/q h², square loss, one cluster at 0 with label y: g = (a ξ/q h² - y) 2 a ξ/q h.
    let (a, y, delta, c, q, alpha, eta) = (0.5, 1.0, 0.8, 0.6, 0.7, 2.0, 0.1)
    let problem = Setup(
      data: Mixture(
        clusters: [Cluster(probability: 1, centre: [0], label: y, variance: delta)]),
      samplesPerWeight: alpha, network: Committee(activation: .quadratic, readout: [a]),
      loss: SquareLoss(), start: Start(variance: c), learningRate: eta, steps: 1,
      dropout: Dropout(hidden: 1 - q), theory: TheorySettings(trajectories: 40_000, batches: 16))
    let solution = try MeanFieldSolver(problem).solve()
    let v = delta * c  // variance of h
    // E over gates of g²: q E[(a h²/q - y)² (2 a h/q)²].
    let square =
      q * pow(2 * a / q, 2)
      * (a * a / (q * q) * 15 * v * v * v - 2 * a * y / q * 3 * v * v + y * y * v)
    // χ = αΔ E[6 a² ξ²/q² h² - 2 a y ξ/q].
    let chi = alpha * delta * (6 * a * a / q * v - 2 * a * y)
    let norm = (1 - eta * chi) * (1 - eta * chi) * c + eta * eta * alpha * delta * square
    let found = solution.curve(.norm).estimates[1]
    #expect(abs(found.value - norm) < 5 * found.standardError)
    #expect(found.standardError < 0.004 * norm)
    // The field of a unit counts, kept or left out. `[observable.activity]`
    let activity = solution.curve(.activity).estimates[1]
    #expect(abs(activity.value - (2 * v / Double.pi).squareRoot()) < 5 * activity.standardError)
    #expect(activity.standardError < 0.004)
  }
}
