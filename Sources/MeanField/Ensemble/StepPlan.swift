/// What every trajectory needs to take one step, the same for all.
struct StepPlan: Sendable {
  /// t.
  var step: Int
  /// σ(t).
  var strength: Double
  /// Whether t is the last time: fields are observed, nothing responds.
  var isLast: Bool
  /// Rows of a teacher in front of the rows (t, k) of ε; 0 for mixtures.
  var staticRows: Int
  /// What each row contributes to the field of each unit in a learning pass: m_k ν, then row (t, k)
  /// of L, the factor of the covariance of the fields, and zeros for the other units of this time.
  var noiseRows: [[Double]]
  /// The rows of the whole network, where learning passes leave inputs out. `[site.dropout]`
  var wholeRows: [[Double]]?
  /// R_k·(t, ·) over the flat kicks of earlier times, for each unit.
  var memoryRows: [[Double]]
  /// Mean field Σ_p B_ap m_kp(t), [k][cluster].
  var means: [[Double]]
  /// a(t). `[network.readout]`
  var readout: [Double]
  /// How to complete the kicks of step t - 1; nil for full batches and at t = 0.
  var completion: [KickCompletion]?
  /// What becomes of the rows of a frame before this step; nil without one and at t = 0.
  var frame: FrameStep?
  /// The rows of the fields that are observed over what is there before the merge of `frame`.
  var rowsBeforeMerge: (noise: [[Double]], memory: [[Double]])?
  /// The linear fit whose remainder is sampled; nil unless masks are persistent.
  var fit: LinearFit?
}
