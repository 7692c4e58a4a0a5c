import Foundation
import LearningProblem
import NumericalKit
import TestSupport
import Testing
import Training

/// The law of the samples, and the bulk random numbers behind it.
@Suite struct TrainingSetTests {
  let problem = Setup(
    data: ThreeClusters(variance: 0.5), samplesPerWeight: 2, network: Door(width: 0.8),
    start: Start(variance: 0), learningRate: 0.1, steps: 1)

  /// Clusters are drawn one by one: the number of positive labels has variance n/4, not 0.
  @Test func clusterSharesFluctuate() {
    let counts = (0..<400).map { run in
      let set = TrainingSet(RunPlan(problem, dimension: 50, run: run))
      return Double(set.labels.count { $0 > 0 })
    }
    let mean = counts.reduce(0, +) / 400
    let variance = counts.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 399
    // n = 100: mean 50, variance 25; 5 standard errors, false alarm 1e-6.
    #expect(abs(mean - 50) < 5 * 5 / 400.0.squareRoot())
    #expect(abs(variance - 25) < 5 * 25 * (2 / 399.0).squareRoot())
  }

  /// x·v/√d has mean B and variance Δ (v·v/d ≈ 1) in each cluster: B = ±1 is |B| = 1 on average.
  @Test func inputsHaveCentreAndVariance() {
    let d = 2000
    let set = TrainingSet(RunPlan(problem, dimension: d, run: 0))
    let v = set.signals[0]
    let length = dot(v, v)
    var second = [0.0, 0.0]
    var count = [0.0, 0.0]
    for (row, label) in set.labels.enumerated() {
      let projection = dot(set.inputs[row].map { Double($0) }, v) / length.squareRoot()
      second[label > 0 ? 1 : 0] += projection * projection
      count[label > 0 ? 1 : 0] += 1
    }
    // Variances of squares: 2 Δ² and 2 Δ² + 4 Δ B²; 5 standard errors.
    let centre = length / Double(d)
    #expect(abs(second[0] / count[0] - 0.5) < 5 * (0.5 / count[0]).squareRoot())
    #expect(abs(second[1] / count[1] - 0.5 - centre) < 5 * (2.5 / count[1]).squareRoot())
  }

  /// Every sample has the variance of its own cluster: |x|²/d = Δ_a (1 ± √(2/d)) around the centre.
  @Test func clustersHaveVariancesOfTheirOwn() {
    var problem = problem
    problem.network = Perceptron()
    problem.data = Mixture(clusters: [
      Cluster(probability: 0.3, centre: [0], label: 1, variance: 0.2),
      Cluster(probability: 0.7, centre: [0], label: -1, variance: 1.5),
    ])
    let set = TrainingSet(RunPlan(problem, dimension: 1000, run: 0))
    for (row, label) in set.labels.enumerated() {
      #expect(set.variances[row] == (label > 0 ? 0.2 : 1.5))
      let x = set.inputs[row].map { Double($0) }
      let square = dot(x, x) / (1000 * set.variances[row])
      #expect(abs(square - 1) < 6 * (2 / 1000.0).squareRoot())
    }
    problem.data = LinearTeacher()
    #expect(TrainingSet(RunPlan(problem, dimension: 10, run: 0)).variances.allSatisfy { $0 == 1 })
  }

  /// Labels follow from the inputs as they are; |v|² = d; the noise is that of the model.
  /// `[problem.teacher]`
  @Test func teacherAnswersForTheInputs() {
    var problem = problem
    let d = 400
    func signals(_ set: TrainingSet) -> [Double] {
      set.labels.indices.map { row in
        dot(set.inputs[row].map { Double($0) }, set.signals[0]) / Double(d).squareRoot()
      }
    }
    problem.data = LinearTeacher(labels: .sign)
    let signs = TrainingSet(RunPlan(problem, dimension: d, run: 0))
    #expect(abs(dot(signs.signals[0], signs.signals[0]) - Double(d)) < 1e-9)
    #expect(zip(signs.labels, signals(signs)).allSatisfy { $0 == ($1 < 0 ? -1 : 1) })
    problem.data = LinearTeacher(noise: 0)
    let exact = TrainingSet(RunPlan(problem, dimension: d, run: 0))
    #expect(zip(exact.labels, signals(exact)).allSatisfy { abs($0 - $1) < 1e-12 })
    problem.data = LinearTeacher(noise: 0.5)
    problem.samplesPerWeight = 10
    let noisy = TrainingSet(RunPlan(problem, dimension: d, run: 0))
    let rests = zip(noisy.labels, signals(noisy)).map { $0 - $1 }
    let n = Double(rests.count)
    // Means of ξ, ξ² - 1 and ξ ν: variances 1, 2 and 1; 5 standard errors.
    #expect(abs(rests.reduce(0, +) / n) < 5 * 0.5 / n.squareRoot())
    #expect(abs(dot(rests, rests) / n - 0.25) < 5 * 0.25 * (2 / n).squareRoot())
    #expect(abs(dot(rests, signals(noisy)) / n) < 5 * 0.5 / n.squareRoot())
    #expect(abs(dot(signals(noisy), signals(noisy)) / n - 1) < 5 * (2 / n).squareRoot())
  }

  @Test func bulkWordsAreTheWordsOneByOne() {
    var single = RandomStream(seed: 1 << 40 | 7, purpose: .check, index: 1 << 33 | 5)
    var bulk = single
    #expect(single.nextWord() == bulk.nextWord())
    for count in [1, 100, 31, 64, 3] {
      var words = [UInt32](repeating: 0, count: count)
      var span = words.mutableSpan
      bulk.fillWords(&span)
      #expect(words == (0..<count).map { _ in single.nextWord() })
    }
  }

  /// Moments and Kolmogorov's distance of 4 million numbers; bounds are 5 standard errors.
  @Test func bulkNormalsAreNormal() {
    let count = 4_000_003
    var numbers = [Float](repeating: 0, count: count)
    var stream = RandomStream(seed: 1, purpose: .check)
    var span = numbers.mutableSpan
    stream.fillNormals(&span)
    let n = Double(count)
    var sums = [Double](repeating: 0, count: 5)
    var neighbours = 0.0
    for (index, number) in numbers.enumerated() {
      let x = Double(number)
      let (x2, x4) = (x * x, x * x * x * x)
      for (k, term) in [x, x2 - 1, x2 * x, x4 - 3, x4 * x2 - 15].enumerated() { sums[k] += term }
      if index >= 16 { neighbours += x * Double(numbers[index - 16]) }
    }
    // Variances of x, x², x³, x⁴, x⁶: 1, 2, 15, 96, 10170.
    for (sum, variance) in zip(sums, [1.0, 2, 15, 96, 10170]) {
      #expect(abs(sum / n) < 5 * (variance / n).squareRoot())
    }
    #expect(abs(neighbours / n) < 5 / n.squareRoot())
    numbers.sort()
    var distance = 0.0
    for (index, number) in numbers.enumerated() {
      let expected = NormalDistribution.cumulative(Double(number))
      distance = max(distance, abs(expected - (Double(index) + 0.5) / n))
    }
    #expect(distance < 2.5 / n.squareRoot())  // Kolmogorov: 7e-6
    #expect(numbers[0] < -4.5 && numbers[count - 1] > 4.5)
  }
}
