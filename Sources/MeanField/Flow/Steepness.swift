internal import LearningProblem

extension Dynamics {
  /// An upper bound of the curvature of the cost times the speed, the largest eigenvalue of
  /// p ∂G/∂w; nil where the loss of a field has none. `[flow.steepness]` `[schedule.speed]`
  var steepness: Double? {
    guard problem.copies == 1, problem.network is Perceptron,
      let loss = problem.loss as? any OutputLoss,
      let curvature = type(of: loss).largestCurvature,
      data.teacher?.labels != .regression || loss is SquareLoss
    else { return nil }
    return largest(speed)
      * (largest(decay) + largest(strength) * curvature * largestDataEigenvalue)
  }

  /// The largest of a number at the results: between two of them it rises or falls.
  private func largest(_ number: (Int) -> Double) -> Double {
    (0...grid.steps).reduce(0) { max($0, number($1)) }
  }

  /// The upper edge of the spectrum of Xᵀ X/d, outliers included, at the largest of the variances.
  private var largestDataEigenvalue: Double {
    let widest = groups?.largestVariance ?? 1
    let variance = widest * data.clusters.reduce(0) { max($0, $1.variance) }
    let edge = variance * (1 + samplesPerWeight.squareRoot()) * (1 + samplesPerWeight.squareRoot())
    guard data.teacher == nil else { return edge }
    // E|B|² is at least the largest eigenvalue of E[B Bᵀ]; outliers rise with it.
    let signal = data.clusters.reduce(0) { sum, cluster in
      sum + cluster.probability * cluster.centre.reduce(0) { $0 + $1 * $1 }
    }
    guard signal > 0, samplesPerWeight.squareRoot() * signal > variance else { return edge }
    return max(edge, (signal + variance) * (samplesPerWeight * signal + variance) / signal)
  }
}
