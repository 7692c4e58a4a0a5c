/// What fluctuates beside what responds, from a waiting time t_w on, by lag τ.
/// `[stationary.temperature]` `[aging.temperature]`
///
/// In a steady state it does not depend on the waiting time.
public struct FluctuationDissipation: Sendable {
  /// The numbers of one lag.
  public struct Point: Sendable, Equatable {
    /// D(t_w + τ, t_w), half the mean square of what a weight moves in τ steps.
    public let displacement: Double
    /// -Σ_s R(t_w + τ, s) over t_w ≤ s < t_w + τ, positive: how far a weight follows a constant
    /// field.
    public let integratedResponse: Double
    /// -R(t_w + τ, t_w), what the first step of that field has of it.
    public let response: Double
    /// D(t_w + τ, t_w) - D(t_w + τ, t_w + 1), what the first step has of the displacement.
    public let firstDisplacement: Double

    /// A point; all numbers are 0 at lag 0.
    public init(
      displacement: Double, integratedResponse: Double, response: Double, firstDisplacement: Double
    ) {
      self.displacement = displacement
      self.integratedResponse = integratedResponse
      self.response = response
      self.firstDisplacement = firstDisplacement
    }

    /// T_eff = displacement / integrated response; nan at lag 0.
    public var temperature: Double {
      integratedResponse == 0 ? .nan : displacement / integratedResponse
    }
  }

  /// The points, in the order of their lags: 0, 1, and any larger ones.
  public let points: [Point]
  /// A displacement that counts as large: a millionth of it is none.
  public let scale: Double

  /// Points of lags that begin with 0 and 1.
  public init(_ points: [Point], scale: Double) {
    self.points = points
    self.scale = scale
  }

  /// T_eff over one step.
  public var shortTemperature: Double { points[1].temperature }

  /// T_eff(τ); nan at lag 0.
  public var temperature: [Double] { points.map(\.temperature) }

  /// X(τ), the ratio of response and displacement of the first step in units of 1/T_eff(1): 1 in
  /// equilibrium; nan at lag 0 and where the displacement has stopped.
  public var ratio: [Double] {
    let reference = shortTemperature
    return points.map { point in
      abs(point.firstDisplacement) > 1e-6 * scale
        ? reference * point.response / point.firstDisplacement : .nan
    }
  }
}
