/// A random orthogonal matrix whose product with a vector costs O(d log d): three rounds of random
/// signs, a random order and a Hartley transform. `[inputs.rotation]`
///
/// The Hartley transform H_k = (1/√n) Σ_t x_t (cos 2πkt/n + sin 2πkt/n) is orthogonal and its own
/// inverse; of an odd number of coordinates one stays out of each round, another one every time.
/// Any vector that does not depend on the numbers drawn comes out in a generic direction.
public struct RandomRotation {
  private let dimension: Int
  private let rounds: [(signs: [Double], order: [Int])]
  /// Nil in one dimension.
  private let transform: RealFourierTransform?

  /// Draws a matrix in d = `dimension`.
  public init(dimension: Int, stream: inout RandomStream) {
    precondition(dimension >= 1, "dimension \(dimension)")
    self.dimension = dimension
    var rounds: [(signs: [Double], order: [Int])] = []
    for _ in 0..<3 {
      let signs = (0..<dimension).map { _ in stream.uniform() < 0.5 ? -1.0 : 1 }
      rounds.append((signs, (0..<dimension).shuffled(using: &stream)))
    }
    self.rounds = rounds
    let even = dimension / 2 * 2
    transform = even > 0 ? RealFourierTransform(count: even) : nil
  }

  /// Q x.
  public func applied(to vector: some Collection<Double>) -> [Double] {
    var values = Array(vector)
    precondition(values.count == dimension, "\(values.count) of \(dimension) entries")
    for round in rounds {
      let old = values
      for j in old.indices { values[j] = round.signs[j] * old[round.order[j]] }
      hartley(&values)
    }
    return values
  }

  /// Qᵀ x.
  public func inverse(of vector: some Collection<Double>) -> [Double] {
    var values = Array(vector)
    precondition(values.count == dimension, "\(values.count) of \(dimension) entries")
    for round in rounds.reversed() {
      hartley(&values)
      let old = values
      for j in old.indices { values[round.order[j]] = round.signs[j] * old[j] }
    }
    return values
  }

  private func hartley(_ values: inout [Double]) {
    guard let transform else { return }
    let n = transform.count
    let spectrum = transform.forward(Array(values.prefix(n)))
    let scale = 1 / Double(n).squareRoot()
    for k in 0...n / 2 {
      values[k % n] = scale * (spectrum[k].re - spectrum[k].im)
      if k > 0 { values[n - k] = scale * (spectrum[k].re + spectrum[k].im) }
    }
  }
}
