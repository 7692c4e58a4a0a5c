internal import Foundation

extension RandomStream {
  /// The squared length of a standard normal vector in `dimension` >= 0 dimensions.
  ///
  /// Twice a gamma number of shape `dimension`/2, by the rejection of Marsaglia and Tsang (2000):
  /// some 60 ns, whatever the dimension.
  public mutating func chiSquare(_ dimension: Int) -> Double {
    precondition(dimension >= 0, "a vector in \(dimension) dimensions")
    guard dimension > 1 else {
      let z = dimension == 1 ? normal() : 0
      return z * z
    }
    let d = Double(dimension) / 2 - 1.0 / 3
    let width = 1 / (9 * d).squareRoot()
    while true {
      let z = normal()
      let root = 1 + width * z
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(uniform()) < z * z / 2 + d - d * cube + d * log(cube) { return 2 * d * cube }
    }
  }
}
