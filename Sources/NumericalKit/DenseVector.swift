/// Sums over arrays, in a fixed order.
public enum DenseVector {
  /// x . y over the first `x.count` entries.
  @inlinable
  public static func dot(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
    precondition(x.count == y.count, "dot product of \(x.count) and \(y.count) entries")
    var sum = 0.0
    var j = y.startIndex
    for i in x.indices {
      sum += x[i] * y[j]
      j += 1
    }
    return sum
  }

  /// x . y for arrays of one length.
  @inlinable
  public static func dot(_ x: [Double], _ y: [Double]) -> Double { dot(x[...], y[...]) }

  /// y += a x over the first `x.count` entries.
  @inlinable
  public static func add(_ a: Double, _ x: [Double], to y: inout [Double]) {
    precondition(x.count <= y.count, "adding \(x.count) entries to \(y.count)")
    let x = x.span
    var y = y.mutableSpan
    for i in x.indices { y[i] += a * x[i] }
  }
}
