extension FlowScheme {
  /// Two-step Adams-Bashforth, one gradient per step, for equal steps. `[flow.adams]`
  ///
  ///   w(n+1) = w(n) - h [3/2 G(n) - 1/2 G(n-1)],   w(n+1) = w(n) - h G(n) at n = 0 and restarts.
  ///
  /// Order 2, stable for h times the curvature below 1. In sums over many steps all gradients but
  /// the last two have the weights of the trapezoidal rule, which is what switches that jump
  /// between points need.
  ///
  /// - Parameter restarts: the points at which numbers jump. `[schedule.restart]`
  static func adamsBashforth(
    steps: Int, step h: Double, every parts: Int, restarts: Set<Int> = []
  ) -> FlowScheme {
    FlowScheme(
      steps: (0..<steps).map { n in
        LinearStep(
          states: [.init(point: n, weight: 1)],
          gradients: n == 0 || restarts.contains(n)
            ? [.init(point: n, weight: h)]
            : [.init(point: n, weight: 1.5 * h), .init(point: n - 1, weight: -0.5 * h)])
      },
      outputs: Array(stride(from: 0, through: steps, by: parts)), step: h)
  }
}
