internal import LearningProblem
internal import NumericalKit

/// What the weights say about one time, for the moments of the error. `[sample.covariance]`
struct SquareLossPresent {
  /// Δ σ R(t, ·) over the past, with the σ of the start.
  var memory: [Double]
  /// ω_a(t), one for each part of the error besides ζ.
  var omega: [Double]
  /// Covariances of ζ(t) with the past.
  var before: [Double]
  /// Variance of ζ(t) in a learning pass.
  var variance: Double
  /// How much of it the whole network does not have. `[site.dropout]`
  var dropped: Double
}

/// Moments of the error e at one time, weighted by the switch of that time or not.
struct SquareLossMoments {
  /// Y(t, ·), the present last.
  var response: [Double]
  /// V_a(t).
  var overlap: [Double]
  /// X(t, ·) of the past.
  var covariance: [Double]
  /// X(t, t).
  var square: Double

  /// X(t, t) follows from all else; nothing is left out of the network of the last step if that is
  /// observed. `[sample.covariance]` `[site.dropout]`
  ///
  /// - Parameters:
  ///   - parts: the probability of each part.
  ///   - variance: Δ.
  init(
    _ present: SquareLossPresent, masked: Bool, parts: [Double], variance: Double,
    response: [Double], overlap: [Double], covariance: [Double]
  ) {
    self.response = response
    self.overlap = overlap
    self.covariance = covariance
    let whole = present.variance - (masked ? 0 : present.dropped)
    square = variance * DenseVector.dot(present.before + [whole], response)
    for a in parts.indices { square += parts[a] * present.omega[a] * overlap[a] }
    square += DenseVector.dot(present.memory, covariance)
  }

  /// The moments of a kick: e times a strength.
  func scaled(by strength: Double) -> SquareLossMoments {
    var kick = self
    for s in response.indices { kick.response[s] *= strength }
    for a in overlap.indices { kick.overlap[a] *= strength }
    for s in covariance.indices { kick.covariance[s] *= strength }
    kick.square *= strength * strength
    return kick
  }
}

/// Y, V and X of earlier times, and the recursions that give them at the next.
/// `[sample.response]` `[sample.overlap]` `[sample.covariance]` `[schedule.samples]`
protocol SquareLossTables: Sendable {
  /// The moments of the present time, weighted by s_t (`masked`) or by 1.
  func moments(_ present: SquareLossPresent, masked: Bool) -> SquareLossMoments
  /// V_a(t) alone.
  func overlap(_ present: SquareLossPresent, masked: Bool) -> [Double]
  /// Appends the masked moments of the present time, as those of kicks that are `strength` times as
  /// strong as those of the start.
  mutating func append(_ moments: SquareLossMoments, strength: Double)
  /// Merges rows of the past. `[frame.merge]`
  mutating func merge(_ merge: RowMerge)
}

/// Tables with a row for each step.
struct StepwiseSquareLossTables: SquareLossTables {
  private let parts: [Double]  // probabilities
  private let variance: Double
  private let mask: any SwitchLaw
  private var recall: SwitchRecall  // κ
  private(set) var response: TwoTimeKernel  // Y
  private(set) var overlap: [[Double]] = []  // V, [t][a]
  private(set) var covariance: TwoTimeKernel  // X

  init(_ mask: any SwitchLaw, parts: [Double], variance: Double, steps: Int) {
    self.parts = parts
    self.variance = variance
    self.mask = mask
    recall = SwitchRecall(mask)
    response = TwoTimeKernel(units: 1, capacity: steps, shape: .causal)
    covariance = TwoTimeKernel(units: 1, capacity: steps, shape: .symmetric)
  }

  mutating func append(_ moments: SquareLossMoments, strength: Double) {
    let kicks = moments.scaled(by: strength)
    response.append([kicks.response])
    overlap.append(kicks.overlap)
    covariance.append([kicks.covariance + [kicks.square]])
    recall.advance()
  }

  /// Never: each step keeps its own row.
  mutating func merge(_ merge: RowMerge) {
    preconditionFailure("tables of single steps have no frame")
  }

  /// b_t, or 1 without the mask.
  private func density(_ masked: Bool) -> Double {
    masked ? mask.density(at: recall.time) : 1
  }

  /// κ(t, ·), or 1 without the mask.
  private func kappa(_ masked: Bool) -> [Double] {
    masked ? recall.values : [Double](repeating: 1, count: recall.values.count)
  }

  func overlap(_ present: SquareLossPresent, masked: Bool) -> [Double] {
    overlap(
      present.omega, density(masked), recalled: zip(present.memory, kappa(masked)).map { $0 * $1 })
  }

  func moments(_ present: SquareLossPresent, masked: Bool) -> SquareLossMoments {
    let (memory, omega, t) = (present.memory, present.omega, present.memory.count)
    let prefactor = density(masked)
    let kappa = kappa(masked)
    let recalled = zip(memory, kappa).map { $0 * $1 }

    // Y(t, s) = Δ σ Σ_s' R(t, s') κ(t, s') Y(s', s), Y(t, t) = b. `[sample.response]`
    let response = self.response.multiplyTransposed(recalled[...]) + [prefactor]

    let overlap = overlap(omega, prefactor, recalled: recalled)

    // X(t, t') for t' < t. `[sample.covariance]`
    var covariance = self.response.multiply(present.before[...])
    for s in 0..<t {
      var drift = 0.0
      for a in parts.indices { drift += parts[a] * omega[a] * self.overlap[s][a] }
      covariance[s] = kappa[s] * (drift + variance * covariance[s])
    }
    addEcho(memory, kappa, to: &covariance)

    return SquareLossMoments(
      present, masked: masked, parts: parts, variance: variance, response: response,
      overlap: overlap, covariance: covariance)
  }

  /// V(t) = b ω(t) + Δ σ Σ_s R(t, s) κ(t, s) V(s), or with `prefactor` for b. `[sample.overlap]`
  private func overlap(_ omega: [Double], _ prefactor: Double, recalled: [Double]) -> [Double] {
    parts.indices.map { a in
      var sum = prefactor * omega[a]
      for s in recalled.indices { sum += recalled[s] * self.overlap[s][a] }
      return sum
    }
  }

  /// X(t, t') += Σ_s Δ σ R(t, s) κ(t, max(s, t')) X(s, t').
  private func addEcho(_ memory: [Double], _ kappa: [Double], to row: inout [Double]) {
    let t = memory.count
    var late = [Double](repeating: 0, count: t)  // terms with s < t', which share κ(t, t')
    for s in 0..<t {
      let weight = memory[s]
      let recalled = weight * kappa[s]
      let column = covariance.row(s, width: t)
      let first = column.startIndex
      for u in 0...s { row[u] += recalled * column[first + u] }
      for u in (s + 1)..<max(t, s + 1) { late[u] += weight * column[first + u] }
    }
    for u in 0..<t { row[u] += kappa[u] * late[u] }
  }
}
