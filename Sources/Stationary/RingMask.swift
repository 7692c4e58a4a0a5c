internal import LearningProblem
internal import NumericalKit

/// Sample masks of many data points on a ring of W steps. `[stationary.ring]`
///
/// Each is a stationary two-state chain (density b, correlation r) closed to a ring: a bridge from
/// its first position back to it. Draws of one step are systematic within groups of equal past and
/// end, in random order: the number that are on does not fluctuate, single paths keep their law.
struct RingMask: Sendable {
  /// W.
  let steps: Int
  private let count: Int
  private let density: Double
  private let correlation: Double
  private var isOn: [Bool]

  /// Draws the paths of `count` data points.
  init(_ mask: any SwitchLaw, count: Int, steps: Int, stream: inout RandomStream) {
    self.count = count
    self.steps = steps
    density = mask.density(at: 0)
    correlation = mask.correlation ?? 0
    isOn = [Bool](repeating: true, count: count * steps)
    guard !mask.isFull else { return }
    var order = Array(0..<count)
    for t in 0..<steps {
      order.shuffle(using: &stream)
      let probabilities = (0..<4).map { group in
        t == 0 ? density : bridge(from: group & 1 == 1, to: group & 2 == 2, left: steps - t)
      }
      var draw = SystematicDraw(positions: (0..<4).map { _ in stream.uniform() })
      for j in order {
        let group = t == 0 ? 0 : (isOn(t - 1, j) ? 1 : 0) + (isOn(0, j) ? 2 : 0)
        isOn[t * count + j] = draw.next(probability: probabilities[group], group: group)
      }
    }
  }

  /// Whether point j is on at step t.
  func isOn(_ t: Int, _ j: Int) -> Bool { isOn[t * count + j] }

  /// a_t = E[s_t | past].
  func conditional(_ t: Int, _ j: Int) -> Double {
    let before = isOn(t == 0 ? steps - 1 : t - 1, j)
    return density + correlation * ((before ? 1 : 0) - density)
  }

  /// P(on | was on or off a step ago, is to be `to` in `left` steps).
  private func bridge(from before: Bool, to end: Bool, left: Int) -> Double {
    let on = density + correlation * ((before ? 1 : 0) - density)
    func arrival(_ now: Bool) -> Double {
      var power = 1.0
      for _ in 0..<left where power != 0 { power *= correlation }
      let endsOn = density + power * ((now ? 1 : 0) - density)
      return end ? endsOn : 1 - endsOn
    }
    let (yes, no) = (on * arrival(true), (1 - on) * arrival(false))
    return yes + no > 0 ? min(max(yes / (yes + no), 0), 1) : on
  }
}
