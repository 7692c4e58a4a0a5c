/// Sums over arrays, in a fixed order.
public enum DenseVector {
  /// x . y, in eight partial sums: additions need not wait for each other.
  @inlinable
  public static func dot(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
    dot(x.span, y.span)
  }

  /// x . y for arrays of one length.
  @inlinable
  public static func dot(_ x: [Double], _ y: [Double]) -> Double { dot(x.span, y.span) }

  @usableFromInline
  static func dot(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    let count = x.count
    precondition(count == y.count, "dot product of \(count) and \(y.count) entries")
    var sums = SIMD8<Double>()
    let whole = count / 8 * 8
    unsafe x.withUnsafeBytes { x in
      unsafe y.withUnsafeBytes { y in
        for i in stride(from: 0, to: 8 * whole, by: 64) {
          unsafe sums +=
            x.loadUnaligned(fromByteOffset: i, as: SIMD8<Double>.self)
            * y.loadUnaligned(fromByteOffset: i, as: SIMD8<Double>.self)
        }
      }
    }
    var sum = sums.sum()
    for i in whole..<count { sum += x[i] * y[i] }
    return sum
  }

  /// y += x over the entries of x.
  @inlinable
  public static func add(_ x: ArraySlice<Double>, to y: inout [Double]) {
    precondition(x.count <= y.count, "adding \(x.count) entries to \(y.count)")
    let x = x.span
    var y = y.mutableSpan
    for i in x.indices { y[i] += x[i] }
  }

  /// y += a x over the first `x.count` entries.
  @inlinable
  public static func add(_ a: Double, _ x: [Double], to y: inout [Double]) {
    add(a, x[...], to: &y)
  }

  /// y += a x over the entries of x.
  @inlinable
  public static func add(_ a: Double, _ x: ArraySlice<Double>, to y: inout [Double]) {
    precondition(x.count <= y.count, "adding \(x.count) entries to \(y.count)")
    let x = x.span
    var y = y.mutableSpan
    for i in x.indices { y[i] += a * x[i] }
  }
}
