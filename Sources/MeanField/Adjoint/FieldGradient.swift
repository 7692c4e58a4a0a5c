internal import NumericalKit

/// The derivatives of a sum of observables by what one sample site sees of the weights at one time.
/// `[gradient.samples]`
struct FieldGradient {
  /// By m_p(t).
  var overlaps: [Double]
  /// By C^a(t, ·) over the past and t itself.
  var correlation: [Double]
  /// By R^a(t, ·) over the past.
  var response: [Double]

  /// Nothing depends on it.
  init(directions: Int, time: Int) {
    overlaps = [Double](repeating: 0, count: directions)
    correlation = [Double](repeating: 0, count: time + 1)
    response = [Double](repeating: 0, count: time)
  }

  /// Adds another one of the same time.
  mutating func add(_ other: FieldGradient) {
    DenseVector.add(1, other.overlaps, to: &overlaps)
    DenseVector.add(1, other.correlation, to: &correlation)
    DenseVector.add(1, other.response, to: &response)
  }
}
