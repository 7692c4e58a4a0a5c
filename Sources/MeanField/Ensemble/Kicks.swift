/// The kicks s g of a step in two parts. `[sampling.conditional]`
struct Kicks: Sendable {
  /// a g, the mean over the mask of this step, [k][trajectory].
  let drift: [[Double]]
  /// δ = (s - a) g, the rest; 0 in a full batch.
  let delta: [[Double]]

  /// Kicks under a mask.
  init(_ gradients: Gradients, _ presence: Presence) {
    let (conditional, isOn) = (presence.conditional, presence.isOn)
    drift = gradients.values.map { row in row.indices.map { conditional[$0] * row[$0] } }
    delta = gradients.values.map { row in
      row.indices.map { ((isOn[$0] ? 1 : 0) - conditional[$0]) * row[$0] }
    }
  }

  /// Kicks in a full batch, which are the gradients.
  init(all gradients: Gradients) {
    drift = gradients.values
    delta = []
  }
}
