internal import CNumerics

/// Solutions of y' = f(t, y) at any times, to a tolerance.
public enum OrdinaryDifferentialEquations {
  /// Why an integration stopped.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// f or y became infinite or not a number after this time.
    case notFinite(time: Double)
    /// More steps than allowed; the time reached.
    case tooManySteps(time: Double)

    /// One sentence.
    public var description: String {
      switch self {
      case .notFinite(let time): "the solution is not finite after time \(time)"
      case .tooManySteps(let time): "too many steps to reach a time beyond \(time)"
      }
    }
  }

  /// A solution and what it cost.
  public struct Solution: Sendable {
    /// y at each of the times asked for.
    public let states: [[Double]]
    /// Accepted steps.
    public let steps: Int
    /// Calls of f.
    public let evaluations: Int
  }

  /// Integrates by Runge-Kutta-Fehlberg 4(5) with adaptive steps (GSL's `rkf45`).
  ///
  /// Steps are as long as the tolerance lets them be, whatever the times asked for: GSL has no
  /// dense output, and to stop at each time would set the steps. Between the ends of a step y is
  /// the quartic that has y and f at both ends and f at θ = (3 - √3)/6 of the step, where f is
  /// taken at the cubic through the ends (Shampine 1985): an error of order h⁵, as that of the
  /// method.
  ///
  /// - Parameters:
  ///   - start: y at the first of `times`.
  ///   - times: ascending, at least one.
  ///   - tolerance: error per step, of every component y_i, in units of max(1, |y_i|).
  ///   - maximumSteps: the most steps, beyond which the integration has failed.
  ///   - derivative: f(t, y), as many numbers as `start`.
  /// - Throws: `Failure`.
  ///
  /// Costs 8 calls of f per step.
  public static func solve(
    from start: [Double], at times: [Double], tolerance: Double, maximumSteps: Int = 100_000,
    derivative: (_ time: Double, _ state: [Double]) -> [Double]
  ) throws(Failure) -> Solution {
    precondition(
      Libraries.ready && tolerance > 0 && !start.isEmpty && !times.isEmpty
        && zip(times, times.dropFirst()).allSatisfy { $0 <= $1 },
      "times must ascend, tolerance \(tolerance) be positive, the state not be empty")
    var evaluations = 0
    func counted(_ time: Double, _ state: [Double]) -> [Double] {
      evaluations += 1
      return derivative(time, state)
    }
    let result = unsafe withGSLSystem(start.count, counted) { system in
      unsafe integrate(&system, start, times, tolerance, maximumSteps, counted)
    }
    let (states, steps) = try result.get()
    return Solution(states: states, steps: steps, evaluations: evaluations)
  }

  private static func integrate(
    _ system: inout gsl_odeiv2_system, _ start: [Double], _ times: [Double], _ tolerance: Double,
    _ maximumSteps: Int, _ derivative: (Double, [Double]) -> [Double]
  ) -> Result<(states: [[Double]], steps: Int), Failure> {
    let count = start.count
    guard let stepper = unsafe gsl_odeiv2_step_alloc(dmft_ode_fehlberg(), count),
      let control = unsafe gsl_odeiv2_control_y_new(tolerance, tolerance),
      let evolution = unsafe gsl_odeiv2_evolve_alloc(count)
    else { preconditionFailure("no memory for an integration") }
    defer {
      unsafe gsl_odeiv2_evolve_free(evolution)
      unsafe gsl_odeiv2_control_free(control)
      unsafe gsl_odeiv2_step_free(stepper)
    }
    let end = times[times.count - 1]
    var time = times[0]
    var state = start
    var slope = derivative(time, state)
    guard slope.allSatisfy(\.isFinite) else { return .failure(.notFinite(time: time)) }
    var states: [[Double]] = times.prefix { $0 <= time }.map { _ in start }
    var length = max((end - time) / 100, 1e-300)
    var steps = 0
    while states.count < times.count {
      guard steps < maximumSteps else { return .failure(.tooManySteps(time: time)) }
      let (before, old, oldSlope) = (time, state, slope)
      let status = unsafe gsl_odeiv2_evolve_apply(
        evolution, control, stepper, &system, &time, end, &length, &state)
      guard status == 0, state.allSatisfy(\.isFinite) else {
        return .failure(.notFinite(time: before))
      }
      slope = derivative(time, state)
      guard slope.allSatisfy(\.isFinite) else { return .failure(.notFinite(time: before)) }
      steps += 1
      guard times[states.count] <= time else { continue }
      let quartic = Quartic(before, time, old, state, oldSlope, slope, derivative)
      while states.count < times.count, times[states.count] <= time {
        states.append(quartic(times[states.count]))
      }
    }
    return .success((states, steps))
  }

  /// y within one step.
  private struct Quartic {
    let start: Double
    let length: Double
    let coefficients: [[Double]]  // of θ⁰ ... θ⁴, per component

    init(
      _ start: Double, _ end: Double, _ left: [Double], _ right: [Double],
      _ leftSlope: [Double], _ rightSlope: [Double], _ derivative: (Double, [Double]) -> [Double]
    ) {
      self.start = start
      length = end - start
      let h = length
      let cubic = left.indices.map { i -> [Double] in
        let (a, b) = (h * leftSlope[i], h * rightSlope[i])
        let rise = right[i] - left[i]
        return [left[i], a, 3 * rise - 2 * a - b, a + b - 2 * rise, 0]
      }
      let theta = (3 - 3.0.squareRoot()) / 6
      let inside = derivative(start + theta * h, cubic.map { Self.value($0, theta) })
      // θ²(1-θ)², which changes no end, has its steepest slope at this θ.
      let steepness = 2 * theta * (1 - theta) * (1 - 2 * theta)
      coefficients = zip(cubic, inside).map { c, slope in
        let bump = (h * slope - (c[1] + theta * (2 * c[2] + 3 * theta * c[3]))) / steepness
        return [c[0], c[1], c[2] + bump, c[3] - 2 * bump, bump]
      }
    }

    func callAsFunction(_ time: Double) -> [Double] {
      let theta = length > 0 ? (time - start) / length : 1
      return coefficients.map { Self.value($0, theta) }
    }

    private static func value(_ c: [Double], _ x: Double) -> Double {
      c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * c[4])))
    }
  }
}
