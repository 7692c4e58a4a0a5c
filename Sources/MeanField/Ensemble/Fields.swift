/// The fields of the trajectories of a block at one time. `[site.sample]`
struct Fields: Sendable {
  /// h, [k][trajectory].
  let values: [[Double]]

  /// h_k = B m_k + √Δ [±smooth + echo].
  ///
  /// - Parameters:
  ///   - means: B_a m_k, [k][cluster].
  ///   - smooth: Σ_r L_r ε_r, [k][pair]; the second member of a pair has the other sign.
  ///   - echo: Σ_s R(t, s) kick(s), [k][trajectory].
  init(_ trajectories: Trajectories, means: [[Double]], smooth: [[Double]], echo: [[Double]]) {
    let (pairs, clusterOf) = (trajectories.pairs, trajectories.clusterOf)
    let scales = trajectories.fieldScales
    values = echo.indices.map { k in
      var values = echo[k]
      var row = values.mutableSpan
      let (means, smooth) = (means[k], smooth[k])
      for j in 0..<pairs {
        let mean = means[clusterOf[j]]
        row[j] = mean + scales[j] * (smooth[j] + row[j])
        row[j + pairs] = mean + scales[j] * (row[j + pairs] - smooth[j])
      }
      return values
    }
  }
}
