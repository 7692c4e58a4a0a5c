import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

extension Setup {
  /// What it shows from waiting times on, solved in the way its settings say.
  func aging(_ waiting: [Int], lags: Int = 100, isFramed: Bool? = nil) throws -> Aging {
    let solver = try MeanFieldSolver(
      problem, theory, paths: paths, waiting: WaitingTimes(waiting, mostLags: lags))
    if let isFramed { #expect(solver.isFramed == isFramed) }
    return try #require(try solver.solve().aging)
  }
}

/// Correlations and responses from waiting times on. `[aging.temperature]` `[aging.sum]`
@Suite("Aging")
struct AgingTests {
  /// Everything that is known of a curve, by lag.
  static let quantities: [(name: String, values: @Sendable (AgingCurve) -> [Double])] = [
    ("C(t, t_w)", { $0.points.map(\.correlation) }),
    ("C(t, t)", { $0.points.map(\.norm) }),
    ("-R(t, t_w)", { $0.points.map(\.response) }),
    ("integrated response", { $0.points.map(\.integratedResponse) }),
    ("displacement", { $0.fluctuationDissipation.points.map(\.displacement) }),
    ("of the first step", { $0.fluctuationDissipation.points.map(\.firstDisplacement) }),
    ("T_eff", { $0.fluctuationDissipation.temperature }),
  ]

  private static func closed(steps: Int) -> Setup {
    var setup = Cases.square(
      steps: steps, sampleMask: PersistentMask(density: 0.3, time: 1),
      weightMask: PersistentMask(density: 0.5, time: 1))
    setup.learningRate = 0.1
    return setup
  }

  private static func committee(steps: Int) -> Setup {
    Setup(
      data: Xor(separation: 1.5, variance: 0.2), samplesPerWeight: 3,
      network: Committee(activation: .erf, readout: [1, -1]), loss: LogisticLoss(),
      weightDecay: 0.1, start: Start(variance: 0.3, overlap: [[0.4, 0], [0, 0.2]]),
      learningRate: 0.2, steps: steps, sampleMask: IndependentMask(density: 0.5),
      weightMask: IndependentMask(density: 0.6),
      theory: TheorySettings(trajectories: 600, batches: 3))
  }

  /// Sums over all kernels, step by step.
  @Test("the sums of the definitions", arguments: [false, true])
  func definitions(hasUnits: Bool) throws {
    var setup = hasUnits ? Self.committee(steps: 16) : Self.closed(steps: 60)
    if !hasUnits { setup.theory.sites = .closed }
    let kernels = try #require(
      try MeanFieldSolver(setup.problem, setup.theory, keepKernels: true).solve().kernels)
    let units = setup.hiddenUnits
    func mean(_ kernel: TwoTimeKernel, _ t: Int, _ s: Int) -> Double {
      (0..<units).reduce(0) { $0 + kernel[t, s, $1, $1] } / Double(units)
    }
    func moved(_ t: Int, _ s: Int) -> Double {
      let c = kernels.correlation
      return (mean(c, t, t) + mean(c, s, s) - 2 * mean(c, t, s)) / 2
    }
    let waiting = [0, 7, 8, setup.steps - 1]
    let aging = try setup.aging(waiting, lags: 12, isFramed: false)
    #expect(aging.waiting == waiting && aging.isExact == !hasUnits)
    for (index, start) in waiting.enumerated() {
      let lags = aging.lags(index)
      #expect(lags[..<2] == [0, 1] && lags.last == setup.steps - start)
      #expect(lags == lags.sorted() && lags.count <= 12)
      for (row, lag) in lags.enumerated() {
        let t = start + lag
        let expected = [
          mean(kernels.correlation, t, start), mean(kernels.correlation, t, t),
          -mean(kernels.response, t, start),
          -(start..<t).reduce(0) { $0 + mean(kernels.response, t, $1) }, moved(t, start),
          lag == 0 ? 0 : moved(t, start) - moved(t, start + 1),
        ]
        for (quantity, value) in zip(Self.quantities, expected) {
          let found = aging.estimates(index, quantity.values)[row]
          #expect(abs(found.value - value) < 1e-13, "\(quantity.name), \(start), \(lag)")
          #expect(found.standardError.isFinite)
        }
      }
      // Ratios are those of each solve.
      let dissipation = aging.solves[0][index].fluctuationDissipation
      let (first, last) = (dissipation.points[1], dissipation.points[lags.count - 1])
      let temperature = first.displacement / first.integratedResponse
      #expect(dissipation.ratio[0].isNaN && dissipation.temperature[0].isNaN)
      #expect(abs(dissipation.ratio[1] - 1) < 1e-12)
      #expect(abs(dissipation.shortTemperature / temperature - 1) < 1e-12)
      let ratio = temperature * last.response / last.firstDisplacement
      #expect(abs(dissipation.ratio[lags.count - 1] / ratio - 1) < 1e-12)
    }
    if hasUnits {
      let error = aging.estimates(0, Self.quantities[6].values)[1].standardError
      #expect(aging.solves.count == 3 && error > 0)
    }
  }

