/// What the probes under the closed sites of a plan follow: the kernels of a finished march.
///
/// Made once for an exact march, whatever the number of batches.
struct Probes: Sendable {
  /// What sampled data points follow, for each cluster that differs in shape; none if none are
  /// needed.
  let samples: [SampleProbe.Kernels]
  /// What sampled weights follow, for each group of weights; none if none are needed.
  let weights: [WeightProbe.Kernels]
}
