import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Both closed sites against a sum over all 2^T paths of their mask.
///
/// At a fixed path each site is linear and Gaussian. The kernels of one solution must be the
/// averages over paths that follow from its other kernels. `[site.weight]` `[site.sample]`
/// `[site.teacher]`
@Suite("Exact limit: enumeration of mask paths")
struct PathEnumerationTests {
  struct Masks: Sendable, CustomStringConvertible {
    let samples: any Mask
    let weights: any Mask & WeightMask
    /// Rates and decays that change, beside the masks.
    var hasSchedule = false
    var description: String { "\(samples) on samples, \(weights) on weights" }

    func eta(_ t: Int) -> Double { hasSchedule ? 0.4 - 0.05 * Double(t) : 0.3 }
    func lambda(_ t: Int) -> Double { hasSchedule ? 0.05 + 0.15 * exp(-0.4 * Double(t)) : 0.1 }

    /// Grids and laws of the masks.
    func grid(_ steps: Int) -> TimeGrid {
      let line = PiecewiseLinear(steps: [0, steps], values: [eta(0), eta(steps)])
      return TimeGrid(learningRate: hasSchedule ? .varying(line) : 0.3, steps: steps)
    }
    func density(_ mask: any Mask, _ t: Int) throws -> Double {
      try mask.law(on: grid(PathEnumerationTests.steps)).density(at: t)
    }
  }

  static let masks = [
    Masks(
      samples: PersistentMask(density: 0.4, correlation: 0.8),
      weights: PersistentMask(density: 0.6, correlation: 0.7)),
    Masks(
      samples: PersistentMask(density: 0.45, correlation: -0.6),
      weights: PersistentMask(density: 0.55, correlation: -0.5)),
    Masks(samples: IndependentMask(density: 0.4), weights: FrozenMask(density: 0.6)),
    Masks(samples: FullMask(), weights: IndependentMask(density: 0.7)),
    Masks(samples: EpochMask(epochSteps: 3), weights: IndependentMask(density: 0.7)),
    Masks(
      samples: PersistentMask(density: rising, .correlation(0.5)),
      weights: PersistentMask(density: falling, .correlation(0.4)), hasSchedule: true),
    Masks(
      samples: PersistentMask(density: falling, .correlation(-0.2)),
      weights: PersistentMask(density: rising, .time(1)), hasSchedule: true),
    Masks(
      samples: IndependentMask(density: rising), weights: IndependentMask(density: falling),
      hasSchedule: true),
  ]
  static let rising = Schedule.varying(PiecewiseLinear(steps: [0, 6], values: [0.3, 0.6]))
  static let falling = Schedule.varying(
    PiecewiseConstant(steps: [0, 3, 5], values: [0.8, 0.5, 0.4]))

  /// h - y = Σ_i (slope_i m - target_i) φ_i + √Δ ζ + echo with independent φ_i of variance 1.
  struct Data: Sendable, CustomStringConvertible {
    let model: any DataModel
    var noise = 0.0
    let slopes: [Double]
    let targets: [Double]
    var description: String {
      model.kind + (model.teacher.map { " \($0.labels)" } ?? "") + ", weight noise \(noise)"
    }

    func offsets(_ m: Double) -> [Double] { zip(slopes, targets).map { $0 * m - $1 } }
    /// The part of a covariance of weights that reaches the fields, and the noise of the weights.
    func field(
      _ c: Double, _ m: [Double], _ t: Int, _ s: Int, hasSchedule: Bool
    ) -> Double {
      let noise = hasSchedule ? noise * (1 - 0.1 * Double(t)) : noise
      return (model.teacher == nil ? c : c - m[t] * m[s]) + (t == s ? noise * noise : 0)
    }
  }

  static let data = [
    // φ is the cluster's sign.
    Data(model: TwoClusters(variance: 0.5), slopes: [1], targets: [1]),
    Data(model: TwoClusters(variance: 0.5), noise: 0.6, slopes: [1], targets: [1]),
    // φ = ν and ξ, y = ν + 0.4 ξ.
    Data(model: LinearTeacher(noise: 0.4), noise: 0.6, slopes: [1, 0], targets: [1, 0.4]),
    // φ = ν and what a sign has beside √(2/π) ν.
    Data(
      model: LinearTeacher(labels: .sign), slopes: [1, 0],
      targets: [0.7978845608028654, 0.6028102749890869]),
  ]

  static let steps = 7
  private static let overlap = 0.3

