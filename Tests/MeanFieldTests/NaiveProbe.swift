import LearningProblem
import MeanField
import NumericalKit
import TestSupport

/// What the recursions of single trajectories need, in double precision and without blocks: noise,
/// switches, means with controls, and the overlaps of the data points with their errors.
enum NaiveProbe {
  static let steps = 70  // two blocks

  /// L of a covariance with white noise of 1e-9 of the variance. `[sampling.field]`
  static func factor(_ size: Int, _ covariance: (Int, Int) -> Double) -> [[Double]] {
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

  static func normals(_ count: Int, _ stream: inout RandomStream) -> [Double] {
    var numbers = [Float](repeating: 0, count: count)
    var span = numbers.mutableSpan
    stream.fillNormals(&span)
    return numbers.map { Double($0) }
  }

  /// Switches [t][site] and the probabilities that they had, of a Markov mask.
  static func path(
    _ mask: any SwitchLaw, sites: Int, _ stream: RandomStream
  ) -> (isOn: [[Bool]], probability: [[Double]]) {
    var stream = stream
    let (b, r) = (mask.density(at: 0), mask.correlation ?? 0)
    var isOn = [[Bool]]()
    var probabilities = [[Double]]()
    for t in 0..<steps {
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
  static func controlled(_ halves: [[[Double]]]) -> Double {
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

  /// V(t) = E[s y e], V°(t) = E[y e] of two clusters. `[sample.overlap]` `[sample.loss]`
  static func overlaps(
    _ problem: Setup, _ kernels: Kernels, _ m: [Double]
  ) -> (masked: [Double], whole: [Double]) {
    let (b, r) = (
      problem.dynamics.sampleSwitches.density(at: 0),
      problem.dynamics.sampleSwitches.correlation ?? 0
    )
    var (masked, whole) = ([Double](), [Double]())
    for t in 0...steps {
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

  /// 0, and the sums of the first 1, 2, ... numbers.
  static func cumulated(_ numbers: [Double]) -> [Double] {
    numbers.reduce(into: [0]) { sums, number in sums.append(sums[sums.count - 1] + number) }
  }
}
