internal import Foundation
internal import NumericalKit

/// The least probability of a wrong label for one point drawn from known clusters.
/// `[optimal.oracle]`
///
/// Decisions are those of the posterior. Along lines in the last direction they are found by
/// bisection between places where they are known: a grid of spacing 1/4 in units of the noise, and
/// one place between any two where a pair of clusters is equally likely. So none is missed if every
/// label has one cluster, however short its stretch; their masses are exact. The other directions:
/// none for r = 1; an adaptive integral for r = 2; quasi-random points beyond.
///
/// The cost does not depend on how far clusters are apart: long gaps between them, in which nothing
/// lies, are left out.
struct OptimalDecision {
  private static let reach = 9.0
  private static let spacing = 0.25
  private static let accuracy = 1e-9
  /// The longest range that is searched as one, in units of the noise.
  private static let longest = 1000.0
  /// Clusters of different label at this distance err with a probability below the least Double.
  private static let separate = 80.0

  private let clusters: VisibleClusters
  private let labels: [Double]
  private let own: [Int]  // index of the label of each cluster

  /// Prepares the decision between clusters whose probabilities need not sum to 1.
  init(_ clusters: VisibleClusters) {
    self.clusters = clusters
    let labels = Set(clusters.members.map(\.label)).sorted()
    self.labels = labels
    own = clusters.members.map { labels.firstIndex(of: $0.label) ?? 0 }
  }

  /// The probability of an error, at most the sum of the clusters' probabilities.
  var error: Estimate {
    guard labels.count > 1, !isSeparate else { return Estimate(0) }
    switch clusters.rank {
    case 0:
      let weights = clusters.members.map(\.probability)
      let best = decide(weights.map { log($0) })
      return Estimate(zip(own, weights).reduce(0) { $0 + ($1.0 == best ? 0 : $1.1) })
    case 1: return Estimate(alongLine(through: []))
    case 2:
      let ranges = Self.ranges(clusters.points.map { $0[0] })
      return Estimate(
        ranges.reduce(0) { sum, range in
          sum
            + Integration.integral(
              from: range.lowerBound, to: range.upperBound, tolerance: 1e-8
            ) { alongLine(through: [$0]) }
        })
    default: return sampled
    }
  }

  /// ∫ of Σ_a π_a φ(x - x_a) 1{decision is not y_a} along the last direction, at given other
  /// coordinates.
  private func alongLine(through place: [Double]) -> Double {
    // log of π_a φ(place - x_a), and the position along the line.
    let weights = zip(clusters.members, clusters.points).map { member, point in
      zip(place, point).reduce(log(member.probability)) { sum, pair in
        sum - 0.5 * (pair.0 - pair.1) * (pair.0 - pair.1) - 0.5 * log(2 * Double.pi)
      }
    }
    let positions = clusters.points.map { $0[place.count] }
    func decision(_ x: Double) -> Int {
      decide(zip(weights, positions).map { $0 - 0.5 * (x - $1) * (x - $1) })
    }
    let places = self.places(weights, positions)
    var error = 0.0
    var (start, x, label) = (-Double.infinity, places[0], decision(places[0]))
    /// Adds what errs where `label` is decided.
    func close(at end: Double) {
      for (a, weight) in weights.enumerated() where own[a] != label {
        error +=
          exp(weight)
          * NormalDistribution.probability(from: start - positions[a], to: end - positions[a])
      }
      start = end
    }
    for next in places.dropFirst() {
      let nextLabel = decision(next)
      while label != nextLabel {
        var (left, right, found) = (x, next, nextLabel)
        while right - left > Self.accuracy {
          let middle = 0.5 * (left + right)
          guard middle > left, middle < right else { break }
          let middleLabel = decision(middle)
          if middleLabel == label { left = middle } else { (right, found) = (middle, middleLabel) }
        }
        close(at: 0.5 * (left + right))
        (x, label) = (right, found)
      }
      x = next
    }
    close(at: .infinity)
    return error
  }

