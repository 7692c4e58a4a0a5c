internal import CNumerics
internal import Foundation

/// Roots of several functions of as many variables.
public enum RootFinding {
  /// A place where all functions vanish, as far as `residual` says.
  public struct Root: Sendable {
    /// The place of the root.
    public let x: [Double]
    /// The largest |f_i| there; infinite if the functions are not finite.
    public let residual: Double

    /// Creates a root.
    public init(x: [Double], residual: Double) {
      self.x = x
      self.residual = residual
    }
  }

  /// Powell's hybrid method with scaled variables and differences for derivatives (GSL's
  /// `hybrids`).
  ///
  /// GSL takes differences in proportion to a variable, which is no scale where it vanishes: the
  /// variables it sees are moved away from 0 by 1. Variables should be of order one, or larger.
  ///
  /// - Parameters:
  ///   - start: where to begin, at least one variable.
  ///   - tolerance: the residual at which to stop.
  ///   - iterations: the most steps, each of one call of `function`, or of one per variable more.
  ///   - function: as many values as variables.
  /// - Returns: the last iterate, whether converged or not.
  ///
  /// M. J. D. Powell in P. Rabinowitz (ed.), Numerical Methods for Nonlinear Algebraic Equations
  /// (1970).
  public static func hybrids(
    from start: [Double], tolerance: Double, iterations: Int = 100,
    of function: ([Double]) -> [Double]
  ) -> Root {
    let count = start.count
    precondition(count >= 1 && Libraries.ready, "a root needs a variable")
    guard let first = unsafe gsl_vector_alloc(count),
      let solver = unsafe gsl_multiroot_fsolver_alloc(dmft_multiroot_hybrids(), count)
    else { preconditionFailure("no memory for \(count) variables") }
    defer {
      unsafe gsl_multiroot_fsolver_free(solver)
      unsafe gsl_vector_free(first)
    }
    let shifts = start.map { $0 < 0 ? -1.0 : 1.0 }
    for (i, value) in start.enumerated() { unsafe gsl_vector_set(first, i, value + shifts[i]) }
    func moved(_ place: [Double]) -> [Double] { function(zip(place, shifts).map { $0 - $1 }) }
    return unsafe withGSLFunctions(count, moved) { system in
      guard unsafe gsl_multiroot_fsolver_set(solver, &system, first) == 0 else {
        return Root(x: start, residual: .infinity)
      }
      func root() -> Root {
        let x = shifts.indices.map { unsafe gsl_vector_get(solver.pointee.x, $0) - shifts[$0] }
        let values = (0..<count).map { unsafe abs(gsl_vector_get(solver.pointee.f, $0)) }
        return Root(x: x, residual: values.max() ?? .infinity)
      }
      var best = root()
      for _ in 0..<iterations where best.residual > tolerance {
        guard unsafe gsl_multiroot_fsolver_iterate(solver) == 0 else { break }
        let next = root()
        if next.residual <= best.residual { best = next }
      }
      return best
    }
  }

  /// The root as a positive parameter of the functions goes from `first` to `last`: steps of a
  /// constant factor, each begun on the straight line through the last two roots, shorter where it
  /// fails.
  ///
  /// - Parameters:
  ///   - root: a root at `first`, or a place near it.
  ///   - first: the parameter to begin with, above 0.
  ///   - last: the parameter whose root is sought, above 0.
  ///   - factor: the largest ratio of two successive parameters.
  ///   - tolerance: the residual that each root must reach.
  ///   - function: the functions at a place and a parameter.
  /// - Returns: the root at `last`; where the path breaks off, the place where it did, with the
  ///   residual.
  public static func follow(
    _ root: [Double], from first: Double, to last: Double, factor: Double = 10,
    tolerance: Double, of function: ([Double], Double) -> [Double]
  ) -> Root {
    precondition(first > 0 && last > 0 && factor > 1, "parameters \(first), \(last) must be > 0")
    func solved(_ guess: [Double], _ parameter: Double) -> Root {
      hybrids(from: guess, tolerance: 0.01 * tolerance) { function($0, parameter) }
    }
    var (parameter, factor) = (first, factor)
    var here = solved(root, first)
    var slope = [Double](repeating: 0, count: root.count)
    while parameter != last, here.residual <= tolerance {
      let ratio = max(min(last / parameter, factor), 1 / factor)
      let next = abs(last / (parameter * ratio) - 1) < 1e-12 ? last : parameter * ratio
      let step = log(next / parameter)
      let root = solved(zip(here.x, slope).map { $0 + $1 * step }, next)
      if root.residual <= tolerance {
        slope = zip(root.x, here.x).map { ($0 - $1) / step }
        (here, parameter) = (root, next)
      } else {
        factor = factor.squareRoot()
        if factor < 1.001 { return Root(x: here.x, residual: root.residual) }
      }
    }
    return here
  }
}
