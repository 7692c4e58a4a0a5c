internal import NumericalKit

/// Takes correlations and responses between waiting times and the present off a march.
/// `[aging.sum]`
///
/// In a frame waiting times and the steps after them have rows of their own, so that no block
/// stands across the lower end of a sum.
struct AgingRecorder: Sendable {
  private let lags: [[Int]]
  private(set) var curves: [AgingCurve]

  init(_ waiting: WaitingTimes, last: Int) {
    lags = waiting.lags(last: last)
    curves = waiting.steps.map { AgingCurve(waiting: $0) }
  }

  /// Takes what the present step `t` shows; `frame` is that of the past, nil if each step has its
  /// row.
  mutating func record(_ weights: WeightKernels, at t: Int, _ frame: HistoryFrame?) {
    for (index, lags) in lags.enumerated() {
      let start = curves[index].waiting
      let lag = t - start
      guard lag >= 0, lags.contains(lag) else { continue }
      let row = Self.functions(of: start, at: t, frame)
      let next = lag == 0 ? [] : Self.functions(of: start + 1, at: t, frame)
      let sum = frame?.sums(from: start) ?? (0..<t).map { $0 < start ? 0 : 1 }
      curves[index].points.append(
        AgingCurve.Point(
          lag: lag, correlation: Self.mean(weights.correlation, row),
          norm: Self.mean(weights.correlation, Self.functions(of: t, at: t, frame)),
          nextCorrelation: Self.mean(weights.correlation, next),
          response: -Self.mean(weights.response, row),
          integratedResponse: -Self.mean(weights.response, sum)))
    }
  }

  /// What each row has of a step, the present as the last one.
  private static func functions(of step: Int, at t: Int, _ frame: HistoryFrame?) -> [Double] {
    if let frame, step < t { return frame.row(of: step) }
    return (0...(frame?.rows ?? t)).map { step == t ? $0 == (frame?.rows ?? t) : $0 == step }
      .map { $0 ? 1 : 0 }
  }

  /// Σ_r x(r) A_kk(t, r) at the present t, the mean over units k.
  private static func mean(_ kernel: TwoTimeKernel, _ x: [Double]) -> Double {
    let units = kernel.units
    let present = kernel.count - units
    let sum = (0..<units).reduce(0.0) { sum, k in
      x.enumerated().reduce(sum) { $0 + $1.element * kernel[present + k, $1.offset * units + k] }
    }
    return sum / Double(units)
  }
}
