import Foundation
import NumericalKit
import Testing

@Suite("Averages over a normal number, and signs along a line")
struct NormalAverageTests {
  private func grid(_ f: (Double) -> Double) -> [Double] { NormalAverage.grid.map(f) }

  @Test("smooth functions: E cos(a Z) = exp(-a²/2), to rounding", arguments: [0, 0.5, 1, 2])
  func smooth(a: Double) throws {
    let found = try #require(NormalAverage.smooth(grid { 1 + cos(a * $0 + 0.3) }))
    let expected = 1 + cos(0.3) * exp(-a * a / 2)
    #expect(abs(found.value - expected) < 1e-10)
    #expect(abs(found.value - expected) <= found.error + 1e-10)
  }

  /// Else noise is integrated adaptively, for ever.
  @Test("what differs by the accuracy of the values agrees")
  func noise() throws {
    let noise = grid { 1e-13 * cos(1000 * $0 * $0) }
    #expect(NormalAverage.smooth(noise) == nil)
    let found = try #require(NormalAverage.smooth(noise, accuracy: 1e-12))
    #expect(abs(found.value) < 1e-13 && found.error < 1e-12)
    #expect(NormalAverage.smooth(grid { abs($0 - 0.1) }, accuracy: 1e-12) == nil)
  }

  /// A kink errs by the square of the spacing, wherever it is: 1/8 of a cell, where the even and
  /// the odd points agree by accident, is no exception.
  @Test("kinks and jumps are not taken for smooth", arguments: 0..<64)
  func kinksAreSeen(place: Int) {
    let x0 = 0.25 * Double(place) / 64 - 0.1
    #expect(NormalAverage.smooth(grid { abs($0 - x0) }) == nil)
    #expect(NormalAverage.smooth(grid { $0 < x0 ? 0 : 1 }) == nil)
  }

  /// For |x - x0| the even and the odd points agree at a certain x0 near 1/8; the quarters do not.
  @Test("two halves that agree by accident are not taken for smooth")
  func accident() {
    func difference(_ x0: Double) -> Double {
      NormalAverage.grid.enumerated().reduce(0) { sum, item in
        let term = NormalDistribution.density(item.element) * abs(item.element - x0)
        return sum + (item.offset % 2 == 0 ? term : -term)
      }
    }
    var (lower, upper) = (0.05, 0.2)
    #expect(difference(lower) * difference(upper) < 0)
    for _ in 0..<60 {
      let middle = 0.5 * (lower + upper)
      if difference(lower) * difference(middle) > 0 { lower = middle } else { upper = middle }
    }
    #expect(abs(difference(lower)) < 1e-12)
    #expect(NormalAverage.smooth(grid { abs($0 - lower) }) == nil)
    // Nor are panels whose errors cancel.
    #expect(NormalAverage.piecewise(edges: []) { abs($0 - 1.3) - abs($0 + 1.3) } == nil)
  }

  /// A bend with poles at a distance of π/2 from the line is not exact to rounding. E[Z] = 0 has no
  /// size.
  @Test("bars: none where all is rounding, else above the error; averages of 0")
  func bars() throws {
    let exact = try #require(NormalAverage.smooth(grid { cos($0) }))
    #expect(exact.error == 0)
    func bend(_ x: Double) -> Double { 1 / (1 + exp(-2 * x - 1)) }
    let reference = NormalAverage.adaptive(tolerance: 1e-13, size: 1, of: bend)
    let smooth = try #require(NormalAverage.smooth(grid(bend)))
    #expect(smooth.error > 1e-12 && abs(smooth.value - reference.value) <= smooth.error)
    let panels = try #require(NormalAverage.piecewise(edges: [], of: bend))
    #expect(panels.error > 1e-12 && abs(panels.value - reference.value) <= panels.error)
    #expect(abs(try #require(NormalAverage.smooth(grid { $0 })).value) < 1e-12)
    #expect(abs(try #require(NormalAverage.piecewise(edges: []) { $0 }).value) < 1e-12)
  }

  @Test("adaptive integrals: a known kink saves calls, and so does a piece without weight")
  func calls() {
    func calls(_ edges: [Double], _ size: Double, _ f: (Double) -> Double) -> Int {
      var count = 0
      _ = NormalAverage.adaptive(edges: edges, tolerance: 1e-9, size: size) {
        count += 1
        return f($0)
      }
      return count
    }
    #expect(2 * calls([0.3], 1) { abs($0 - 0.3) } < calls([], 1) { abs($0 - 0.3) })
    #expect(
      2 * calls([7], 1) { $0 < 7 ? 1 : sqrt($0 - 7) } < calls([7], 0) { $0 < 7 ? 1 : sqrt($0 - 7) })
  }

  @Test(
    "kinks: E|Z - x| with the kink at an edge, and without knowing it", arguments: [-0.7, 0, 2.3])
  func kinks(x0: Double) throws {
    let expected = NormalDistribution.meanSize(mean: -x0, deviation: 1)
    let known = try #require(NormalAverage.piecewise(edges: [x0, 9]) { abs($0 - x0) })
    #expect(abs(known.value - expected) < 1e-10)
    #expect(NormalAverage.piecewise(edges: []) { abs($0 - x0) } == nil || x0 == 0)
    let unknown = NormalAverage.adaptive(tolerance: 1e-9, size: 1) { abs($0 - x0) }
    #expect(abs(unknown.value - expected) < 1e-8)
    #expect(abs(unknown.value - expected) <= unknown.error + 1e-11)
  }

  @Test("pieces: zero on an interval, a pair of changes within a cell, a change at a sample")
  func pieces() {
    func pieces(_ f: (Double) -> Double) -> [SignPieces.Piece] {
      SignPieces.find((-4...4).map { (x: Double($0), value: f(Double($0))) }, of: f)
    }
    func near(_ found: [SignPieces.Piece], _ expected: [(Double, Int)]) -> Bool {
      let kept = found.filter { $0.upper - $0.lower > 1e-9 }
      return kept.map(\.sign) == expected.map(\.1)
        && zip(kept, expected).allSatisfy { abs($0.upper - $1.0) < 1e-9 }
    }
    #expect(near(pieces { max($0 - 0.3, 0) - max(-1.2 - $0, 0) }, [(-1.2, -1), (0.3, 0), (4, 1)]))
    #expect(near(pieces { max($0 - 0.3, 0) }, [(0.3, 0), (4, 1)]))
    #expect(near(pieces { ($0 - 0.1) * ($0 - 0.2) }, [(0.1, 1), (0.2, -1), (4, 1)]))
    #expect(near(pieces { ($0 - 0.1) * (0.2 - $0) }, [(0.1, -1), (0.2, 1), (4, -1)]))
    #expect(near(pieces { $0 }, [(0, -1), (4, 1)]))
    #expect(near(pieces { _ in 0 }, [(4, 0)]))
    #expect(near(pieces { $0 * $0 + 0.01 }, [(4, 1)]))
    // Two changes between neighbouring samples of different sign.
    let steps = pieces { $0 < 0.25 ? -1 : $0 < 0.5 ? 0 : 1 }
    #expect(near(steps, [(0.25, -1), (0.5, 0), (4, 1)]))
  }
}
