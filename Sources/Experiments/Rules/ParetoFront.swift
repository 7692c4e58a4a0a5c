internal import Observables

/// Which of several rules no other rule beats in two costs, both the less the better.
///
/// One rule beats another if it is better in one cost and not worse in the other. Estimates have
/// errors, so each cost of a pair is better, worse, equal (the same number), or open: not
/// significantly different by `PairedDifference`. A rule that another beats with nothing open is
/// off the front; one that another may beat, depending on what is open, is tied with it.
public enum ParetoFront {
  /// A rule's place.
  public enum Membership: String, Sendable {
    /// No other rule beats it, beyond errors.
    case yes
    /// Whether another rule beats it lies within the errors.
    case tied
    /// Another rule beats it beyond errors, or it has no costs.
    case no
  }

  /// A rule's two costs.
  public struct Costs: Sendable {
    /// The first, by habit the energy.
    public let first: ReplicaValues
    /// The second, by habit the performance.
    public let second: ReplicaValues

    /// Creates a pair of costs.
    public init(_ first: ReplicaValues, _ second: ReplicaValues) {
      self.first = first
      self.second = second
    }
  }

  /// The place of each rule; nil stands for a rule without costs.
  public static func memberships(_ rules: [Costs?]) -> [Membership] {
    rules.enumerated().map { index, costs in
      guard let costs else { return .no }
      var place = Membership.yes
      for (other, rival) in rules.enumerated() where other != index {
        guard let rival else { continue }
        let orders = [
          Order(rival.first, against: costs.first), Order(rival.second, against: costs.second),
        ]
        guard !orders.contains(.worse), orders != [.equal, .equal] else { continue }
        if !orders.contains(.open) { return .no }
        place = .tied
      }
      return place
    }
  }

  /// The rules that no other beats in the means alone, by the first cost: the line to draw.
  public static func line(_ points: [(first: Double, second: Double)]) -> [Int] {
    let sorted = points.indices.sorted {
      (points[$0].first, points[$0].second) < (points[$1].first, points[$1].second)
    }
    var lowest = Double.infinity
    return sorted.filter { index in
      guard points[index].second < lowest else { return false }
      lowest = points[index].second
      return true
    }
  }

  private enum Order {
    case better, worse, equal, open

    init(_ rival: ReplicaValues, against cost: ReplicaValues) {
      let difference = PairedDifference(rival, minus: cost)
      self =
        difference.isZero
        ? .equal
        : !difference.isSignificant ? .open : difference.estimate.value < 0 ? .better : .worse
    }
  }
}
