public import Observables

/// What direct training measured, the counterpart of `Solution`.
public struct TrainingResult: Answer {
  /// One curve per observable, the mean over the runs with its standard error.
  public let curves: [Curve]
  /// What each run measured.
  public let recordings: [Recording]

  init(_ recordings: [Recording]) {
    self.recordings = recordings
    curves = Curve.mean(of: recordings)
  }
}
