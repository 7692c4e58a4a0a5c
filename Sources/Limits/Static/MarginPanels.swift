internal import Foundation
internal import NumericalKit

/// E[F(z)] for z ~ N(0, 1), where F is smooth but for a few known places. `[static.panels]`
///
/// Gauss-Legendre of order 16 on panels of at most 2.5 over |z| <= 10: panels end at kinks, and
/// become geometrically narrower towards bends.
struct MarginPanels {
  private static let rule = Quadrature.legendre(order: 16)
  private static let reach = 10.0
  private static let widest = 2.5
  private static let growth = 4.0

  /// Ends of the panels, ascending.
  private let edges: [Double]

  /// Panels for a function of mean + deviation z that turns at `places` within `width`.
  init(mean: Double, deviation: Double, places: [Double], width: Double) {
    let (reach, widest) = (Self.reach, Self.widest)
    var edges = Array(stride(from: -reach, through: reach, by: widest))
    for place in places {
      let z = (place - mean) / deviation
      if width == 0 {
        edges.append(z)
        continue
      }
      var distance = 2 * width / deviation
      while distance < widest {
        edges += [z - distance, z + distance]
        distance *= Self.growth
      }
    }
    self.edges = edges.filter { abs($0) <= reach }.sorted()
  }

  /// Calls `body` with every node z and its weight, the normal density included.
  func forEach(_ body: (_ z: Double, _ weight: Double) -> Void) {
    for (lower, upper) in zip(edges, edges.dropFirst()) where upper > lower {
      let (half, middle) = (0.5 * (upper - lower), 0.5 * (upper + lower))
      for (node, weight) in zip(Self.rule.nodes, Self.rule.weights) {
        let z = middle + half * node
        body(z, half * weight * NormalDistribution.density(z))
      }
    }
  }
}
