internal import LearningProblem
internal import NumericalKit

/// The inputs of one run as mixtures of all coordinates, where groups are of principal axes.
/// `[inputs.rotation]`
struct InputRotation {
  private let dimension: Int
  private let rotation: RandomRotation

  /// Draws the directions of the axes; nil where coordinates are inputs.
  init?(_ plan: RunPlan) {
    guard plan.dynamics.groups?.basis == .axes else { return nil }
    dimension = plan.dimension
    var stream = plan.stream(.rotation)
    rotation = RandomRotation(dimension: plan.dimension, stream: &stream)
  }

  /// Coordinates of vectors of d inputs, one behind the other.
  func coordinates(_ inputs: [Double]) -> [Double] {
    stride(from: 0, to: inputs.count, by: dimension).flatMap {
      rotation.applied(to: inputs[$0..<$0 + dimension])
    }
  }

  /// Inputs of vectors of d coordinates, one behind the other.
  func inputs(_ coordinates: [Double]) -> [Double] {
    stride(from: 0, to: coordinates.count, by: dimension).flatMap {
      rotation.inverse(of: coordinates[$0..<$0 + dimension])
    }
  }
}
