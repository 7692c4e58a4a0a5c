import Foundation
import LearningProblem
import TestSupport
import Testing

/// Steps and times. `[problem.time]`
@Suite("Time grid")
struct TimeGridTests {
  @Test("times are sums of the sizes of the steps before")
  func times() {
    let grid = TimeGrid(learningRate: .constant(0.25), steps: 6)
    var sum = 0.0
    for step in 0..<grid.steps {
      #expect(grid.time(at: step) == sum)
      sum += grid.rate(at: step)
    }
    #expect(grid.time(at: grid.steps) == sum && sum == 1.5)
  }

  @Test("times of a schedule are sums as well, and its first steps are the same")
  func schedules() {
    let shape = CosineDecay(initial: 0.5, final: 0.1)
    let grid = TimeGrid(learningRate: .varying(shape), steps: 6)
    var sum = 0.0
    for step in 0..<grid.steps {
      #expect(abs(grid.time(at: step) - sum) < 1e-15)
      sum += 0.1 + 0.2 * (1 + cos(.pi * Double(step) / 6))
    }
    #expect(abs(grid.time(at: 6) - sum) < 1e-15)
    let part = grid.first(3)
    #expect(part.steps == 3)
    for step in 0..<3 { #expect(part.rate(at: step) == grid.rate(at: step)) }
    let faster = grid.starting(at: 1.5)
    for step in 0..<6 { #expect(abs(faster.rate(at: step) - 3 * grid.rate(at: step)) < 1e-15) }
    #expect(faster.updateStep(at: 3).relativeRate == faster.rate(at: 3) / 1.5)
  }

  @Test("a problem has the grid of its steps, or of the results of its flow")
  func problems() throws {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.1),
      learningRate: 0.2, steps: 80)
    #expect(problem.grid.steps == 80 && !problem.grid.isIntegration)
    #expect(problem.grid.learningRate.constant == 0.2)
    let flow = problem.flowing(Flow(duration: 3, step: 0.5))
    #expect(flow.grid.steps == 6 && flow.grid.isIntegration && flow.grid.rate(at: 5) == 0.5)
    #expect(try flow.dynamics.integrated(steps: 12, of: 0.25).grid.time(at: 12) == 3)
  }
}
