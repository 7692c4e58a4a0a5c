import LearningProblem
import MeanField
import NumericalKit
import Observables
import Synchronization
import TestSupport
import Testing

/// Probes against recursions of single trajectories in double precision, with the same random
/// numbers. `[sampling.probe]` `[sampling.weightprobe]` `[sampling.controls]`
@Suite("Probes of closed sites")
struct ProbeTests {
  private static let steps = 70  // two blocks
  private static let count = 600  // sampled pairs, and coordinates
  private static let batch = 1

  private static func problem(_ mask: any Mask & WeightMask) -> Setup {
    var problem = Cases.square(steps: steps, sampleMask: mask, weightMask: mask)
    problem.start = Start(variance: 0.5, overlap: [[0.3]])
    problem.weightNoise = WeightNoise(sigma: 0.2)
    problem.theory = TheorySettings(trajectories: count, batches: 2, seed: 5)
    return problem
  }

  static let masks: [any Mask & WeightMask] = [
    PersistentMask(density: 0.4, correlation: 0.6), IndependentMask(density: 0.5),
  ]

  /// What a batch measured at each step.
  private func measured(_ observable: Observable, _ solution: Solution) throws -> [Double] {
    let recording = solution.recordings[Self.batch]
    let curve = try #require(
      Curve.mean(of: [recording, recording]).first { $0.observable == observable })
    return curve.estimates.map(\.value)
  }

  /// L of a covariance with white noise of 1e-9 of the variance. `[sampling.field]`
  private func factor(_ size: Int, _ covariance: (Int, Int) -> Double) -> [[Double]] {
    var rows = [[Double]]()
    for i in 0..<size {
      var row = [Double]()
      for j in 0...i {
        var sum = covariance(i, j) * (i == j ? 1 + 1e-9 : 1)
        for n in 0..<j { sum -= row[n] * (j == i ? row[n] : rows[j][n]) }
        row.append(j == i ? max(sum, 0).squareRoot() : sum / rows[j][j])
      }
      rows.append(row)
    }
    return rows
  }

  private func normals(_ count: Int, _ stream: inout RandomStream) -> [Double] {
    var numbers = [Float](repeating: 0, count: count)
    var span = numbers.mutableSpan
    stream.fillNormals(&span)
    return numbers.map { Double($0) }
  }

  /// Switches [t][site] and the probabilities that they had, of a Markov mask.
  private func path(
    _ mask: any SwitchLaw, sites: Int, _ stream: RandomStream
  ) -> (isOn: [[Bool]], probability: [[Double]]) {
    var stream = stream
    let (b, r) = (mask.density, mask.correlation ?? 0)
    var isOn = [[Bool]]()
    var probabilities = [[Double]]()
    for t in 0..<Self.steps {
      var words = [UInt32](repeating: 0, count: sites)
      var span = words.mutableSpan
      stream.fillWords(&span)
      let chances = (0..<sites).map { j in
        t == 0 ? b : b + r * ((isOn[t - 1][j] ? 1 : 0) - b)
      }
      isOn.append((0..<sites).map { (Double(words[$0]) + 0.5) * 0x1p-32 < chances[$0] })
      probabilities.append(chances)
    }
    return (isOn, probabilities)
  }

  /// ⟨f⟩ - β ⟨c - E c⟩ with β of the other half, by Gaussian elimination; a sample is (f, c - E
  /// c...).
  private func controlled(_ halves: [[[Double]]]) -> Double {
    func moments(_ samples: [[Double]]) -> (mean: [Double], coefficients: [Double]) {
      let count = Double(samples.count)
      let size = samples[0].count
      let mean = (0..<size).map { i in samples.reduce(0) { $0 + $1[i] } / count }
      func covariance(_ i: Int, _ j: Int) -> Double {
        samples.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / count
      }
      let used = (1..<size).filter { covariance($0, $0) > 1e-12 }
      var rows = used.map { i in used.map { covariance(i, $0) } + [covariance(0, i)] }
      for i in rows.indices {
        for j in rows.indices where j != i {
          let ratio = rows[j][i] / rows[i][i]
          for column in rows[i].indices { rows[j][column] -= ratio * rows[i][column] }
        }
      }
      var coefficients = [Double](repeating: 0, count: size)
      for (row, i) in used.enumerated() {
        coefficients[i] = rows[row][used.count] / rows[row][row]
      }
      return (mean, coefficients)
    }
    let parts = halves.map(moments)
    var total = 0.0
    for i in 0...1 {
      var estimate = parts[i].mean[0]
      for c in 1..<halves[i][0].count {
        estimate -= parts[1 - i].coefficients[c] * parts[i].mean[c]
      }
      total += estimate * Double(halves[i].count)
    }
    return total / Double(halves[0].count + halves[1].count)
  }

  private func expectEqual(_ x: [Double], _ y: [Double], _ name: String) {
    #expect(x.count == y.count)
    for t in x.indices {
      #expect(abs(x[t] - y[t]) < 1e-5 * max(abs(x[t]), 0.1), "\(name) at \(t): \(x[t]), \(y[t])")
    }
  }

  /// V(t) = E[s y e], V°(t) = E[y e] of two clusters. `[sample.overlap]` `[sample.loss]`
  private func overlaps(
    _ problem: Setup, _ kernels: Kernels, _ m: [Double]
  ) -> (masked: [Double], whole: [Double]) {
    let (b, r) = (
      problem.dynamics.sampleSwitches.density, problem.dynamics.sampleSwitches.correlation ?? 0
    )
    var (masked, whole) = ([Double](), [Double]())
    for t in 0...Self.steps {
      var (v, free) = (b * (m[t] - 1), m[t] - 1)
      var power = 1.0
      for s in (0..<t).reversed() {
        power *= r
        let echo = 0.5 * kernels.response[t, s, 0, 0] * masked[s]
        v += (b + (1 - b) * power) * echo
        free += echo
      }
      masked.append(v)
      whole.append(free)
    }
    return (masked, whole)
  }

  @Test("data points: training error and activity", arguments: [0, 1])
  func samples(mask: Int) throws {
    let problem = Self.problem(Self.masks[mask])
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    let (delta, b) = (0.5, problem.dynamics.sampleSwitches.density)
    let m = solution.curve(.magnetisation).estimates.map(\.value)
    let loss = solution.curve(.trainingLoss).estimates.map(\.value)
    let known = overlaps(problem, kernels, m)
    let factor = factor(Self.steps + 1) { i, j in
      kernels.correlation[i, j, 0, 0] + (i == j ? 0.04 : 0)
    }
    var errors = [[[[Double]]]](repeating: [[], []], count: Self.steps + 1)
    var activities = errors
    for (group, first) in stride(from: 0, to: Self.count, by: 256).enumerated() {
      let pairs = min(256, Self.count - first)
      let index = UInt64(Self.batch << 24 | group)
      var stream = RandomStream(seed: 5, purpose: .fieldNoise, index: index)
      let noise = normals((Self.steps + 1) * pairs, &stream)
      let path = path(
        problem.dynamics.sampleSwitches, sites: 2 * pairs,
        RandomStream(seed: 5, purpose: .theoryMask, index: index))
      for pair in 0..<pairs {
        // Clusters alternate; both have y h = 1 + y e.
        let y = problem.data.clusters[(first + pair) % 2].label
        var kicks: [[Double]] = [[], []]
        for t in 0...Self.steps {
          var error = [0.0, 0, 0]
          var activity = [0.0, 0, 0, 0]
          for member in 0...1 {
            let column = pair + member * pairs
            var zeta = 0.0
            for s in 0...t { zeta += factor[t][s] * noise[s * pairs + pair] }
            var e = y * (m[t] - 1) + (member == 0 ? 1 : -1) * delta.squareRoot() * zeta
            for s in 0..<t { e += delta * kernels.response[t, s, 0, 0] * kicks[member][s] }
            let wrong = y * (y + e) < 0 ? 0.5 : 0.0
            for (i, x) in [wrong, 0.5 * e * e, 0.5 * y * e].enumerated() { error[i] += x }
            guard t < Self.steps else { continue }
            let a = 0.5 * path.probability[t][column]
            for (i, x) in [abs(y + e), e * e, y * e, 1].enumerated() { activity[i] += a * x }
            kicks[member].append(path.isOn[t][column] ? e : 0)
          }
          error[1] -= 2 * loss[t]
          error[2] -= known.whole[t]
          errors[t][group % 2].append(error)
          guard t < Self.steps else { continue }
          activity[1] -= kernels.gradientCovariance[t, t, 0, 0] / (2 * delta)
          activity[2] -= known.masked[t]
          activity[3] -= b
          activities[t][group % 2].append(activity)
        }
      }
    }
    let exactErrors = (0...Self.steps).map { t in
      // The fields are as good as Gaussian for this: 20 errors in all pairs.
      let spread = (2 * loss[t] - known.whole[t] * known.whole[t]).squareRoot()
      let gaussian = NormalDistribution.probabilityNegative(
        mean: 1 + known.whole[t], deviation: spread)
      return Double(Self.count) * gaussian < 20
        ? controlled(errors[t].map { $0.map { [$0[0]] } }) : controlled(errors[t])
    }
    expectEqual(exactErrors, try measured(.trainingError, solution), "training error")
    var sum = 0.0
    let activity =
      [0.0]
      + (0..<Self.steps).map { t in
        sum += controlled(activities[t])
        return sum
      }
    expectEqual(activity, try measured(.activity, solution), "activity")
  }

  @Test("weights: absolute and net change", arguments: [0, 1])
  func weights(mask: Int) throws {
    let problem = Self.problem(Self.masks[mask])
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    let (eta, lambda, p) = (0.3, 0.1, problem.dynamics.weightSwitches.density)
    let m = solution.curve(.magnetisation).estimates.map(\.value)
    let drive = overlaps(problem, kernels, m).masked.map { 2 * $0 }  // μ = α V
    let factor = factor(Self.steps) { kernels.gradientCovariance[$0, $1, 0, 0] }
    var sizes = [[[[Double]]]](repeating: [[], []], count: Self.steps)
    var distances = sizes
    func known(_ t: Int, _ s: Int) -> Double {
      kernels.correlation[t, t, 0, 0] + kernels.correlation[s, s, 0, 0]
        - 2 * kernels.correlation[t, s, 0, 0]
    }
    let width = Self.count / 2
    for group in 0...1 {
      let index = UInt64(Self.batch << 24 | group)
      var stream = RandomStream(seed: 5, purpose: .driveNoise, index: index)
      let xi = normals(width, &stream)
      let noise = normals((Self.steps + 1) * width, &stream)
      let path = path(
        problem.dynamics.sampleSwitches, sites: width,
        RandomStream(seed: 5, purpose: .theoryWeightMask, index: index))
      for j in 0..<width {
        var w = [problem.start.variance.squareRoot() * xi[j] + 0.3 * noise[j]]
        var (taken, way) = (0.0, 0.0)
        for t in 0..<Self.steps {
          var gradient = lambda * w[t] + drive[t] * noise[j]
          for s in 0...t {
            gradient += factor[t][s] * noise[(s + 1) * width + j]
            gradient += kernels.gradientResponse[t, s, 0, 0] * w[s]
          }
          let (move, a) = (eta * gradient, path.probability[t][j])
          let square: Double = a * move * move - known(t + 1, t)
          sizes[t][group].append([a * abs(move), square, a - p])
          w.append(path.isOn[t][j] ? w[t] - move : w[t])
          taken += path.isOn[t][j] ? 1 : 0
          way += abs(w[t + 1] - w[t])
          let distance = w[t + 1] - w[0]
          distances[t][group].append([
            abs(distance), distance * distance - known(t + 1, 0), taken - p * Double(t + 1), way,
          ])
        }
      }
    }
    var sum = 0.0
    let absolute =
      [0.0]
      + (0..<Self.steps).map { t in
        sum += controlled(sizes[t])
        return sum
      }
    expectEqual(absolute, try measured(.absoluteChange, solution), "absolute change")
    let net =
      [0.0]
      + (0..<Self.steps).map { t in
        // The mean way is the absolute change.
        controlled(
          distances[t].map { half in half.map { Array($0[..<3]) + [$0[3] - absolute[t + 1]] } })
      }
    expectEqual(net, try measured(.netChange, solution), "net change")
  }

  @Test("probes are not biased by few trajectories, and as precise as the sampled sites")
  func precision() throws {
    var problem = Self.problem(PersistentMask(density: 0.4, correlation: 0.6))
    problem.theory = TheorySettings(trajectories: 200, batches: 400)
    let few = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 20_000, batches: 8, seed: 2)
    let many = try MeanFieldSolver(problem).solve()
    for observable in [
      Observable.trainingError, .activity, .absoluteChange, .netChange, .inefficiency,
    ] {
      for t in [1, 10, 70] {
        let x = few.curve(observable).estimates[t]
        let y = many.curve(observable).estimates[t]
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        // 15 comparisons in normal errors, nearly: 4.5 of them once in 10,000 seeds.
        #expect(abs(x.value - y.value) < 4.5 * joint, "\(observable) at \(t): \(x), \(y)")
      }
    }
    // All 200 weights of 400 batches are in the histogram: its error is that of their number in
    // the innermost bins, to 4 % of 400 batches and 8 % of their common scale.
    let density = try #require(few.weightDensities)[0][WeightHistogram.centres.count / 2]
    let share = 2 * WeightHistogram.width * density.value
    let expected = (share * (1 - share) / 80_000).squareRoot() / (2 * WeightHistogram.width)
    #expect(abs(density.standardError / expected - 1) < 0.2, "\(density), \(expected)")
  }

  @Test("weights that start at zero: every label is missed by chance, and steps go on")
  func zeroStart() throws {
    var problem = Self.problem(IndependentMask(density: 0.5))
    problem.start = Start(variance: 0)
    problem.weightNoise = WeightNoise()
    let solution = try MeanFieldSolver(problem).solve()
    let error = solution.curve(.trainingError).estimates
    #expect(error[0].value == 0.5 && error[0].standardError == 0)
    #expect(error[Self.steps].value < 0.2)
    // h(0) = 0, though e(0) = -y is not.
    #expect(abs(solution.curve(.activity).estimates[1].value) < 1e-12)
    #expect(solution.curve(.netChange).estimates[1].value > 0.1)
  }

  @Test("progress counts one march, and each probe of each batch")
  func progress() throws {
    let problem = Self.problem(IndependentMask(density: 0.5))
    let told = Mutex([Double]())
    _ = try MeanFieldSolver(problem).solve { fraction in told.withLock { $0.append(fraction) } }
    let fractions = told.withLock { $0.sorted() }
    #expect(fractions.count == (1 + 2 * 2) * Self.steps)
    #expect(fractions.last == 1)
  }

  static let variants: [(String, any DataModel, Double)] = [
    ("dropout", TwoClusters(variance: 0.5), 0.4), ("three", ThreeClusters(variance: 0.5), 0),
    ("regression", LinearTeacher(noise: 0.4), 0), ("signs", LinearTeacher(labels: .sign), 0),
  ]

  /// Dropout of inputs, teachers and three clusters have terms of their own. `[site.dropout]`
  @Test("training error and activity are those of the sampled site", arguments: [0, 1, 2, 3])
  func againstSampled(variant: Int) throws {
    let (name, data, dropout) = Self.variants[variant]
    var problem = Cases.square(
      steps: 12, sampleMask: PersistentMask(density: 0.4, correlation: 0.6))
    problem.data = data
    problem.gradientScale = .mean
    problem.learningRate = 0.1
    problem.start = Start(variance: 0.5, overlap: [[0.3]])
    problem.dropout = Dropout(inputs: dropout)
    problem.theory = TheorySettings(trajectories: 20_000, batches: 16, seed: 3)
    let probed = try MeanFieldSolver(problem).solve()
    problem.theory.sites = .ensemble
    problem.theory.seed = 4
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.trainingError, .activity] {
      let pairs = zip(probed.curve(observable).estimates, sampled.curve(observable).estimates)
      for (t, (x, y)) in pairs.enumerated() {
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        // 100 comparisons with some 25 degrees of freedom: a false alarm in 1000 seeds.
        #expect(
          abs(x.value - y.value) <= 5.5 * joint, "\(name): \(observable) at \(t): \(x), \(y)")
      }
    }
  }

  @Test("all of the way is net change at first: inefficiency 1 without error")
  func firstStep() throws {
    let solution = try MeanFieldSolver(Self.problem(IndependentMask(density: 0.5))).solve()
    let inefficiency = solution.curve(.inefficiency).estimates
    #expect(abs(inefficiency[1].value - 1) < 1e-12)
    #expect(inefficiency.dropFirst(2).allSatisfy { $0.value > 1 })
  }

  @Test("results do not depend on the number of threads")
  func threads() throws {
    let problem = Self.problem(IndependentMask(density: 0.5))
    let one = try MeanFieldSolver(problem, parallel: ParallelFor(threads: 1)).solve()
    for threads in [2, 3] {
      let more = try MeanFieldSolver(problem, parallel: ParallelFor(threads: threads)).solve()
      for (a, b) in zip(one.curves, more.curves) {
        #expect(a.estimates.map(\.value) == b.estimates.map(\.value), "\(a.observable)")
      }
    }
  }
}
