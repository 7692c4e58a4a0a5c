import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// The closed weight site under structured masks against a sum over all paths of an input's
/// switches.
///
/// One cluster at the origin has no drive (μ = 0) and square loss on linear units is exact in the
/// sampled site; at a fixed path the weights are linear in the start, v and u. `[weight.columns]`
/// `[mask.structure]` `[mask.redrawn]`
@Suite("Exact limit: two units, structured weight masks")
struct StructuredMaskTests {
  private static let steps = 6
  private static let units = 2

  struct Mask: Sendable, CustomStringConvertible {
    let mask: any WeightMask
    var description: String { "\(mask)" }
  }

  static let masks: [Mask] = [
    ColumnMask(density: 0.6), ColumnMask(density: 0.6, correlation: 0.7),
    ColumnMask(density: 0.55, correlation: -0.5), IndependentMask(density: 0.6),
    RowMask(density: 0.5, seed: 4), RowMask(density: 0.5, period: 3, seed: 2),
    SubnetMask(inputs: 0.6, units: 0.5, seed: 3),
    SubnetMask(inputs: 0.6, units: 0.5, period: 4),
    SubnetMask(inputs: 0.7, units: 0.5, period: nil),
    CompetitiveUnitsMask(fraction: 0.5),
  ].map(Mask.init)

  private func problem(_ mask: any WeightMask) -> Setup {
    Setup(
      data: Mixture(clusters: [Cluster(probability: 1, centre: [0], label: 1, variance: 0.5)]),
      samplesPerWeight: 2, network: LinearUnits(), loss: SquareLoss(), weightDecay: 0.2,
      start: Start(variance: 0.5, overlap: [[0.6], [-0.3]]), learningRate: 0.3,
      steps: Self.steps, weightMask: mask,
      theory: TheorySettings(trajectories: 2000, batches: 2))
  }

  /// c of one input, [step][unit], and their probability: every path of the law of one switch, for
  /// each unit if they have their own.
  private func paths(_ mask: any WeightMask) -> [(isOn: [[Double]], probability: Double)] {
    let rows = mask.sharesInputs ? 1 : Self.units
    let switches = problem(mask).dynamics.weightSwitches
    return (0..<1 << (rows * Self.steps)).compactMap { word in
      var probability = 1.0
      var isOn = Array(repeating: [Double](repeating: 0, count: Self.units), count: Self.steps)
      for row in 0..<rows {
        var memory = false
        for t in 0..<Self.steps {
          let on = word >> (row * Self.steps + t) & 1 == 1
          let chance = switches.probabilityOn(step: t, memory: memory)
          probability *= on ? chance : 1 - chance
          memory = switches.memory(after: t, memory: memory, isOn: on)
          for k in 0..<Self.units where rows == 1 || k == row { isOn[t][k] = on ? 1 : 0 }
        }
      }
      return probability > 0 ? (isOn, probability) : nil
    }
  }

