/// Standard normal vectors z_μ in R^d of which only those components are drawn that are looked at.
/// `[observable.deferred]`
///
/// Components along any orthonormal basis are independent normal numbers. Here the basis grows
/// along the vectors u that products z_μ·u are asked for: what lies along earlier directions has
/// its components, the rest of u is a new direction, and there one number is drawn for each z_μ.
/// All products have the law of vectors drawn as a whole beforehand, if no u depends on the numbers
/// drawn. That part of u which is below `resolution` of its length counts as none: it would change
/// the variance of a product by 1e-8, less than the rounding of Floats.
///
/// Cost of a product with r directions: 4 r d + r n operations of 2 flops for n vectors, and n
/// normal numbers if there is a new direction; of d normal numbers a vector in the long run.
/// Memory: 4 r (d + n) bytes, r <= d.
public struct DeferredNormals: Sendable {
  /// Relative length of a part that is no new direction.
  private static let resolution = 1e-4

  /// n, the number of vectors.
  public let count: Int
  /// d.
  public let dimension: Int
  /// |z_μ|², if it was asked for: known before any component is.
  public let squaredLengths: [Double]?
  private var stream: RandomStream
  private var basis: GrowingRows  // e_i, orthonormal
  private var components: GrowingRows  // e_i·z_μ at column μ
  /// |z_μ|² without the components drawn so far.
  private var hidden: [Double]

  /// `count` vectors in `dimension` dimensions, of which nothing is drawn but their lengths, if
  /// `knowsLengths`.
  public init(count: Int, dimension: Int, knowsLengths: Bool, stream: RandomStream) {
    precondition(count >= 1 && dimension >= 1, "\(count) vectors in \(dimension) dimensions")
    self.count = count
    self.dimension = dimension
    var stream = stream
    hidden = (0..<(knowsLengths ? count : 0)).map { _ in stream.chiSquare(dimension) }
    squaredLengths = knowsLengths ? hidden : nil
    self.stream = stream
    basis = GrowingRows(width: dimension)
    components = GrowingRows(width: count)
  }

  /// Bytes of `count` vectors when they have been looked at along `directions` directions, at most
  /// `dimension`.
  public static func bytes(count: Double, dimension: Int, directions: Int) -> Double {
    GrowingRows.bytes(count: min(directions, dimension), width: count + Double(dimension))
  }

  /// Directions whose components are known.
  public var directions: Int { basis.count }

  /// z_μ·u for all μ.
  public mutating func products(with vector: [Double]) -> [Double] {
    precondition(vector.count == dimension, "\(vector.count) numbers in \(dimension) dimensions")
    let length = DenseVector.dot(vector, vector).squareRoot()
    var rest = vector
    var coefficients = [Double](repeating: 0, count: directions)
    for _ in 0..<2 {  // the second time for what rounding left
      let overlaps = basis.products(with: rest)
      basis.combine(overlaps.map { -$0 }, into: &rest)
      for (i, overlap) in overlaps.enumerated() { coefficients[i] += overlap }
    }
    let unseen = DenseVector.dot(rest, rest).squareRoot()
    if directions < dimension, unseen > Self.resolution * length {
      components.append(drawn())
      basis.append(rest.map { $0 / unseen })
      coefficients.append(unseen)
    }
    var products = [Double](repeating: 0, count: count)
    components.combine(coefficients, into: &products)
    return products
  }

  /// The components along a new direction.
  ///
  /// A vector in n unknown dimensions with known length ϱ has the component ±ϱ√β there,
  /// β = g²/(g² + χ²_{n-1}).
  private mutating func drawn() -> [Double] {
    let normals = Self.normals(count, from: &stream)
    guard squaredLengths != nil else { return normals }
    let others = dimension - directions - 1
    return normals.indices.map { vector in
      let square = normals[vector] * normals[vector]
      let share = square / (square + stream.chiSquare(others))
      let component = (hidden[vector] * share).squareRoot()
      hidden[vector] *= 1 - share
      return normals[vector] < 0 ? -component : component
    }
  }

  private static func normals(_ count: Int, from stream: inout RandomStream) -> [Double] {
    var normals = [Float](repeating: 0, count: count)
    var span = normals.mutableSpan
    stream.fillNormals(&span)
    return normals.map { Double($0) }
  }
}
