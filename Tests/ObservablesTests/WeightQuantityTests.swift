import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// What `WeightQuantity` asks of each quantity, over all that are listed.
@Suite("Quantities measured on weights")
struct WeightQuantityTests {
  /// Sampled weights stand for their mirror images, and a switched-off weight costs nothing.
  @Test("even, and zero without a change")
  func even() {
    for measured in WeightQuantities.all {
      let name = measured.quantity.name
      #expect(measured.value(0) == 0, "\(name)")
      for change in [1e-3, 0.4, 2.5] {
        #expect(measured.value(-change) == measured.value(change), "\(name)")
      }
    }
  }

  /// Σ f(a x) = a Σ f(x), so that many small steps cost what one of their sum does.
  @Test("a sum over steps with a limit in continuous time is of degree one")
  func limits() {
    for measured in WeightQuantities.all where measured.span != .sinceStart {
      let isLength = [0.3, 2].allSatisfy { factor in
        abs(measured.value(factor * 0.7) - factor * measured.value(0.7)) < 1e-12
      }
      #expect(isLength == measured.hasLimit, "\(measured.quantity.name)")
    }
  }

  /// The mean over Gaussian changes of variance 0.49, from their distribution alone and sampled.
  @Test("means that follow from closed equations are those of the values")
  func means() {
    var stream = RandomStream(seed: 3, purpose: .check)
    let changes = (0..<100_000).map { _ in 0.7 * stream.normal() }
    let known = KnownChanges(probability: 1, square: 0.49, isGaussian: true)
    var checked = 0
    for measured in WeightQuantities.all {
      guard let mean = measured.mean(known) else { continue }
      let values = measured.values(changes)
      let sampled = values.reduce(0, +) / 1e5
      let square = values.reduce(0) { $0 + $1 * $1 } / 1e5
      let error = (max(square - sampled * sampled, 0) / 1e5).squareRoot()
      #expect(abs(mean - sampled) <= 5 * error + 1e-12, "\(measured.quantity.name)")
      var sum = 0.5
      measured.accumulate(changes, into: &sum)
      #expect(abs(sum - 0.5 - 1e5 * sampled) < 1e-6, "\(measured.quantity.name)")
      checked += 1
    }
    #expect(checked >= 4)
  }

  @Test("steps add up, what has changed since the start is replaced, and the unknown stays so")
  func sums() throws {
    var spent = WeightValues.zero
    for changes in [[0.5, 0, -1.5, 0], [0, 0, 1.5, 0]] {
      var step = WeightValues()
      step.add(changes, .step)
      step.add(changes, .sinceStart)
      step.divide(by: changes.count)
      spent.advance(by: step)
    }
    #expect(spent[.writes] == 0.75)
    #expect(spent[.absoluteChange] == 0.875)
    #expect(spent[.squaredChange] == 1.1875)
    #expect(spent[.netChange] == 0.375)
    #expect(spent.inefficiency == 0.875 / 0.375)
    var setup = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.5),
      learningRate: 0.1, steps: 2)
    let lengths = spent.inContinuousTime(of: setup.dynamics)
    #expect(lengths.unknown.map(\.quantity) == [.writes, .squaredChange])
    setup.sampleMask = IndependentMask(density: 0.5)
    let known = spent.inContinuousTime(of: setup.dynamics)
    #expect(known.unknown.map(\.quantity) == [.writes, .absoluteChange, .squaredChange])
    #expect(spent.known(to: lengths) == lengths)
    spent.advance(by: lengths)
    #expect(spent[.writes] == nil && spent[.absoluteChange] == 1.75)
    spent.complete(with: .zero)
    #expect(spent[.writes] == 0 && spent[.netChange] == 0.375)
    #expect(spent[.transientCost] == nil)
  }

  /// Nothing is known of memories that are free; the others cost what changes cost, and more.
  @Test("what memories cost adds up, and is part of the absolute change [observable.upkeep]")
  func memories() {
    var spent = WeightValues.zero(CachingUpdate(threshold: 1, transientCost: 0.1))
    #expect(spent[.transientCost] == 0)
    #expect(WeightValues.zero(PlainUpdate())[.transientCost] == nil)
    for _ in 1...2 {
      var step = WeightValues()
      step.add([0.5, -1.5], .step)
      step.add([0.25, 0.75], .memory)
      step.divide(by: 2)
      spent.advance(by: step)
    }
    #expect(spent[.transientCost] == 1)
    #expect(spent[.absoluteChange] == 3)
    #expect(spent[.squaredChange] == 2.5 && spent[.writes] == 2)
  }
}
