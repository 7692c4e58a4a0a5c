import Foundation
import MaskedDMFT
import Synchronization
import TestSupport
import Testing

/// Solving and training for a task that may be cancelled.
@Suite("Cancellation", .serialized)
struct CancellationTests {
  /// Some seconds of work in the theory and in training.
  private static func long(_ work: Work) -> Setup {
    var setup = Cases.logistic(
      steps: work == .theory ? 1000 : 10_000, sampleMask: IndependentMask(density: 0.5),
      trajectories: 6100, batches: 2)
    setup.training = TrainingSettings(dimension: 600, runs: 2, observeEvery: 100)
    return setup
  }

  enum Work: String, CaseIterable, Sendable { case theory, training }

  /// Does the work for the calling task; returns the curves.
  private static func perform(
    _ work: Work, _ setup: Setup, progress: @escaping ProgressReport
  ) async throws -> [Curve] {
    switch work {
    case .theory: try await setup.problem.solve(setup.theory, progress: progress).curves
    case .training: try await setup.problem.train(setup.training, progress: progress).curves
    }
  }

  @Test("results and progress are those of the blocking calls", arguments: Work.allCases)
  func finishes(_ work: Work) async throws {
    var setup = Cases.square(steps: 20)
    setup.training = TrainingSettings(dimension: 40, runs: 3)
    let told = ProgressTests.Fractions()
    let curves = try await Self.perform(work, setup) { told.add($0) }
    let expected =
      work == .theory
      ? try setup.theorySolver().solve().curves : try DirectTraining(setup).run()
    #expect(curves.map(\.estimates) == expected.map(\.estimates))
    #expect(told.all == told.all.sorted() && told.all.count > 10 && told.all.last == 1)
  }

  /// A thread of its own cancels: the pool of tasks is busy with other tests, for seconds.
  @Test("a cancelled task stops long before the end", arguments: Work.allCases)
  func stops(_ work: Work) async throws {
    let told = ProgressTests.Fractions()
    let reported = DispatchSemaphore(value: 0)
    let task = Task {
      defer { reported.signal() }
      return try await Self.perform(work, Self.long(work)) {
        told.add($0)
        reported.signal()
      }
    }
    Thread.detachNewThread {
      reported.wait()
      task.cancel()
    }
    await #expect(throws: CancellationError.self) { try await task.value.count }
    let last = try #require(told.all.last)
    #expect(last < 0.2, "\(work): cancelled at \(last)")
    #expect(told.all.last == last, "nothing goes on")
  }

  @Test("a task that was cancelled before does not begin", arguments: Work.allCases)
  func neverBegins(_ work: Work) async throws {
    var setup = Cases.logistic(steps: 1, sampleMask: IndependentMask(density: 0.5))
    setup = setup.flowing(Flow(duration: 1, step: 0.1))  // which has no limit: refused at once
    let refused = setup
    let told = ProgressTests.Fractions()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await Self.perform(work, refused) { told.add($0) }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value.count }
    #expect(told.all == [])
  }

  struct Enough: Error {}

  @Test("what a progress report throws stops the work, and arrives", arguments: Work.allCases)
  func reportThrows(_ work: Work) async throws {
    let told = ProgressTests.Fractions()
    await #expect(throws: Enough.self) {
      try await Self.perform(work, Self.long(work)) {
        told.add($0)
        throw Enough()
      }
    }
    #expect(told.all.count <= Machine.grantedThreads.count, "one report of each thread")
  }

  @Test("a failure arrives as it is", arguments: Work.allCases)
  func failure(_ work: Work) async throws {
    var setup = Cases.square(steps: 200)
    setup.learningRate = 50
    let divergent = setup
    await #expect(throws: SolverError.self) {
      try await Self.perform(work, divergent) { _ in }
    }
  }
}
