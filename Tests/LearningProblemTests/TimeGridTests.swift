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

  @Test("a problem has the grid of its steps, or of the results of its flow")
  func problems() throws {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.1),
      learningRate: 0.2, steps: 80)
    #expect(problem.grid == TimeGrid(learningRate: .constant(0.2), steps: 80))
    let flow = problem.flowing(Flow(duration: 3, step: 0.5))
    #expect(flow.grid == TimeGrid(ofFlow: 0.5, steps: 6))
    #expect(try flow.dynamics.integrated(steps: 12, of: 0.25).grid.time(at: 12) == 3)
  }
}
