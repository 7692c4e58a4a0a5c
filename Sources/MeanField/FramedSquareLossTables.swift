internal import LearningProblem
internal import NumericalKit

/// Tables of the error in the rows of a frame. `[frame.tables]`
///
/// A row stands for many steps, of which each has its own κ(t, s). So beside each table stands
/// another, of what it exceeds b times itself by if weighted with the switch of the present, which
/// `Recall` carries on from step to step.
struct FramedSquareLossTables: SquareLossTables {
  private let parts: [Double]  // probabilities
  private let variance: Double
  private let mask: any SwitchLaw
  private var time = 0
  private var plain: Tables
  private var excess: Tables

  /// Y, V and X, or what these exceed something by.
  private struct Tables: Sendable {
    var response: TwoTimeKernel
    var overlap: [[Double]] = []  // [row][a]
    var covariance: TwoTimeKernel

    mutating func append(_ moments: SquareLossMoments, times factor: Double) {
      response.append([moments.response.map { factor * $0 }])
      overlap.append(moments.overlap.map { factor * $0 })
      covariance.append([(moments.covariance + [moments.square]).map { factor * $0 }])
    }

    mutating func merge(_ merge: RowMerge) {
      response.merge(merge)
      covariance.merge(merge)
      let columns = overlap[0].indices.map { a in merge.applied(to: overlap.map { $0[a] }) }
      overlap = columns[0].indices.map { row in columns.map { $0[row] } }
    }
  }

  /// Tables of up to `rows` rows of a frame.
  init(_ mask: any SwitchLaw, parts: [Double], variance: Double, rows: Int) {
    self.parts = parts
    self.variance = variance
    self.mask = mask
    plain = Tables(
      response: TwoTimeKernel(units: 1, capacity: rows, shape: .causal),
      covariance: TwoTimeKernel(units: 1, capacity: rows, shape: .symmetric))
    excess = plain
  }

  mutating func append(_ moments: SquareLossMoments, strength: Double) {
    let kicks = moments.scaled(by: strength)
    plain.append(kicks, times: 1)
    // The next step comes.
    guard let recall = mask.recall(after: time) else {
      preconditionFailure("the mask does not know step \(time)")
    }
    excess.response.scale(rowsFrom: 0, by: recall.earlier)
    excess.covariance.scale(rowsFrom: 0, by: recall.earlier)
    for row in excess.overlap.indices {
      for a in parts.indices { excess.overlap[row][a] *= recall.earlier }
    }
    excess.append(kicks, times: recall.last)
    time += 1
  }

  mutating func merge(_ merge: RowMerge) {
    plain.merge(merge)
    excess.merge(merge)
  }

  /// Tables and their weights, whose sum is weighted by s_t or by 1.
  private func terms(_ masked: Bool) -> [(tables: Tables, weight: Double)] {
    masked ? [(plain, mask.density(at: time)), (excess, 1)] : [(plain, 1)]
  }

  func overlap(_ present: SquareLossPresent, masked: Bool) -> [Double] {
    parts.indices.map { a in
      var sum = (masked ? mask.density(at: time) : 1) * present.omega[a]
      for (tables, weight) in terms(masked) {
        for s in present.memory.indices {
          sum += weight * present.memory[s] * tables.overlap[s][a]
        }
      }
      return sum
    }
  }

  func moments(_ present: SquareLossPresent, masked: Bool) -> SquareLossMoments {
    let (memory, omega, n) = (present.memory, present.omega, present.memory.count)
    var response = [Double](repeating: 0, count: n)
    var covariance = response
    for (tables, weight) in terms(masked) {
      DenseVector.add(weight, tables.response.multiplyTransposed(memory[...]), to: &response)
      DenseVector.add(
        weight * variance, tables.response.multiply(present.before[...]), to: &covariance)
      DenseVector.add(weight, tables.covariance.multiply(memory[...]), to: &covariance)
      for s in 0..<n {
        for a in parts.indices {
          covariance[s] += weight * parts[a] * omega[a] * tables.overlap[s][a]
        }
      }
    }
    response.append(masked ? mask.density(at: time) : 1)
    return SquareLossMoments(
      present, masked: masked, parts: parts, variance: variance, response: response,
      overlap: overlap(present, masked: masked), covariance: covariance)
  }
}
