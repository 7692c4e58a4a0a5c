import LearningProblem
import Observables
import Stationary
import TestSupport
import Testing

@Suite("What has a steady state, and what is refused")
struct SupportTests {
  private func refused(_ change: (inout Setup) -> Void, naming name: String) {
    var problem = FastCases.square(sampleMask: IndependentMask(density: 0.5))
    change(&problem)
    do {
      _ = try StationarySolver(problem)
      Issue.record("\(name) was accepted")
    } catch let error as SolverError {
      guard case .unsupported(let what, let instead) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(what.contains(name) && instead.contains("dmft solve"), "\(error)")
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("unsupported problems name what is wrong")
  func unsupported() {
    refused({ $0.update = MomentumUpdate(coefficient: 0.5) }, naming: "update momentum")
    refused(
      { $0.weightMask = PersistentMask(density: 0.5, correlation: 0.5) },
      naming: "weight_mask persistent")
    refused({ $0.weightMask = FrozenMask(density: 0.5) }, naming: "weight_mask frozen")
    refused({ $0.sampleMask = EpochMask(epochSteps: 2) }, naming: "sample_mask epoch")
    refused({ $0.weightNoise = WeightNoise(sigma: 0.1) }, naming: "weight_noise")
    refused({ $0.data = LinearTeacher() }, naming: "data linear-teacher")
    refused(
      {
        $0.loss = HingeLoss()
        $0.sampleMask = FullMask()
      }, naming: "loss hinge")
  }

  private func failure(_ problem: Setup) -> String? {
    do {
      _ = try StationarySolver(problem).solve()
      return nil
    } catch let error as SolverError {
      guard case .notConverged = error else { return nil }
      return "\(error)"
    } catch {
      return nil
    }
  }

  /// Each of them once took as long as the largest window, half a minute to hours.
  @Test("what no window would change is given up on a small one")
  func early() throws {
    let clock = ContinuousClock()
    func refusal(_ change: (inout Setup) -> Void) -> String {
      var problem = Cases.logistic(steps: 1, sampleMask: IndependentMask(density: 0.3))
      problem.weightDecay = 0.5
      change(&problem)
      var text = ""
      let seconds = clock.measure { text = failure(problem) ?? "" } / .seconds(1)
      #expect(seconds < 10, "\(seconds) s: \(text)")
      return text
    }
    #expect(refusal { $0.samplesPerWeight = 1000 }.contains("the weights grow without end"))
    let restless = refusal {
      $0.network = Door(width: 1)
      $0.learningRate = 5
      $0.sampleMask = PersistentMask(density: 0.3, time: 30)
      $0.weightMask = IndependentMask(density: 0.5)
    }
    #expect(restless.contains("the weights grow without end"), "\(restless)")
    #expect(refusal { $0.weightDecay = 1e-6 }.contains("do not forget within 8192 steps"))
  }

  /// A response that takes 2^13 steps or more to fall to 1e-11.
  @Test("what is forgotten slowly is found")
  func slow() throws {
    var problem = FastCases.square(sampleMask: IndependentMask(density: 0.3), weightDecay: 0.01)
    problem.samplesPerWeight = 1.1
    let state = try StationarySolver(problem).solve().states[0]
    #expect(state.lags >= 1 << 13, "\(state.lags)")
  }

  /// Two wells of a door, between which the sweeps go back and forth.
  @Test("sweeps that come no closer end before their limit")
  func restless() throws {
    var problem = Cases.logistic(steps: 1, trajectories: 100)
    problem.network = Door(width: 0.3)
    problem.loss = SquareLoss()
    problem.data = TwoClusters(variance: 0.3)
    problem.samplesPerWeight = 0.3
    problem.start = Start(variance: 0.3)
    let text = try #require(failure(problem))
    let words = text.split(separator: " ")
    let sweeps = try #require(words.firstIndex(of: "sweeps;").flatMap { Int(words[$0 - 1]) })
    #expect((100..<250).contains(sweeps), "\(text)")
  }

  @Test("masks that remember more than the last window are refused")
  func longMemory() throws {
    var problem = Cases.logistic(
      steps: 1, sampleMask: PersistentMask(density: 0.5, correlation: -0.9999999))
    #expect(throws: SolverError.self) { _ = try StationarySolver(problem) }
    problem.sampleMask = PersistentMask(density: 0.5, correlation: 0.999)
    #expect(throws: SolverError.self) { _ = try StationarySolver(problem) }
    problem.sampleMask = PersistentMask(density: 0.5, correlation: 0.998)
    _ = try StationarySolver(problem)
    problem.sampleMask = PersistentMask(density: 0.5, correlation: -0.9999999)
    problem.loss = SquareLoss()
    _ = try StationarySolver(problem)
  }

  @Test("no decay and fewer samples than weights: nothing is forgotten")
  func noDecay() {
    var problem = FastCases.square(sampleMask: IndependentMask(density: 0.5), weightDecay: 0)
    problem.samplesPerWeight = 0.5
    #expect(failure(problem)?.contains("more weight_decay") == true)
  }

  @Test("no decay, but more samples than weights: there is a steady state")
  func samplesAreEnough() throws {
    var problem = FastCases.square(
      sampleMask: IndependentMask(density: 0.5), steps: 400, weightDecay: 0)
    problem.samplesPerWeight = 4
    let state = try StationarySolver(problem).solve().states[0]
    let march = try LateTimes(problem)
    #expect(abs(state.norm - march.last(.norm).value) < 1e-8)
  }

  @Test("steps too large for the curvature are unstable", arguments: [1.5, 3])
  func unstable(_ rate: Double) {
    let problem = FastCases.square(
      sampleMask: IndependentMask(density: 0.5), learningRate: rate)
    #expect(failure(problem)?.contains("smaller learning_rate") == true)
  }

  @Test("a weight mask whose noise feeds itself")
  func maskNoise() {
    let problem = FastCases.square(
      sampleMask: IndependentMask(density: 0.5), weightMask: IndependentMask(density: 0.3),
      learningRate: 1.6)
    #expect(failure(problem) != nil)
  }
}