  @Test("m, C, R and energy are averages over the paths", arguments: masks)
  func enumeration(mask: Mask) throws {
    let problem = problem(mask.mask)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    #expect(solution.diagnostics.weightSite.hasPrefix("closed"))
    let kernels = try #require(solution.kernels)
    let (T, K) = (Self.steps, Self.units)
    let units = LearningUnits(problem)
    // Who learns in a competition: E[c G_k²] is the squared change that the winner makes.
    var learning = [[Bool]]()
    for t in 0..<T {
      var power = [1.0, 0]
      if units.compete {
        let before = [0, 1].map { kernels.correlation[t, t, $0, $0] }
        let after = [0, 1].map { kernels.correlation[t + 1, t + 1, $0, $0] }
        power = before[0] != after[0] ? [1, 0] : [0, 1]
      }
      learning.append(units.isOn(step: t, power: power))
    }
    // A weight as a combination of the start's ξ_l, of v, and of u_l(s).
    let width = K + 1 + K * T
    var means = Array(repeating: [Double](repeating: 0, count: K), count: T + 1)
    var squares = [Double](repeating: 0, count: K * (T + 1) * K * (T + 1))
    var responses = squares
    var (writes, changes) = (0.0, 0.0)
    func covariance(_ x: [Double], _ y: [Double]) -> Double {
      var sum = 0.0
      for i in 0...K { sum += x[i] * y[i] }
      for a in 0..<K * T where x[K + 1 + a] != 0 {
        for b in 0..<K * T where y[K + 1 + b] != 0 {
          sum += x[K + 1 + a] * kernels.gradientCovariance[a, b] * y[K + 1 + b]
        }
      }
      return sum
    }
    for (isOn, probability) in paths(mask.mask) {
      var w = [[Double]]()  // flat (t, k)
      for k in 0..<K {
        var row = [Double](repeating: 0, count: width)
        row[k] = problem.start.variance.squareRoot()
        row[K] = problem.start.overlap[k][0]
        w.append(row)
      }
      for t in 0..<T {
        for k in 0..<K {
          var gradient = w[t * K + k].map { problem.weightDecay * $0 }
          gradient[K + 1 + t * K + k] += 1
          for b in 0..<K * (t + 1) {
            let chi = kernels.gradientResponse[t * K + k, b]
            for i in gradient.indices { gradient[i] += chi * w[b][i] }
          }
          let rate = learning[t][k] ? problem.grid.rate(at: 0) * isOn[t][k] : 0
          w.append(zip(w[t * K + k], gradient).map { $0 - rate * $1 })
          if rate > 0 { writes += probability / Double(K) }
          let change = gradient.map { rate * $0 }
          changes += probability * covariance(change, change) / Double(K)
        }
      }
      for a in w.indices {
        means[a / K][a % K] += probability * w[a][K]
        for b in w.indices {
          squares[a * K * (T + 1) + b] += probability * covariance(w[a], w[b])
        }
        for b in 0..<K * T { responses[a * K * (T + 1) + b] += probability * w[a][K + 1 + b] }
      }
    }
    for t in 0...T {
      for k in 0..<K {
        let m = solution.curve(.magnetisation(k, 0, single: false)).estimates[t].value
        #expect(abs(m - means[t][k]) < 1e-8)
        for s in 0...t {
          for l in 0..<K {
            let index = (t * K + k) * K * (T + 1) + s * K + l
            #expect(abs(kernels.correlation[t, s, k, l] - squares[index]) < 1e-8)
            #expect(abs(kernels.response[t, s, k, l] - responses[index]) < 1e-8)
          }
        }
      }
    }
    #expect(abs(solution.curve(.writes).estimates[T].value - writes) < 1e-10)
    #expect(abs(solution.curve(.squaredChange).estimates[T].value - changes) < 1e-8)
  }

  @Test("the sampled weight site agrees within its errors", arguments: masks)
  func sampled(mask: Mask) throws {
    var problem = problem(mask.mask)
    problem.theory.sampling.batches = 24
    let closed = try MeanFieldSolver(problem).solve()
    problem.theory.sites = .ensembleBoth
    let sampled = try MeanFieldSolver(problem).solve()
    for curve in closed.curves where curve.observable != .trainingError {
      let other = sampled.curve(curve.observable)
      for (a, b) in zip(curve.estimates, other.estimates) {
        let error = (a.standardError * a.standardError + b.standardError * b.standardError)
          .squareRoot()
        #expect(abs(a.value - b.value) < 6 * error + 1e-6, "\(curve.observable)")
      }
    }
  }

  @Test("paths are averaged, and the number of the path matters")
  func averages() throws {
    var problem = problem(RowMask(density: 0.5, seed: 7))
    problem.theory.sites = .auto
    let observable = Observable.norm(0, 0, single: false)
    let each = try (0..<3).map { path in
      var single = problem
      single.path = path
      return try MeanFieldSolver(single).solve().curve(observable).estimates.map(\.value)
    }
    problem.paths = 0..<3
    let mean = try MeanFieldSolver(problem).solve().curve(observable).estimates.map(\.value)
    #expect(each[0] != each[1] || each[1] != each[2])
    for t in mean.indices {
      let expected = (each[0][t] + each[1][t] + each[2][t]) / 3
      #expect(abs(mean[t] - expected) < 1e-9)
    }
  }
}
