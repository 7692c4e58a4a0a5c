internal import NumericalKit

/// Groups of K vectors over the trajectories of a block as differences and sums over the members of
/// each pair, twice their odd and even parts, and raw noise, which is odd. `[frame.noise]`
struct PairParts: Sendable {
  private let units: Int
  /// Differences of all vectors, group by group, and twice the raw noise behind them.
  private(set) var differences: Vectors
  /// Sums of all vectors.
  private(set) var totals: Vectors

  /// The parts of vectors, [group][k][trajectory].
  init(_ groups: [[[Double]]], pairs: Int) {
    self.init(groups, pairs: pairs, more: 0)
  }

  /// The parts of vectors, and raw noise for K units from a stream.
  init(_ groups: [[[Double]]], pairs: Int, noise stream: inout RandomStream) {
    self.init(groups, pairs: pairs, more: groups[0].count)
    var normals = [Float](repeating: 0, count: units * pairs)
    var span = normals.mutableSpan
    stream.fillNormals(&span)
    let first = totals.values.count
    for (index, normal) in normals.enumerated() {
      differences.values[first + index] = 2 * Double(normal)  // over the two members of a pair
    }
  }

  private init(_ groups: [[[Double]]], pairs: Int, more: Int) {
    units = groups[0].count
    let count = groups.count * units
    var differences = Vectors(count: count + more, length: pairs)
    var totals = Vectors(count: count, length: pairs)
    var odd = differences.values.mutableSpan
    var even = totals.values.mutableSpan
    for (number, vector) in groups.joined().enumerated() {
      for j in 0..<pairs {
        let (first, second) = (vector[j], vector[j + pairs])
        odd[number * pairs + j] = first - second
        even[number * pairs + j] = first + second
      }
    }
    self.differences = differences
    self.totals = totals
  }

  /// Twice the raw noise of unit k.
  func raw(_ k: Int) -> ArraySlice<Double> { differences[totals.count + k] }
}
