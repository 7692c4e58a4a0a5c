internal import NumericalKit

/// What becomes of the rows of a frame after a step, for every block of trajectories.
struct FrameStep: Sendable {
  /// A merge of kicks, and how the noise turns; both of flat rows.
  struct Merge: Sendable {
    var kicks: RowMerge
    var noise: RowMerge
  }

  /// The noise of the next step.
  var noise: [NoiseCompletion]
  /// In their order, when kicks and noise are complete.
  var merges: [Merge] = []
}
