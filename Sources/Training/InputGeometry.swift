internal import LearningProblem
internal import NumericalKit

/// The inputs of one run in groups: the coordinates of each group, one group behind the other, and
/// how these coordinates are made of inputs. `[inputs.shares]` `[inputs.rotation]`
///
/// Vectors of d entries are either over coordinates, in which the covariance of the inputs is
/// diagonal, or over inputs, on which masks and rules act; the two are the same unless the groups
/// are of principal axes.
public struct InputGeometry {
  /// The coordinates of each group; one range of all where inputs are alike.
  public let ranges: [Range<Int>]
  /// √f of each coordinate.
  let scales: InputScales
  private let dimension: Int
  /// Coordinates from inputs; nil where they are the same.
  private let rotation: RandomRotation?
  private let groups: InputGroups?

  /// The geometry of a run: shares are rounded to whole coordinates by largest remainders.
  public init(_ plan: RunPlan) {
    self.init(plan.dynamics.groups, dimension: plan.dimension) { plan.stream(.rotation) }
  }

  /// The same for any groups; `stream` draws the directions of axes.
  init(_ groups: InputGroups?, dimension: Int, stream: () -> RandomStream) {
    self.groups = groups
    self.dimension = dimension
    guard let groups else {
      (ranges, scales, rotation) = ([0..<dimension], InputScales(values: []), nil)
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
      values: zip(groups.groups, ranges).flatMap { group, range in
        [Double](repeating: group.variance.squareRoot(), count: range.count)
      })
    var drawn = stream()
    rotation =
      groups.basis == .axes ? RandomRotation(dimension: dimension, stream: &drawn) : nil
  }

  /// Whether coordinates are mixtures of inputs.
  public var isRotated: Bool { rotation != nil }

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

  /// Coordinates of vectors of d inputs, one behind the other.
  func coordinates(_ inputs: [Double]) -> [Double] {
    guard let rotation else { return inputs }
    return stride(from: 0, to: inputs.count, by: dimension).flatMap {
      rotation.applied(to: inputs[$0..<$0 + dimension])
    }
  }

  /// Inputs of vectors of d coordinates, one behind the other.
  func inputs(_ coordinates: [Double]) -> [Double] {
    guard let rotation else { return coordinates }
    return stride(from: 0, to: coordinates.count, by: dimension).flatMap {
      rotation.inverse(of: coordinates[$0..<$0 + dimension])
    }
  }
}
