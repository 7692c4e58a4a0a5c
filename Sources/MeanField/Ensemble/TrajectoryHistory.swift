internal import NumericalKit

/// The past of a block of trajectories: the noise of their fields and the kicks so far.
///
/// Kicks of a masked step are known only when all blocks have taken it. They are completed when the
/// next step comes, so that the history is read from memory once per step.
protocol TrajectoryHistory: Sendable {
  /// Completes what the step before left open, its kicks and the rows that they and the noise stand
  /// in `[sampling.orthogonal]`, and returns the fields h of the whole network at the time of
  /// `plan`. `[site.sample]`
  mutating func advance(_ plan: StepPlan) -> Fields
  /// h at the time of `plan`, whose noise has the rows `noiseRows`.
  func fields(_ plan: StepPlan, noiseRows: [[Double]]) -> Fields
  /// Adds the products of twice K vectors, [k][trajectory], with the first `noiseRows` rows of
  /// noise, the kicks so far and the indicators of the clusters.
  func addProducts(
    of first: [[Double]], _ second: [[Double]], noiseRows: Int, to sums: inout ProductSums,
    _ others: inout ProductSums)
  /// Adds the products of the kicks of a step and takes the kicks, or their parts if they are
  /// masked.
  mutating func learn(_ kicks: Kicks, noiseRows: Int, to sums: inout EnsembleSums)
}
