import Energetics
import Foundation
import Testing

@Suite("Schedules of writes")
struct ScheduleTests {
  /// Every kind, finite and infinite; a new schedule gets a line here.
  static let all: [any UpdateSchedule] = [
    PolynomialSchedule(gamma: 0, updates: 1), PolynomialSchedule(gamma: 0, updates: 1000),
    PolynomialSchedule(gamma: 0.5, updates: 5000), PolynomialSchedule(gamma: 2),
    PolynomialSchedule(gamma: 300), ExponentialSchedule(gamma: 0, updates: 50),
    ExponentialSchedule(gamma: 0.03, updates: 17), ExponentialSchedule(gamma: 0.9, updates: 3),
    ExponentialSchedule(gamma: 0.01, updates: 3000), ExponentialSchedule(gamma: 3, updates: 2),
    ExponentialSchedule(gamma: 0.02), ExponentialSchedule(gamma: 5),
    ExponentialSchedule(gamma: 500), ExponentialSchedule(gamma: 60, updates: 2),
    MeasuredSchedule(
      rates: [0, 0.25, 1, 0, 0.125], variances: [0.1, 0.2, 0.1, 0.3, 0.4], lastLearningRate: 0.5),
  ]

  /// Rates relative to the largest, so that they do not all underflow.
  @Test("the mean learning rate is that of the terms, one by one", arguments: all.indices)
  func conformance(_ index: Int) {
    let schedule = Self.all[index]
    let count = schedule.updates ?? 200_000
    let logarithms = (1...count).map { schedule.logarithmOfRate(at: $0) }
    let largest = logarithms.max() ?? 0
    var above = 0.0
    var below = 0.0
    for n in (1...count).reversed() {
      let rate = exp(logarithms[n - 1] - largest)
      above += rate * schedule.learningRate(at: n)
      below += rate
      #expect((0...1).contains(schedule.rate(at: n)))
      #expect(schedule.learningRate(at: n) > 0 && schedule.learningRate(at: n) <= 1)
    }
    // What 200,000 terms leave of the infinite sums at gamma 2 is 1e-11.
    #expect(distance(schedule.meanLearningRate, above / below) < 2e-11, "\(schedule)")
  }

  @Test("power laws have the rates and learning rates they say [bounds.polynomial]")
  func polynomial() {
    let schedule = PolynomialSchedule(gamma: 0.5)
    #expect(distance(schedule.rate(at: 100), 1e-3) < 1e-12)
    #expect(distance(schedule.learningRate(at: 100), 0.1) < 1e-12)
    #expect(schedule.rate(at: 1) == 1)
  }

  @Test("exponentials have the rates and learning rates they say [bounds.exponential]")
  func exponential() {
    let schedule = ExponentialSchedule(gamma: 0.1)
    #expect(distance(schedule.rate(at: 10), exp(-1)) < 1e-12)
    #expect(distance(schedule.learningRate(at: 10), 0.1) < 1e-12)
  }

  /// (e^γ - 1) ln[e^γ/(e^γ - 1)], mpmath with 30 digits.
  @Test(
    "closed form of exponential rates [bounds.exponential]",
    arguments: [
      (1e-6, 0.000013815517965722064005), (0.1, 0.24737971651659022608),
      (1, 0.78813316748443347936), (5, 0.99662343425011395858), (50, 1),
    ])
  func exponentialClosedForm(gamma: Double, mean: Double) {
    #expect(distance(ExponentialSchedule(gamma: gamma).meanLearningRate, mean) < 1e-12)
    let long = ExponentialSchedule(gamma: gamma, updates: 1_000_000_000)
    #expect(distance(long.meanLearningRate, mean) < 1e-12)
  }

  @Test("finite power laws tend to infinite ones, from above", arguments: [0.3, 0.5, 2, 5])
  func polynomialLimit(gamma: Double) {
    let limit = PolynomialSchedule(gamma: gamma).meanLearningRate
    var last = Double.infinity
    for updates in [10, 1000, 1_000_000, 1_000_000_000, 1_000_000_000_000_000] {
      let mean = PolynomialSchedule(gamma: gamma, updates: updates).meanLearningRate
      #expect(mean >= limit * (1 - 1e-14) && mean <= last)
      // What is missing of both sums, N^-γ/γ, to leading order.
      let missing = pow(Double(updates), -gamma) / gamma / zeta(gamma)
      #expect(abs(mean / limit - 1) < 1.1 * missing + 1e-14)
      last = mean
    }
  }

