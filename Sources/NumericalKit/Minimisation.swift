internal import CNumerics

/// Minima of functions of one variable.
public enum Minimisation {
  /// A place and the value there.
  public struct Point: Sendable, Equatable {
    /// The place of the minimum.
    public let x: Double
    /// The function there.
    public let value: Double

    /// Creates a point.
    public init(x: Double, value: Double) {
      self.x = x
      self.value = value
    }
  }

  /// The smallest value found by Brent's method (GSL): parabolas where they help, golden sections
  /// otherwise, so that kinks and jumps cost evaluations but do no harm.
  ///
  /// - Parameters:
  ///   - lower: the lower end of a bracket.
  ///   - middle: a point between the ends whose value is below theirs.
  ///   - upper: the upper end.
  ///   - tolerance: width of the interval at which to stop, in units of x.
  ///   - evaluations: the most calls of `function`, at least 1.
  ///   - function: finite everywhere in the bracket.
  /// - Returns: the best point known, never above `middle`.
  /// - Throws: what `function` throws, which ends the search.
  ///
  /// R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 5.
  public static func brent<Failure: Error>(
    lower: Point, middle: Point, upper: Point, tolerance: Double, evaluations: Int,
    of function: (Double) throws(Failure) -> Double
  ) throws(Failure) -> Point {
    precondition(
      lower.x < middle.x && middle.x < upper.x && middle.value < lower.value
        && middle.value < upper.value,
      "no bracket: \(lower), \(middle), \(upper)")
    var failure: Failure?
    let best = iterate(lower, middle, upper, tolerance, evaluations) { x in
      do throws(Failure) {
        return try function(x)
      } catch {
        failure = error
        return .nan
      }
    }
    if let failure { throw failure }
    return best
  }

  /// Stops early where `function` is not finite.
  private static func iterate(
    _ lower: Point, _ middle: Point, _ upper: Point, _ tolerance: Double, _ evaluations: Int,
    _ function: (Double) -> Double
  ) -> Point {
    guard Libraries.ready, let search = unsafe gsl_min_fminimizer_alloc(dmft_min_brent()) else {
      preconditionFailure("no memory for a minimisation")
    }
    defer { unsafe gsl_min_fminimizer_free(search) }
    return unsafe withGSLFunction(function) { objective in
      let status = unsafe gsl_min_fminimizer_set_with_values(
        search, &objective, middle.x, middle.value, lower.x, lower.value, upper.x, upper.value)
      guard status == 0 else { return middle }  // it evaluates a point of its own
      for _ in 1..<evaluations {
        let width = unsafe gsl_min_fminimizer_x_upper(search) - gsl_min_fminimizer_x_lower(search)
        guard width > tolerance, unsafe gsl_min_fminimizer_iterate(search) == 0 else { break }
      }
      return unsafe Point(
        x: gsl_min_fminimizer_x_minimum(search), value: gsl_min_fminimizer_f_minimum(search))
    }
  }
}