  /// Without noise a weight relaxes from its start: it moves once and for all, and there is no
  /// temperature. Δ → 0, full batch: m(t+1) = m(t) - η[λ m + α(m - 1)], fluctuations fall as a^t.
  @Test("relaxation without noise, by hand")
  func relaxation() throws {
    let (lambda, eta, variance) = (0.4, 0.2, 0.3)
    let setup = Setup(
      data: TwoClusters(variance: 1e-12), samplesPerWeight: 2, loss: SquareLoss(),
      weightDecay: lambda, start: Start(variance: variance, overlap: [[0.1]]), learningRate: eta,
      steps: 40)
    var overlap = [0.1]
    for t in 0..<40 {
      overlap.append(overlap[t] - eta * (lambda * overlap[t] + 2 * (overlap[t] - 1)))
    }
    let a = 1 - eta * lambda
    func product(_ t: Int, _ s: Int) -> Double {
      overlap[t] * overlap[s] + variance * pow(a, Double(t + s))
    }
    let waiting = [0, 3, 12]
    let aging = try setup.aging(waiting, isFramed: false)
    for (index, start) in waiting.enumerated() {
      for point in aging.solves[0][index].points {
        let t = start + point.lag
        #expect(abs(point.correlation - product(t, start)) < 1e-9)
        #expect(abs(point.norm - product(t, t)) < 1e-9)
        let follows = (1 - pow(a, Double(point.lag))) / lambda
        #expect(abs(point.integratedResponse - follows) < 1e-9)
      }
      let dissipation = aging.solves[0][index].fluctuationDissipation
      for (lag, point) in dissipation.points.enumerated() where lag > 0 {
        let t = start + lag
        let (drift, shrink) = (
          overlap[t] - overlap[start], pow(a, Double(t)) - pow(a, Double(start))
        )
        let moved = (drift * drift + variance * shrink * shrink) / 2
        #expect(abs(point.displacement - moved) < 1e-9)
        #expect(abs(point.temperature - moved * lambda / (1 - pow(a, Double(lag)))) < 1e-8)
      }
    }
  }

  @Test("a frame has what all rows have: closed")
  func framedClosed() throws {
    let waiting = [0, 3, 50, 51, 300]
    var setup = Self.closed(steps: 600)
    let framed = try setup.aging(waiting, isFramed: true)
    setup.theory.history = .all
    let all = try setup.aging(waiting, isFramed: false)
    #expect(framed.isExact && all.isExact)
    for index in waiting.indices {
      #expect(framed.lags(index) == all.lags(index))
      for (name, values) in Self.quantities {
        let (a, b) = (framed.estimates(index, values), all.estimates(index, values))
        let largest = b.reduce(0) { $1.value.isNaN ? $0 : max($0, abs($1.value)) }
        for (lag, (x, y)) in zip(framed.lags(index), zip(a, b)) where !y.value.isNaN {
          let difference = abs(x.value - y.value) / largest
          #expect(difference < 1e-6, "\(name), \(waiting[index]), \(lag): \(difference)")
        }
      }
    }
  }

  @Test("a frame has what all rows have: sampled")
  func framedSampled() throws {
    let waiting = [5, 60]
    var setup = Cases.logistic(
      steps: 240, sampleMask: IndependentMask(density: 0.4), trajectories: 4000)
    setup.theory.history = .compressed
    let framed = try setup.aging(waiting, lags: 20, isFramed: true)
    setup.theory.history = .all
    setup.theory.sampling.seed = 7
    // With all rows the bias is that of T/N: .4 % of displacements with 4000 trajectories.
    setup.theory.sampling.trajectories = 16_000
    let all = try setup.aging(waiting, lags: 20, isFramed: false)
    for index in waiting.indices {
      for (name, values) in Self.quantities {
        let (a, b) = (framed.estimates(index, values), all.estimates(index, values))
        for (lag, (x, y)) in zip(framed.lags(index), zip(a, b)) where lag > 0 {
          let error = hypot(x.standardError, y.standardError)
          let place = "\(name), \(waiting[index]), \(lag): \(x), \(y)"
          #expect(abs(x.value - y.value) <= 5 * error + 1e-12, "\(place)")
          // It can fail: temperatures are known to a per cent.
          #expect(name != "T_eff" || error < 0.01 * y.value, "\(place)")
        }
      }
    }
  }

  @Test("paths of the hidden units are averaged, solve by solve")
  func paths() throws {
    var setup = Self.committee(steps: 6)
    setup.parts.rule.weightMask = RowMask(density: 0.5, period: 2)
    func aging(_ paths: Range<Int>) throws -> Aging {
      setup.paths = paths
      return try setup.aging([1])
    }
    let (both, first, second) = (try aging(0..<2), try aging(0..<1), try aging(1..<2))
    #expect(first.solves[0][0].points != second.solves[0][0].points)
    for (batch, curves) in both.solves.enumerated() {
      for (row, point) in curves[0].points.enumerated() {
        for quantity in [
          \AgingCurve.Point.correlation, \.norm, \.response, \.integratedResponse,
        ] {
          let mean = [first, second].reduce(0) {
            $0 + $1.solves[batch][0].points[row][keyPath: quantity] / 2
          }
          #expect(abs(point[keyPath: quantity] - mean) < 1e-14)
        }
      }
    }
  }

  @Test("waiting to the end is refused, and needs no probes before")
  func refusals() throws {
    let setup = Self.closed(steps: 20)
    let error = #expect(throws: SolverError.self) { try setup.aging([3, 20]) }
    #expect(error?.description.contains("waiting for 20 of 20 steps") == true)
    #expect(try setup.aging([19]).lags(0) == [0, 1])
    let solution = try MeanFieldSolver(setup.problem, waiting: WaitingTimes([3])).solve()
    #expect(solution.diagnostics.batches == 1 && solution.diagnostics.notes.isEmpty)
    #expect(try MeanFieldSolver(setup.problem).solve().aging == nil)
  }
}