  /// A lower bound of ζ(1 + γ).
  private func zeta(_ gamma: Double) -> Double { max(1, 1 / gamma) }

  @Test("a measured schedule reproduces the power law it is made of [bounds.schedule]")
  func measured() {
    for gamma in [0, 0.5, 3] {
      let power = PolynomialSchedule(gamma: gamma, updates: 100_000)
      // A variance that falls as the learning rate does, in any unit.
      let measured = MeasuredSchedule(
        rates: (1...100_000).map { power.rate(at: $0) },
        variances: (1...100_000).map { 7 / Double($0).squareRoot() },
        lastLearningRate: 1e5.squareRoot() / 1e5)
      #expect(distance(measured.meanLearningRate, power.meanLearningRate) < 1e-9)
      #expect(distance(measured.learningRate(at: 400), 0.05) < 1e-12)
      #expect(measured.updates == 100_000)
    }
  }

  /// σ²(w_n) = (1 - λε_n)² σ²(w_{n-1}) + ε_n² σ_g² with ε_n = c/√n, λc = 1: the law of the paper
  /// holds within 1/(λc√n), so that a run that writes evenly costs what the law says.
  @Test("the variance of the model itself drives as its asymptotic law does [bounds.run]")
  func recursion() {
    let count = 100_000
    var variance = 0.0
    let variances = (1...count).map { n in
      let rate = 1 / Double(n).squareRoot()
      variance = (1 - rate) * (1 - rate) * variance + rate * rate
      return variance
    }
    let measured = MeasuredSchedule(
      rates: Array(repeating: 0.3, count: count), variances: variances,
      lastLearningRate: 1 / Double(count).squareRoot())
    #expect(distance(measured.meanLearningRate, 2 / Double(count).squareRoot()) < 0.02)
    for n in [100, 10_000] {
      let law = 1 / Double(n).squareRoot()
      #expect(distance(measured.learningRate(at: n), law) < 1.5 * law)
    }
  }

  @Test("a measured schedule by hand; its scale does not matter, its order does")
  func measuredByHand() {
    func mean(_ rates: [Double], _ variances: [Double], last: Double = 0.5) -> Double {
      MeasuredSchedule(rates: rates, variances: variances, lastLearningRate: last).meanLearningRate
    }
    // ε = 1.5, 1, 0.5 times 1/2.
    let cost = mean([0.5, 0, 0.25], [6, 4, 2])
    #expect(distance(cost, (0.5 * 1.5 + 0.25 * 0.5) / 0.75) < 1e-14)
    #expect(distance(mean([1, 0, 0.5], [3, 2, 1]), cost) < 1e-14)
    #expect(distance(mean([0.5, 0, 0.25], [6, 4, 2], last: 1), 2 * cost) < 1e-14)
    #expect(mean([0.25, 0, 0.5], [6, 4, 2]) < cost)
    #expect(mean([0.3], [0.2], last: 1) == 1)
  }

  @Test("faster decay costs more, up to the first write alone")
  func monotonic() {
    for updates in [nil, 100, 100_000] {
      var last = 0.0
      for gamma in [0.001, 0.1, 0.5, 2, 10, 100] {
        let mean = PolynomialSchedule(gamma: gamma, updates: updates).meanLearningRate
        #expect(mean > last || mean == 1)
        last = mean
      }
      #expect(last == 1)
    }
    for updates in [10, 1000, 100_000, 1_000_000_000] {
      let longer = PolynomialSchedule(gamma: 0, updates: updates * 10).meanLearningRate
      #expect(longer < PolynomialSchedule(gamma: 0, updates: updates).meanLearningRate)
    }
  }

  @Test("infinitely slow training is free: γ ζ(3/2) for small γ")
  func slow() {
    for gamma in [1e-6, 1e-12, 1e-18] {
      let mean = PolynomialSchedule(gamma: gamma).meanLearningRate
      #expect(distance(mean, gamma * 2.6123753486854883433) < 3 * gamma + 1e-13)
    }
  }
}
