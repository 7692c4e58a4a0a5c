/// κ(t, u) = P(on at t | on at u) at a present time t, for all u <= t. `[schedule.recall]`
public struct SwitchRecall: Sendable {
  /// κ(t, u) at index u = 0...t.
  public private(set) var values = [1.0]
  private let law: any SwitchLaw

  /// The recall at t = 0 of a law that has one.
  public init(_ law: any SwitchLaw) {
    precondition(law.recall(after: 0) != nil, "a law whose pairs of steps are known")
    self.law = law
  }

  /// The present time.
  public var time: Int { values.count - 1 }

  /// Goes on to the next step. Cost O(t).
  public mutating func advance() {
    guard let recall = law.recall(after: time) else {
      preconditionFailure("the law does not know step \(time)")
    }
    let (before, now) = (law.density(at: time), law.density(at: time + 1))
    for u in 0..<time { values[u] = now + (values[u] - before) * recall.earlier }
    values[time] = now + recall.last
    values.append(1)
  }
}
