internal import LearningProblem
internal import NumericalKit

/// The coordinates of the inputs of one run, in which their covariance is diagonal: those of each
/// group, one group behind the other. `[inputs.shares]`
///
/// Vectors of d entries are either over coordinates or over inputs, on which masks and rules act;
/// the two are the same unless the groups are of principal axes: see `InputRotation`.
public struct InputLayout: Sendable {
  /// The coordinates of each group; one range of all where inputs are alike.
  public let ranges: [Range<Int>]
  /// √f of each coordinate, of all clusters or of each.
  let scales: InputScales
  private let groups: InputGroups?

  /// Shares are rounded to whole coordinates by largest remainders; nil stands for alike inputs.
  init(_ groups: InputGroups?, dimension: Int) {
    self.groups = groups
    guard let groups else {
      (ranges, scales) = ([0..<dimension], InputScales(rows: []))
      return
    }
    var first = 0
    var ranges = [Range<Int>]()
    for count in groups.counts(of: dimension) {
      ranges.append(first..<first + count)
      first += count
    }
    self.ranges = ranges
    scales = InputScales(
      rows: (0..<max(1, groups.groups[0].variances.count)).map { a in
        zip(groups.groups, ranges).flatMap { group, range in
          [Double](
            repeating: group.variance(ofCluster: a).squareRoot(), count: range.count)
        }
      })
  }

  /// v over the coordinates from independent ε: v = L ε in each group. `[inputs.root]`
  func signals(_ components: [[Double]]) -> [[Double]] {
    guard let groups else { return components }
    var signals = components
    for (group, range) in zip(groups.groups, ranges) {
      for p in signals.indices {
        for j in range {
          signals[p][j] = components.indices.reduce(0) {
            $0 + group.root[p][$1] * components[$1][j]
          }
        }
      }
    }
    return signals
  }
}
