internal import LearningProblem

extension FlowScheme {
  /// Runge-Kutta-Chebyshev steps that grow with time, for smooth flows. `[flow.chebyshev]`
  ///
  /// Order 2. A step of s stages is stable up to h times the curvature of 2/3 (s² - 1), so that
  /// their number grows as the root of the step. B. P. Sommeijer, L. F. Shampine, J. G. Verwer, J.
  /// Comput. Appl. Math. 88 (1997) 315, equations 2.1 to 2.8, damping ε = 2/13.
  ///
  /// - Parameters:
  ///   - parts: into how many equal steps the time between two results is divided.
  ///   - steepest: an upper bound of the curvature, the largest eigenvalue of ∂G/∂w.
  static func chebyshev(_ flow: Flow, parts: Int, steepest: Double) -> FlowScheme {
    var steps: [LinearStep] = []
    var outputs = [0]
    for (start, end) in zip(flow.outputs, flow.outputs.dropFirst()) {
      let h = flow.step * Double(end - start) / Double(parts)
      for _ in 0..<parts { appendChebyshev(h, stages: Int(stages(h * steepest)), to: &steps) }
      outputs.append(steps.count)
    }
    return FlowScheme(steps: steps, outputs: outputs, step: nil)
  }

  /// The number of stages of all steps of `chebyshev`, which may be more than an Int holds.
  static func countOfStages(_ flow: Flow, parts: Int, steepest: Double) -> Double {
    zip(flow.outputs, flow.outputs.dropFirst()).reduce(0) { count, ends in
      let h = flow.step * Double(ends.1 - ends.0) / Double(parts)
      return count + Double(parts) * stages(h * steepest)
    }
  }

  /// The fewest stages, at least 2, that are stable at `stiffness` = h times the curvature.
  static func stages(_ stiffness: Double) -> Double {
    max(2, (1 + 1.54 * stiffness).squareRoot().rounded(.up))
  }

  /// One step of size h from the last point present.
  private static func appendChebyshev(_ h: Double, stages s: Int, to steps: inout [LinearStep]) {
    let start = steps.count  // the number of the point w(start), Y_0
    let order = Double(s)
    let w0 = 1 + 2 / (13 * order * order)
    // T_j, T_j' and T_j'' at w0.
    var (t, d, dd) = ([1, w0], [0.0, 1], [0.0, 0])
    for j in 2...s {
      t.append(2 * w0 * t[j - 1] - t[j - 2])
      d.append(2 * t[j - 1] + 2 * w0 * d[j - 1] - d[j - 2])
      dd.append(4 * d[j - 1] + 2 * w0 * dd[j - 1] - dd[j - 2])
    }
    let w1 = d[s] / dd[s]
    var b = (0...s).map { $0 < 2 ? 0 : dd[$0] / (d[$0] * d[$0]) }
    (b[0], b[1]) = (b[2], b[2])
    let a = (0...s).map { 1 - b[$0] * t[$0] }

    steps.append(
      LinearStep(
        states: [.init(point: start, weight: 1)],
        gradients: [.init(point: start, weight: b[1] * w1 * h)]))
    for j in 2...s {
      let mu = 2 * b[j] * w0 / b[j - 1]
      let nu = -b[j] / b[j - 2]
      let slope = 2 * b[j] * w1 / b[j - 1] * h
      steps.append(
        LinearStep(
          states: [
            .init(point: start + j - 1, weight: mu), .init(point: start + j - 2, weight: nu),
            .init(point: start, weight: 1 - mu - nu),
          ],
          gradients: [
            .init(point: start + j - 1, weight: slope),
            .init(point: start, weight: -a[j - 1] * slope),
          ]))
    }
  }
}