  /// Ascending places along a line between which decisions are looked for: a grid, and the middle
  /// between neighbouring places where two clusters of different label are equally likely.
  ///
  /// - Parameters:
  ///   - weights: the logarithms of π_a φ(place - x_a) in the other directions.
  ///   - positions: of the clusters along the line.
  private func places(_ weights: [Double], _ positions: [Double]) -> [Double] {
    let ranges = Self.ranges(positions)
    let (lower, upper) = (ranges[0].lowerBound, ranges[ranges.count - 1].upperBound)
    let grid = ranges.flatMap { range in
      let length = range.upperBound - range.lowerBound
      let cells = Int((length / Self.spacing).rounded(.up))
      return (0...cells).map { range.lowerBound + Double($0) * length / Double(cells) }
    }
    var ties: [Double] = []
    for a in weights.indices {
      for b in 0..<a where own[a] != own[b] && positions[a] != positions[b] {
        // log π_a φ(x - x_a) - log π_b φ(x - x_b) is linear in x.
        let shift = (weights[a] - weights[b]) / (positions[a] - positions[b])
        let tie = 0.5 * (positions[a] + positions[b]) - shift
        if tie > lower && tie < upper { ties.append(tie) }
      }
    }
    ties.sort()
    return (grid + zip(ties, ties.dropFirst()).map { 0.5 * ($0 + $1) }).sorted()
  }

  /// Whether no two clusters of different label are within each other's reach.
  private var isSeparate: Bool {
    own.indices.allSatisfy { a in
      (0..<a).allSatisfy { b in
        own[a] == own[b]
          || zip(clusters.points[a], clusters.points[b]).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
          } > Self.separate * Self.separate
      }
    }
  }

  /// Where points of the clusters at `positions` lie, ascending: one range, or, if that is long,
  /// those around single clusters, joined where they overlap.
  private static func ranges(_ positions: [Double]) -> [ClosedRange<Double>] {
    let sorted = positions.sorted()
    guard let first = sorted.first, let last = sorted.last else { return [0...0] }
    guard last - first > longest else { return [first - reach...last + reach] }
    var ranges: [ClosedRange<Double>] = []
    for place in sorted {
      if let end = ranges.last, end.upperBound >= place - reach {
        ranges[ranges.count - 1] = end.lowerBound...place + reach
      } else {
        ranges.append(place - reach...place + reach)
      }
    }
    return ranges
  }

  /// The label with the largest posterior, given the logarithms of the clusters' weights; the first
  /// of equal ones.
  private func decide(_ logarithms: [Double]) -> Int {
    let largest = logarithms.max() ?? 0
    var sums = [Double](repeating: 0, count: labels.count)
    for (a, value) in logarithms.enumerated() { sums[own[a]] += exp(value - largest) }
    var best = 0
    for index in sums.indices where sums[index] > sums[best] { best = index }
    return best
  }

  /// r > 2: the average of the error along lines through points drawn from the clusters.
  private var sampled: Estimate {
    let width = clusters.rank - 1
    let points = QuasiRandomPoints(dimension: width, count: 128, shifts: 8, seed: 0xb0bd)
    let errors = points.shifts.map { shift in
      let rule = NormalRule(dimension: width, points: shift)
      return zip(clusters.members, clusters.points).reduce(0.0) { sum, cluster in
        rule.weights.indices.reduce(sum) { sum, index in
          let place = zip(rule[index], cluster.1).map { $0 + $1 }
          return sum + cluster.0.probability * rule.weights[index] * alongLine(through: place)
            / density(place)
        }
      }
    }
    return Estimate(mean: errors)
  }

  /// Σ_a π_a φ(place - x_a) over all directions but the last.
  private func density(_ place: [Double]) -> Double {
    zip(clusters.members, clusters.points).reduce(0) { sum, cluster in
      sum
        + zip(place, cluster.1).reduce(cluster.0.probability) {
          $0 * NormalDistribution.density($1.0 - $1.1)
        }
    }
  }
}