  /// All paths of a mask, with their probabilities.
  private static func paths(
    _ mask: any Mask, _ masks: Masks
  ) throws -> [(isOn: [Double], probability: Double)] {
    let law = try mask.law(on: masks.grid(steps))
    return (0..<1 << steps).map { word in
      var probability = 1.0
      var memory = false
      let isOn = (0..<steps).map { t in
        let on = word >> t & 1 == 1
        let chance = law.probabilityOn(step: t, memory: memory)
        probability *= on ? chance : 1 - chance
        memory = law.memory(after: t, memory: memory, isOn: on)
        return on ? 1.0 : 0
      }
      return (isOn, probability)
    }.filter { $0.probability > 0 }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Σ_ab x_a K(a, b) y_b.
  private static func form(_ x: [Double], _ kernel: TwoTimeKernel, _ y: [Double]) -> Double {
    var sum = 0.0
    for a in x.indices {
      for b in y.indices where x[a] != 0 && y[b] != 0 { sum += x[a] * y[b] * kernel[a, b, 0, 0] }
    }
    return sum
  }

  private func solve(_ masks: Masks, _ data: Data) throws -> Solution {
    var problem = Cases.square(
      steps: Self.steps, sampleMask: masks.samples, weightMask: masks.weights)
    problem.data = data.model
    problem.weightNoise = WeightNoise(sigma: data.noise)
    problem.gradientScale = .mean
    if masks.hasSchedule {
      problem.parts.timing = .steps(masks.grid(Self.steps))
      problem.parts.rule.weightDecay = .varying(
        ExponentialApproach(initial: 0.2, final: 0.05, rate: 0.4))
      problem.weightNoise = WeightNoise(
        sigma: .varying(
          PiecewiseLinear(steps: [0, Self.steps], values: [data.noise, 0.3 * data.noise])))
    }
    problem.start = Start(variance: 0.5, overlap: [[Self.overlap]])
    return try MeanFieldSolver(problem, keepKernels: true).solve()
  }

  /// h(t) - y = Σ_i c_i(t) φ_i + √Δ Σ_s z(t, s) ζ(s) along each path: μ, S, χ, losses, errors,
  /// activity.
  ///
  /// α 2. Returns the coefficient of v in G: μ, less what χ must not see of a teacher's w.
  private func sampleSite(_ masks: Masks, _ data: Data, _ solution: Solution) throws -> [Double] {
    let kernels = try #require(solution.kernels)
    let m = solution.curve(.magnetisation).estimates.map(\.value)
    let delta = data.model.variance
    var field = TwoTimeKernel(units: 1, capacity: Self.steps + 1, shape: .symmetric)
    for t in 0...Self.steps {
      field.append([
        (0...t).map {
          data.field(
            kernels.correlation[t, $0, 0, 0], m, t, $0, hasSchedule: masks.hasSchedule)
        }
      ])
    }
    let last = Self.steps
    let sigma = try (0..<last).map { 1 / (try masks.density(masks.samples, $0)) }
    var drive = [Double](repeating: 0, count: last)
    var loss = [Double](repeating: 0, count: last + 1)
    var (errors, activity) = (loss, loss)  // of Gaussian fields along each path
    let zeros = [[Double]](repeating: Array(repeating: 0, count: last), count: last)
    var (covariance, response) = (zeros, zeros)
    for (isOn, probability) in try Self.paths(masks.samples, masks) {
      var c = [[Double]]()
      var z = [[Double]]()
      for t in 0...last {
        var mean = data.offsets(m[t])
        var row = [Double](repeating: 0, count: last + 1)
        row[t] = 1
        for s in 0..<t {
          let echo = sigma[s] * delta * kernels.response[t, s, 0, 0] * isOn[s]
          for i in mean.indices { mean[i] += echo * c[s][i] }
          for a in 0...s { row[a] += echo * z[s][a] }
        }
        c.append(mean)
        z.append(row)
        let square = Self.dot(mean, mean) + delta * Self.form(row, field, row)
        loss[t] += 0.5 * probability * square
        let deviation = (square - Self.dot(mean, mean)).squareRoot()
        errors[t] +=
          probability
          * NormalDistribution.probabilityNegative(mean: 1 + mean[0], deviation: deviation)
        if t < last {
          activity[t + 1] +=
            probability * isOn[t]
            * NormalDistribution.meanSize(mean: 1 + mean[0], deviation: deviation)
        }
        guard t < last, isOn[t] == 1 else { continue }
        drive[t] += 2 * sigma[t] * probability * mean[0]
        for s in 0...t {
          response[t][s] += 2 * sigma[t] * delta * probability * row[s]
          let product = Self.dot(mean, c[s]) + delta * Self.form(row, field, z[s])
          covariance[t][s] += 2 * sigma[t] * sigma[s] * delta * probability * isOn[s] * product
        }
      }
    }
    for t in 0...last {
      #expect(abs(loss[t] - solution.curve(.trainingLoss).estimates[t].value) < 1e-12)
      if data.model.teacher == nil {
        if t > 0 { activity[t] += activity[t - 1] }
        // Exact for full batches, else read off data points that follow the kernels, with errors of
        // 8 batches: 7 of them once in 5000. `[sampling.probe]`
        for (observable, exact) in [
          (Observable.trainingError, errors[t]), (.activity, activity[t]),
        ] {
          let estimate = solution.curve(observable).estimates[t]
          #expect(
            abs(estimate.value - exact) <= 7 * estimate.standardError + 1e-12,
            "\(observable) at \(t): \(estimate), exactly \(exact)")
          #expect(estimate.standardError <= 0.02 * exact)
        }
      }
      guard t < last else { break }
      for s in 0...t {
        let (x, y) = (kernels.gradientCovariance[t, s, 0, 0], kernels.gradientResponse[t, s, 0, 0])
        #expect(abs(covariance[t][s] - x) < 1e-12, "S(\(t), \(s))")
        #expect(abs(response[t][s] - y) < 1e-12, "chi(\(t), \(s))")
      }
    }
    guard data.model.teacher != nil else { return drive }
    return drive.indices.map { t in
      (0...t).reduce(drive[t]) { $0 - response[t][$1] * m[$1] }
    }
  }

