internal import CNumerics

/// Nodes and weights of a quadrature rule: the integral is sum of `weights[i]` f(`nodes[i]`).
public struct Quadrature: Sendable {
  /// Abscissae, ascending.
  public let nodes: [Double]
  /// Weights, one per node.
  public let weights: [Double]

  /// Gauss-Hermite rule for E[f(Z)], Z standard normal, exact for polynomials below degree 2
  /// `order`.
  public static func standardNormal(order: Int) -> Quadrature {
    precondition(order >= 1 && Libraries.ready, "order must be at least 1, got \(order)")
    // Weight exp(-b (x - a)²) with b = 1/2.
    guard
      let workspace = unsafe gsl_integration_fixed_alloc(dmft_fixed_hermite(), order, 0, 0.5, 0, 0),
      let nodes = unsafe gsl_integration_fixed_nodes(workspace),
      let weights = unsafe gsl_integration_fixed_weights(workspace)
    else { preconditionFailure("no memory for a Gauss-Hermite rule of order \(order)") }
    defer { unsafe gsl_integration_fixed_free(workspace) }
    let norm = (2 * Double.pi).squareRoot()
    return Quadrature(
      nodes: (0..<order).map { unsafe nodes[$0] },
      weights: (0..<order).map { unsafe weights[$0] / norm })
  }

  /// Gauss-Legendre rule for the integral over [-1, 1], exact for polynomials below degree 2
  /// `order`.
  public static func legendre(order: Int) -> Quadrature {
    guard Libraries.ready, order >= 1, let table = unsafe gsl_integration_glfixed_table_alloc(order)
    else { preconditionFailure("no Gauss-Legendre rule of order \(order)") }
    defer { unsafe gsl_integration_glfixed_table_free(table) }
    var (nodes, weights) = ([Double](), [Double]())
    for i in 0..<order {
      var (node, weight) = (0.0, 0.0)
      let status = unsafe gsl_integration_glfixed_point(-1, 1, i, &node, &weight, table)
      Libraries.require(status, "point \(i) of a Gauss-Legendre rule")
      nodes.append(node)
      weights.append(weight)
    }
    return Quadrature(nodes: nodes, weights: weights)
  }
}

/// Adaptive integration of smooth functions (GSL's doubly-adaptive Clenshaw-Curtis, `cquad`).
public enum Integration {
  /// The integral of `function` over [lower, upper] to relative error `tolerance`.
  ///
  /// About 16 ns a call besides the function: for set-up and checks, not for inner loops.
  public static func integral(
    from lower: Double, to upper: Double, tolerance: Double = 1e-11,
    of function: (Double) -> Double
  ) -> Double {
    let result = integrate(lower, upper, tolerance, 1e-14, function)
    Libraries.require(result.status, "integral from \(lower) to \(upper)")
    return result.value
  }

  /// The integral of any function over [lower, upper], and an upper estimate of its error.
  ///
  /// It stops at the relative error `tolerance` or the error `absolute`, or where a function with
  /// jumps or rounding noise allows no better; the estimate says which.
  public static func estimate(
    from lower: Double, to upper: Double, tolerance: Double, absolute: Double,
    of function: (Double) -> Double
  ) -> (value: Double, error: Double) {
    let result = integrate(lower, upper, tolerance, absolute, function)
    return (result.value, result.error)
  }

  private static func integrate(
    _ lower: Double, _ upper: Double, _ tolerance: Double, _ absolute: Double,
    _ function: (Double) -> Double
  ) -> (value: Double, error: Double, status: Int32) {
    precondition(Libraries.ready && lower <= upper, "bounds out of order: \(lower), \(upper)")
    guard let workspace = unsafe gsl_integration_cquad_workspace_alloc(200) else {
      preconditionFailure("no memory for integration")
    }
    defer { unsafe gsl_integration_cquad_workspace_free(workspace) }
    var (value, error) = (0.0, 0.0)
    let status = unsafe withGSLFunction(function) { integrand in
      unsafe gsl_integration_cquad(
        &integrand, lower, upper, absolute, tolerance, workspace, &value, &error, nil)
    }
    return (value, error, status)
  }
}
