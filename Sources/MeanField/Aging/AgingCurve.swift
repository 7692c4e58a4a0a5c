public import Observables

/// Correlation and response between a waiting time and later ones, means over the hidden units.
/// `[aging.temperature]`
public struct AgingCurve: Sendable {
  /// What is known of one pair of times t_w and t = t_w + lag.
  public struct Point: Sendable, Equatable {
    /// t - t_w, in steps.
    public let lag: Int
    /// C(t, t_w).
    public internal(set) var correlation: Double
    /// C(t, t).
    public internal(set) var norm: Double
    /// C(t, t_w + 1); 0 at lag 0.
    var nextCorrelation: Double
    /// -R(t, t_w).
    public internal(set) var response: Double
    /// -Σ_s R(t, s) over t_w ≤ s < t. `[aging.sum]`
    public internal(set) var integratedResponse: Double
  }

  /// t_w, in steps.
  public let waiting: Int
  /// Lags 0, 1 and further ones.
  public internal(set) var points: [Point]

  /// What fluctuates beside what responds, at the lags of the points.
  public var fluctuationDissipation: FluctuationDissipation {
    let (start, next) = (points[0].norm, points[1].norm)
    let list = points.map { point in
      let displacement = 0.5 * (point.norm + start) - point.correlation
      let later = 0.5 * (point.norm + next) - point.nextCorrelation
      return FluctuationDissipation.Point(
        displacement: displacement, integratedResponse: point.integratedResponse,
        response: point.response, firstDisplacement: point.lag == 0 ? 0 : displacement - later)
    }
    return FluctuationDissipation(
      list, scale: list.reduce(0) { max($0, abs($1.displacement)) })
  }

  /// The mean of the curves of several paths of the hidden units, which have the same lags.
  init(meanOf curves: [AgingCurve]) {
    func mean(_ index: Int, _ quantity: (Point) -> Double) -> Double {
      curves.reduce(0) { $0 + quantity($1.points[index]) } / Double(curves.count)
    }
    waiting = curves[0].waiting
    points = curves[0].points.enumerated().map { index, point in
      Point(
        lag: point.lag, correlation: mean(index, \.correlation), norm: mean(index, \.norm),
        nextCorrelation: mean(index, \.nextCorrelation), response: mean(index, \.response),
        integratedResponse: mean(index, \.integratedResponse))
    }
  }

  /// Nothing yet.
  init(waiting: Int) {
    self.waiting = waiting
    points = []
  }
}

/// The curves of all waiting times, of one exact solve or of several independent ones.
public struct Aging: Sendable {
  /// Curves of each solve, in the order of the waiting times; one solve if nothing was sampled.
  public let solves: [[AgingCurve]]

  /// Whether nothing was sampled.
  public var isExact: Bool { solves.count == 1 }

  /// t_w, in steps.
  public var waiting: [Int] { solves[0].map(\.waiting) }

  /// The lags after the waiting time with that index.
  public func lags(_ index: Int) -> [Int] { solves[0][index].points.map(\.lag) }

  /// Mean and standard error, over the solves, of each entry of a list of the waiting time with
  /// that index.
  public func estimates(_ index: Int, _ quantity: (AgingCurve) -> [Double]) -> [Estimate] {
    let lists = solves.map { quantity($0[index]) }
    return lists[0].indices.map { entry in Estimate(mean: lists.map { $0[entry] }) }
  }
}
