/// The intervals on which a function of one variable has one sign.
///
/// A function may be 0 on whole intervals, not only where its sign changes: these are pieces as
/// well.
public enum SignPieces {
  /// An interval and the sign on it: -1, 0 or 1.
  public struct Piece: Sendable, Equatable {
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double
    /// The sign of the function: -1, 0 or 1.
    public let sign: Int
  }

  /// A place and the function there.
  public typealias Sample = (x: Double, value: Double)

  /// Ends of pieces are found to this accuracy, in units of x.
  private static let accuracy = 1e-12

  /// The pieces between the first and the last of `samples`, ascending.
  ///
  /// Changes between samples of different sign are found by bisection, about 40 calls each. Where
  /// three samples of one sign have their smallest size in the middle, a minimisation of at most 20
  /// calls looks for a pair of changes. What is missed are pairs between samples without such a
  /// sign.
  ///
  /// - Parameters:
  ///   - samples: the function at ascending places, at least two.
  ///   - function: the function.
  public static func find(
    _ samples: [Sample], of function: (Double) -> Double
  ) -> [Piece] {
    precondition(samples.count >= 2, "two samples at least, got \(samples.count)")
    let samples = withPairs(samples, function)
    var pieces: [Piece] = []
    var lower = samples[0].x
    for (left, right) in zip(samples, samples.dropFirst()) {
      var (start, sign) = (left.x, Self.sign(left.value))
      let last = Self.sign(right.value)
      while sign != last && right.x - start > accuracy {
        let end = bisect(function, start, right.x, from: sign)
        pieces.append(Piece(lower: lower, upper: end.x, sign: sign))
        (lower, start, sign) = (end.x, end.x, end.sign)
      }
      if sign != last {
        pieces.append(Piece(lower: lower, upper: right.x, sign: sign))
        lower = right.x
      }
    }
    let last = samples[samples.count - 1]
    pieces.append(Piece(lower: lower, upper: last.x, sign: Self.sign(last.value)))
    return pieces
  }

  private static func sign(_ value: Double) -> Int { value < 0 ? -1 : value > 0 ? 1 : 0 }

  /// The samples and, between them, places where the sign is another for a short while.
  private static func withPairs(
    _ samples: [Sample], _ function: (Double) -> Double
  ) -> [Sample] {
    var found: [Sample] = []
    for index in samples.indices.dropFirst().dropLast() {
      let around = samples[index - 1...index + 1]
      let sign = Double(Self.sign(samples[index].value))
      let sizes = around.map { sign * $0.value }
      guard sign != 0, sizes[1] < sizes[0], sizes[1] < sizes[2] else { continue }
      func point(_ offset: Int) -> Minimisation.Point {
        Minimisation.Point(x: samples[index + offset].x, value: sizes[1 + offset])
      }
      let least = Minimisation.brent(
        lower: point(-1), middle: point(0), upper: point(1), tolerance: 1e-6, evaluations: 20
      ) { sign * function($0) }
      if least.value < 0 { found.append((least.x, sign * least.value)) }
    }
    return found.isEmpty ? samples : (samples + found).sorted { $0.x < $1.x }
  }

  /// The place where the sign ceases to be `sign`, which it is at `lower` but not at `upper`, and
  /// what it is then.
  private static func bisect(
    _ function: (Double) -> Double, _ lower: Double, _ upper: Double, from sign: Int
  ) -> (x: Double, sign: Int) {
    var (lower, upper) = (lower, upper)
    var next: Int?
    while upper - lower > accuracy {
      let middle = 0.5 * (lower + upper)
      let found = Self.sign(function(middle))
      if found == sign {
        lower = middle
      } else {
        (upper, next) = (middle, found)
      }
    }
    return (upper, next ?? Self.sign(function(upper)))
  }
}
