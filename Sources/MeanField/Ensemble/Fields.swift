/// The fields of the trajectories of a block at one time. `[site.sample]`
struct Fields: Sendable {
  /// h, [k][trajectory].
  private(set) var values: [[Double]]

  /// h_k = B m_k + √Δ [±smooth + echo].
  ///
  /// - Parameters:
  ///   - means: B_a m_k, [k][cluster].
  ///   - smooth: Σ_r L_r ε_r, [k][pair]; the second member of a pair has the other sign.
  ///   - echo: Σ_s R(t, s) kick(s), [k][trajectory].
  init(_ trajectories: Trajectories, means: [[Double]], smooth: [[Double]], echo: [[Double]]) {
    values = echo
    let pairs = trajectories.pairs
    for k in values.indices {
      for j in 0..<pairs {
        let mean = means[k][trajectories.clusterOf[j]]
        let scale = trajectories.fieldScales[j]
        values[k][j] = mean + scale * (smooth[k][j] + echo[k][j])
        values[k][j + pairs] = mean + scale * (echo[k][j + pairs] - smooth[k][j])
      }
    }
  }

  /// Σ a |h_k|, the mean over units: the activity, averaged over the mask of this step.
  /// `[observable.activity]`
  func activity(_ presence: Presence) -> Double {
    var sum = 0.0
    for row in values { for j in row.indices { sum += presence.conditional[j] * abs(row[j]) } }
    return sum / Double(values.count)
  }
}