  /// w(t) = x(t) w'(0) + y(t) v + Σ_s z(t, s) u(s) along each path: m, C, R and the energy.
  ///
  /// R0 0.5.
  @Test("m, C, R, μ, S, χ, training loss and energy", arguments: masks, data)
  func bothSites(masks: Masks, data: Data) throws {
    let solution = try solve(masks, data)
    let kernels = try #require(solution.kernels)
    let drive = try sampleSite(masks, data, solution)
    let last = Self.steps
    var m = [Double](repeating: 0, count: last + 1)
    let zeros = [[Double]](repeating: Array(repeating: 0, count: last + 1), count: last + 1)
    var (correlation, response) = (zeros, zeros)
    var (sizes, net) = (m, m)  // E|w(t) - w(t-1)| and E|w(t) - w(0)|
    for (isOn, probability) in try Self.paths(masks.weights, masks) {
      // Coefficients of (u(0), ..., u(T - 1), w'(0), v).
      var w = [[Double](repeating: 0, count: last) + [1, Self.overlap]]
      for t in 0..<last {
        var gradient = w[t].map { masks.lambda(t) * $0 }
        gradient[t] += 1
        gradient[last + 1] += drive[t]
        for s in 0...t {
          for a in gradient.indices {
            gradient[a] += kernels.gradientResponse[t, s, 0, 0] * w[s][a]
          }
        }
        w.append(zip(w[t], gradient).map { $0 - masks.eta(t) * isOn[t] * $1 })
      }
      func meanSize(_ t: Int, _ s: Int) -> Double {
        let change = zip(w[t], w[s]).map { $0 - $1 }
        let noise = Self.form(
          Array(change[..<last]), kernels.gradientCovariance, Array(change[..<last]))
        let variance =
          noise + 0.5 * change[last] * change[last] + change[last + 1] * change[last + 1]
        return (2 / Double.pi * max(variance, 0)).squareRoot()
      }
      for t in 1...last {
        sizes[t] += probability * meanSize(t, t - 1)
        net[t] += probability * meanSize(t, 0)
      }
      for t in 0...last {
        m[t] += probability * w[t][last + 1]
        for s in 0...t {
          let noise = Self.form(
            Array(w[t][..<last]), kernels.gradientCovariance, Array(w[s][..<last]))
          correlation[t][s] +=
            probability
            * (noise + 0.5 * w[t][last] * w[s][last] + w[t][last + 1] * w[s][last + 1])
          if s < last { response[t][s] += probability * w[t][s] }
        }
      }
    }
    var energy = 0.0
    for t in 0...last {
      #expect(abs(m[t] - solution.curve(.magnetisation).estimates[t].value) < 1e-12)
      for s in 0...t {
        let (c, r) = (kernels.correlation[t, s, 0, 0], kernels.response[t, s, 0, 0])
        #expect(abs(correlation[t][s] - c) < 1e-12, "C(\(t), \(s))")
        #expect(abs(response[t][s] - r) < 1e-12, "R(\(t), \(s))")
      }
      if t > 0 {
        energy += correlation[t][t] - 2 * correlation[t][t - 1] + correlation[t - 1][t - 1]
      }
      #expect(abs(solution.curve(.squaredChange).estimates[t].value - energy) < 1e-12)
      let writes = solution.curve(.writes).estimates[t].value
      let expected = try (0..<t).reduce(0) { $0 + (try masks.density(masks.weights, $1)) }
      #expect(abs(writes - expected) < 1e-12)
      // Read off sampled weights that follow the kernels. `[weight.sampled]`
      for (observable, exact) in [
        (Observable.absoluteChange, sizes[0...t].reduce(0, +)), (.netChange, net[t]),
      ] {
        let estimate = solution.curve(observable).estimates[t]
        #expect(
          abs(estimate.value - exact) <= 7 * estimate.standardError,
          "\(observable) at \(t): \(estimate), exactly \(exact)")
        #expect(t == 0 || estimate.standardError < 0.01 * exact)
      }
    }
  }
}
