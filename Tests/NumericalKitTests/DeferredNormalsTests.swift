import NumericalKit
import Testing

/// Normal vectors drawn as far as they are looked at have the law of those drawn as a whole.
/// `[observable.deferred]`
struct DeferredNormalsTests {
  private static func stream(_ index: UInt64 = 0) -> RandomStream {
    RandomStream(seed: 4, purpose: .check, index: index)
  }

  private static func mean(_ values: [Double], _ term: (Int) -> Double = { _ in 1 }) -> Double {
    values.indices.reduce(0) { $0 + values[$1] * term($1) } / Double(values.count)
  }

  /// Mean n, variance 2n and third moment 8n; 5 standard errors.
  @Test(arguments: [1, 2, 3, 7, 200])
  func squaredLengths(_ dimension: Int) {
    var stream = Self.stream()
    let count = 200_000
    let n = Double(dimension)
    let values = (0..<count).map { _ in stream.chiSquare(dimension) }
    // Central moments of χ²_n of order 2, 3, 4 and 6, of which the last bounds the error of the
    // third.
    let (two, three, four) = (2 * n, 8 * n, 12 * n * n + 48 * n)
    let six = 120 * n * n * n + 2080 * n * n + 3840 * n
    let deviations = values.map { $0 - n }
    let error = 5 / Double(count).squareRoot()
    #expect(abs(Self.mean(deviations)) < error * two.squareRoot())
    let squares = deviations.map { $0 * $0 }
    #expect(abs(Self.mean(squares) - two) < error * (four - two * two).squareRoot())
    let cubes = deviations.map { $0 * $0 * $0 }
    #expect(abs(Self.mean(cubes) - three) < error * six.squareRoot())
    #expect(values.allSatisfy { $0 > 0 } && stream.chiSquare(0) == 0)
  }

  /// Products with several vectors have their inner products as covariance, and a product is
  /// normal.
  @Test(arguments: [false, true])
  func lawOfProducts(_ knowsLengths: Bool) {
    let count = 300_000
    var normals = DeferredNormals(
      count: count, dimension: 4, knowsLengths: knowsLengths, stream: Self.stream(1))
    let vectors = [[1.0, 2, 0, -1], [1, 1.9, 0.1, -1], [0.5, 0, -2, 0.3], [0, 0, 0, 1]]
    let products = vectors.map { normals.products(with: $0) }
    #expect(normals.directions == 4)
    let error = 5 / Double(count).squareRoot()
    for (i, u) in vectors.enumerated() {
      for (j, v) in vectors.enumerated() {
        let (uv, uu, vv) = (DenseVector.dot(u, v), DenseVector.dot(u, u), DenseVector.dot(v, v))
        let found = Self.mean(products[i]) { products[j][$0] }
        #expect(abs(found - uv) < error * (uu * vv + uv * uv).squareRoot())
        // E[x² y²] = E[x²] E[y²] + 2 E[xy]², variance below 96 of the scale: no dependence beyond
        // covariance.
        let quartic = Self.mean(products[i].map { $0 * $0 }) {
          products[j][$0] * products[j][$0]
        }
        #expect(abs(quartic - uu * vv - 2 * uv * uv) < error * 96.0.squareRoot() * uu * vv)
      }
      let scale = DenseVector.dot(u, u).squareRoot()
      let sorted = products[i].map { $0 / scale }.sorted()
      var distance = 0.0
      for (rank, value) in sorted.enumerated() {
        let expected = NormalDistribution.cumulative(value)
        distance = max(distance, abs(expected - (Double(rank) + 0.5) / Double(count)))
      }
      #expect(distance < 2.5 / Double(count).squareRoot())  // Kolmogorov: 7e-6
      #expect(sorted[0] < -4 && sorted[count - 1] > 4)
    }
  }

  /// They are fixed vectors: products are linear, and repeat, whatever was looked at between.
  @Test func vectorsAreFixed() {
    let d = 40
    var numbers = Self.stream(2)
    func vector() -> [Double] { (0..<d).map { _ in numbers.normal() } }
    var normals = DeferredNormals(
      count: 50, dimension: d, knowsLengths: false, stream: Self.stream(3))
    let vectors = (0..<d + 5).map { _ in vector() }
    let products = vectors.map { normals.products(with: $0) }
    #expect(normals.directions == d)
    let mixture = (0..<d).map { 2 * vectors[3][$0] - 0.5 * vectors[d + 2][$0] }
    for (sample, found) in normals.products(with: mixture).enumerated() {
      #expect(abs(found - 2 * products[3][sample] + 0.5 * products[d + 2][sample]) < 1e-3)
    }
    for (vector, before) in zip(vectors, products) {
      for (found, expected) in zip(normals.products(with: vector), before) {
        #expect(abs(found - expected) < 1e-4)
      }
    }
    #expect(normals.products(with: [Double](repeating: 0, count: d)).allSatisfy { $0 == 0 })
  }

  /// Lengths that were known before are those of the components, once all are drawn.
  @Test func lengthsAreKept() throws {
    let (count, d) = (20_000, 6)
    var normals = DeferredNormals(
      count: count, dimension: d, knowsLengths: true, stream: Self.stream(4))
    let lengths = try #require(normals.squaredLengths)
    var sums = [Double](repeating: 0, count: count)
    for j in 0..<d {
      let components = normals.products(with: (0..<d).map { $0 == j ? 1.0 : 0 })
      for (sample, z) in components.enumerated() { sums[sample] += z * z }
    }
    #expect(zip(sums, lengths).allSatisfy { abs($0 - $1) < 1e-4 * $1 })
    #expect(abs(Self.mean(lengths) - 6) < 5 * (12 / Double(count)).squareRoot())
  }

  /// A vector that has hardly moved opens no direction, a little further it does.
  @Test func whatIsNoNewDirection() {
    var normals = DeferredNormals(
      count: 10, dimension: 3, knowsLengths: false, stream: Self.stream(5))
    _ = normals.products(with: [1, 0, 0])
    _ = normals.products(with: [1, 0.5e-4, 0])
    #expect(normals.directions == 1)
    _ = normals.products(with: [1, 1e-3, 0])
    #expect(normals.directions == 2)
  }

  /// Of vectors that hardly move from one to the next, as weights do, the small differences have
  /// normal products of the right size, too.
  @Test func slowVectors() {
    let (d, count) = (300, 400)
    var numbers = Self.stream(6)
    var normals = DeferredNormals(
      count: count, dimension: d, knowsLengths: false, stream: Self.stream(7))
    var vector = (0..<d).map { _ in numbers.normal() }
    var steps: [[Double]] = []
    for _ in 0..<60 {
      let step = (0..<d).map { _ in 3e-4 * numbers.normal() }
      steps.append(step)
      for j in 0..<d { vector[j] += step[j] }
      _ = normals.products(with: vector)
    }
    #expect(normals.directions == 60)
    for step in steps {
      let products = normals.products(with: step)
      let variance = DenseVector.dot(products, products) / Double(count)
      #expect(
        abs(variance / DenseVector.dot(step, step) - 1) < 5 * (2 / Double(count)).squareRoot())
    }
  }
}
