import LearningProblem
import Testing

/// The numbers that set a schedule, one of which is moved.
@Suite("Knots of schedules")
struct ScheduleKnotTests {
  private static let schedules: [(schedule: Schedule, knots: [Int])] = [
    (0.3, [0]),
    (.varying(PowerDecay(initial: 0.3, exponent: 0.5, timescale: 10)), [0]),
    (.varying(PiecewiseConstant(steps: [0, 4, 9, 10], values: [0.1, 0.2, 0.3, 0.4])), [0, 4, 9]),
    (.varying(PiecewiseLinear(steps: [0, 4, 9], values: [0.1, 0.2, 0.3])), [0, 4, 9]),
    (.varying(PiecewiseLinear(steps: [0, 4, 12, 20], values: [0.1, 0.2, 0.3, 1])), [0, 4, 12]),
    (.varying(TabulatedSchedule([0.1, 0.4, 0.2])), [0, 1, 2]),
  ]

  @Test("knots that a run of 10 steps reaches, and what moving them moves", arguments: 0..<6)
  func knots(index: Int) {
    let (schedule, steps) = Self.schedules[index]
    let knots = schedule.knots(of: 10)
    func value(_ schedule: Schedule, _ step: Int) -> Double {
      schedule.value(at: Double(step), of: 10)
    }
    #expect(knots.map(\.step) == steps)
    for (number, knot) in knots.enumerated() {
      #expect(index == 4 && number == 2 || knot.value == value(schedule, knot.step))
      let moved = schedule.moving(knot: number, to: 2 * knot.value, of: 10)
      #expect(moved.knots(of: 10)[number].value == 2 * knot.value)
      let changed = (0..<10).filter {
        value(moved, $0) != value(schedule, $0)
      }
      #expect(!changed.isEmpty)
      if knots.count > 1, number > 0 {
        #expect(changed.allSatisfy { $0 > knots[number - 1].step })
      }
      if number + 1 < knots.count { #expect(changed.allSatisfy { $0 < knots[number + 1].step }) }
      if knots.count == 1 {
        #expect(value(moved, 7) == 2 * value(schedule, 7))
      }
    }
  }
}
