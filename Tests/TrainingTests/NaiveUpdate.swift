import LearningProblem

/// The update rules written down once more, for all synapses at a time and in units of weights:
/// a plain step would move a weight by -η G.
struct NaiveUpdate {
  /// What a step did to a weight, and to its lasting part.
  struct Move {
    var weight = 0.0
    var written = 0.0
  }

  let rule: any UpdateRule
  var rate: Double
  /// What waits in each synapse: a transient part, a postponed move, or a velocity.
  var waiting: [Double]

  init(_ rule: any UpdateRule, rate: Double, count: Int) {
    self.rule = rule
    self.rate = rate
    waiting = [Double](repeating: 0, count: count)
  }

  /// The moves of one step, at which a schedule has the `number`; `chance` is drawn once for each
  /// synapse that is on, if at all.
  mutating func step(
    gradient: [Double], isOn: [Bool], number: (Schedule) -> Double, chance: () -> Double
  ) -> [Move] {
    let on = gradient.indices.filter { isOn[$0] }
    var moves = gradient.map { _ in Move() }
    func move(_ site: Int, by change: Double) {
      moves[site] = Move(weight: change, written: change)
    }
    switch rule {
    case is PlainUpdate, is LazyUpdate:
      for i in on { move(i, by: -rate * gradient[i]) }
    case let clip as ClipUpdate:
      let largest = rate * number(clip.threshold)
      for i in on {
        let change = -rate * gradient[i]
        move(i, by: change > largest ? largest : change < -largest ? -largest : change)
      }
    case is SignUpdate:
      for i in on where gradient[i] != 0 { move(i, by: gradient[i] > 0 ? -rate : rate) }
    case let soft as SoftThresholdUpdate:
      let threshold = number(soft.threshold)
      for i in on where abs(gradient[i]) > threshold {
        let shrunk = abs(gradient[i]) - threshold
        move(i, by: gradient[i] > 0 ? -rate * shrunk : rate * shrunk)
      }
    case let top as TopFractionUpdate:
      for i in Self.largest(number(top.fraction), of: on, by: gradient) {
        move(i, by: -rate * gradient[i])
      }
    case let rounding as StochasticRoundingUpdate:
      for i in on {
        let exact = rate * gradient[i] / rounding.quantum
        let below = exact.rounded(.down)
        let quanta = chance() >= 1 - (exact - below) ? below + 1 : below
        move(i, by: -quanta * rounding.quantum)
      }
    case let caching as CachingUpdate:
      for i in on {
        let before = waiting[i]
        waiting[i] = (1 - number(caching.decay)) * before - rate * gradient[i]
        moves[i].weight = waiting[i] - before
        if abs(waiting[i]) > number(caching.threshold) {
          moves[i].written = waiting[i]
          waiting[i] = 0
        }
      }
    case let feedback as ErrorFeedbackUpdate:
      for i in on { waiting[i] -= rate * gradient[i] }
      for i in Self.largest(number(feedback.fraction), of: on, by: waiting) {
        move(i, by: waiting[i])
        waiting[i] = 0
      }
    case let momentum as MomentumUpdate:
      for i in on {
        waiting[i] = number(momentum.coefficient) * waiting[i] + gradient[i]
        move(i, by: -rate * waiting[i])
      }
    default: preconditionFailure("no naive form of \(rule.kind): write one here")
    }
    return moves
  }

  /// The price of what waits after a step, on or off, per synapse.
  var upkeep: Double {
    guard let caching = rule as? CachingUpdate else { return 0 }
    return waiting.reduce(0) { $0 + caching.transientCost * abs($1) / Double(waiting.count) }
  }

  /// The given fraction of `sites`, rounded, with the largest |scores|.
  private static func largest(_ fraction: Double, of sites: [Int], by scores: [Double]) -> [Int] {
    let sorted = sites.sorted { abs(scores[$0]) > abs(scores[$1]) }
    return Array(sorted.prefix(Int((fraction * Double(sites.count)).rounded())))
  }
}
