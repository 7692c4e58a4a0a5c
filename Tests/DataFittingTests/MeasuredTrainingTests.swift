import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Training on rows. `[fit.split]`
@Suite struct MeasuredTrainingTests {
  @Test func splitsAreDisjointWholeAndReproducible() {
    let first = MeasuredSplit.rows(count: 100, drawn: 30, seed: 2, run: 0)
    #expect(first.drawn.count == 30 && first.rest.count == 70)
    #expect(Set(first.drawn + first.rest) == Set(0..<100))
    let again = MeasuredSplit.rows(count: 100, drawn: 30, seed: 2, run: 0)
    #expect(first.drawn == again.drawn && first.rest == again.rest)
    #expect(first.drawn != MeasuredSplit.rows(count: 100, drawn: 30, seed: 2, run: 1).drawn)
    #expect(first.drawn != MeasuredSplit.rows(count: 100, drawn: 30, seed: 3, run: 0).drawn)
    // Every row is as likely: 3000 draws of 100, variance n p (1-p).
    var hits = [Double](repeating: 0, count: 10)
    for run in 0..<1000 {
      for row in MeasuredSplit.rows(count: 10, drawn: 3, seed: 5, run: run).drawn { hits[row] += 1 }
    }
    for hit in hits { #expect(abs(hit - 300) < 5 * 210.0.squareRoot()) }
  }

  /// All rows that a run does not learn from are its test set.
  @Test func testSamplesAreNotChosen() throws {
    let data = try MeasuredData(
      SyntheticRows.twoClasses(dimension: 12, counts: [30, 20]).table(5))
    var problem = Self.problem(data, alpha: 1.5, steps: 1)
    problem.training.testSamples = 5
    let error = #expect(throws: Mismatch.self) { try DirectTraining(problem) }
    #expect(error?.path == "training.test_samples")
  }

  private static func problem(
    _ data: MeasuredData, alpha: Double, steps: Int, runs: Int = 2, loss: any Loss = SquareLoss()
  ) -> Setup {
    Setup(
      data: CSVData(data), samplesPerWeight: alpha, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0), learningRate: 0.3, steps: steps,
      training: TrainingSettings(runs: runs))
  }

  /// From w = 0 the square loss gives w(1) = η Σ y x/√d over the drawn rows, and everything
  /// follows.
  @Test func oneStepByHand() throws {
    let d = 12
    let table = SyntheticRows.twoClasses(dimension: d, counts: [30, 20]).table(5)
    let data = try MeasuredData(table)
    let problem = Self.problem(data, alpha: 1.5, steps: 1)
    let recordings = try DirectTraining(problem).recordings()
    for (run, recording) in recordings.enumerated() {
      let rows = MeasuredSplit.rows(count: 50, drawn: 18, seed: problem.training.seed, run: run)
      let root = Double(d).squareRoot()
      var w = [Double](repeating: 0, count: d)
      func label(_ row: Int) -> Double { data.members[row] == 0 ? 1 : -1 }
      for row in rows.drawn {
        DenseVector.add(0.3 * label(row) / root, Array(data.inputs[row]), to: &w)
      }
      func field(_ row: Int) -> Double { DenseVector.dot(w, Array(data.inputs[row])) / root }
      func mean(_ rows: [Int], _ value: (Int) -> Double) -> Double {
        rows.reduce(0) { $0 + value($1) } / Double(rows.count)
      }
      func loss(_ row: Int) -> Double {
        0.5 * (field(row) - label(row)) * (field(row) - label(row))
      }
      func error(_ row: Int) -> Double { field(row) * label(row) < 0 ? 1 : 0 }
      let expected: [(Observable, Double)] = [
        (.trainingLoss, mean(rows.drawn, loss)), (.trainingError, mean(rows.drawn, error)),
        (.testLoss, mean(rows.rest, loss)), (.testError, mean(rows.rest, error)),
        (
          .magnetisation(0, 0, single: true),
          DenseVector.dot(w, data.signals[0]) / Double(d)
        ),
        (.norm(0, 0, single: true), DenseVector.dot(w, w) / Double(d)),
      ]
      for (observable, value) in expected {
        let found = recording.values(observable)[1].value
        #expect(abs(found - value) < 2e-6 * max(1, abs(value)), "\(observable): \(found), \(value)")
      }
      #expect(recording.values(.testLoss)[0].value == 0.5)
    }
  }

  /// Three classes through a softmax, and noise of the weights in the test as in the model.
  @Test func weightNoiseBlursTheTestRowsToo() throws {
    let data = try MeasuredData(
      SyntheticRows.twoClasses(dimension: 100, counts: [600, 600]).table(2))
    var problem = Self.problem(data, alpha: 1, steps: 10, loss: LogisticLoss())
    let plain = try DirectTraining(problem).run()
    problem.weightNoise = WeightNoise(sigma: 1)
    let noisy = try DirectTraining(problem).run()
    func last(_ curves: [Curve]) -> Double {
      curves.first { $0.observable == .testLoss }?.estimates.last?.value ?? .nan
    }
    #expect(last(noisy) > last(plain) + 0.02)
    #expect(try DirectTraining(problem).run().map(\.estimates) == noisy.map(\.estimates))
  }

  /// Rows of an isotropic mixture are learned as the theory says, at the dimension of the rows.
  @Test func rowsOfAMixtureAgreeWithTheTheory() throws {
    let (d, count) = (300, 6000)
    let rows = SyntheticRows.twoClasses(dimension: d, counts: [count / 2, count / 2])
    let data = try MeasuredData(rows.table(0))
    var problem = Self.problem(data, alpha: 2, steps: 20, runs: 16, loss: LogisticLoss())
    problem.start = Start(variance: 0.1)
    let training = try DirectTraining(problem).run()
    problem.data = TwoClusters(variance: 0.5)
    problem.theory = TheorySettings(trajectories: 1000, batches: 2)
    let theory = try MeanFieldSolver(problem).solve().curves
    // What the runs share, and their spread does not show: averages over the 6000 rows of this
    // sample (standard deviation of the quantity over √6000), its Δ and its class means (1 % each).
    // The rows are the same on every processor, and these are rough upper bounds: three of them.
    let shared: [Observable: Double] = [
      .trainingLoss: 0.004, .testLoss: 0.006, .testError: 0.004, .trainingError: 0.002,
      .magnetisation(0, 0, single: true): 0.02, .norm(0, 0, single: true): 0.02,
    ]
    for (observable, common) in shared {
      let found = try #require(training.first { $0.observable == observable }?.estimates.last)
      let expected = try #require(theory.first { $0.observable == observable }?.estimates.last)
      let error = (found.standardError * found.standardError + common * common).squareRoot()
      #expect(
        abs(found.value - expected.value) < 3 * error,
        "\(observable): \(found.value) ± \(found.standardError), theory \(expected.value)")
    }
  }

  @Test func theTheoryRefusesRows() throws {
    let data = try MeasuredData(
      SyntheticRows.twoClasses(dimension: 10, counts: [50, 50]).table(0))
    let problem = Self.problem(data, alpha: 2, steps: 3)
    let error = try #require(throws: SolverError.self) { try MeanFieldSolver(problem) }
    #expect("\(error)".contains("dmft fit"))
  }
}
