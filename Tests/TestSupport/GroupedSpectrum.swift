internal import Foundation
public import LearningProblem
internal import NumericalKit

/// Full-batch ridge descent on two clusters whose inputs are in groups, through the deformed law of
/// Marchenko and Pastur. `[inputs.spectrum]`
public struct GroupedSpectrum {
  private let alpha: Double
  private let rate: Double
  private let start: Start
  private let groups: [InputGroups.Group]
  private let decay: Double
  /// Points z of a circle around the spectrum with dz/(2πi), and what resolvents are there.
  private let points: [Point]

  private struct Point {
    let z: Complex
    let weight: Complex
    let signal: Complex  // v (A - z)⁻¹ v/d
    let mixed: Complex  // v (A - z)⁻¹ c/d
    let drive: Complex  // c (A - z)⁻¹ c/d
    let trace: Complex
  }

  /// α, Δ = `variance` times that of a group, decay λ and learning rate η, one signal direction.
  public init(
    alpha: Double, variance: Double, groups: InputGroups, decay: Double, rate: Double, start: Start
  ) {
    self.alpha = alpha
    self.rate = rate
    self.start = start
    self.groups = groups.groups
    self.decay = decay
    let all = groups.groups
    let f = all.map { variance * $0.variance }
    let widest = f.max() ?? 1
    let signal = alpha * (all.map { $0.signal[0][0] }.max() ?? 1) + widest
    let edge = widest * (1 + alpha.squareRoot()) * (1 + alpha.squareRoot()) + signal
    let (centre, radius, count) = (0.5 * edge, 0.6 * edge, 1000)
    var e = Complex(0)
    points = (0..<count).map { index in
      let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
      let turn = Complex(cos(angle), sin(angle))
      let z = Complex(centre) + radius * turn
      func pole(_ g: Int) -> Complex {
        Complex(1) / (alpha * f[g] * (Complex(1) / (Complex(1) + e)) - z)
      }
      func sum(_ value: (Int) -> Complex) -> Complex {
        all.indices.reduce(Complex(0)) { $0 + all[$1].share * value($1) }
      }
      // e = Σ ρ f k, by Newton's method from the point before.
      for _ in 0..<60 {
        let one = Complex(1) / (Complex(1) + e)
        let rest = e - sum { f[$0] * pole($0) }
        let slope = Complex(1) - sum { alpha * f[$0] * f[$0] * (pole($0) * pole($0) * one * one) }
        e = e - rest / slope
      }
      let q = sum { all[$0].signal[0][0] * pole($0) }
      let r = alpha.squareRoot() * q
      let s = sum { (alpha * all[$0].signal[0][0] + f[$0]) * pole($0) }
      let one = Complex(1) / (Complex(1) + s)
      return Point(
        z: z, weight: (-radius / Double(count)) * turn, signal: q - r * r * one, mixed: r * one,
        drive: s * one, trace: sum { pole($0) })
    }
  }

  /// -∮ dz/(2πi) f(z) of a resolvent.
  private func integral(_ f: (Complex) -> Complex, _ resolvent: (Point) -> Complex) -> Double {
    points.reduce(0.0) { $0 + ($1.weight * f($1.z) * resolvent($1)).re }
  }

  private func power(_ x: Complex, _ n: Int) -> Complex {
    (0..<n).reduce(Complex(1)) { product, _ in product * x }
  }
  /// P_t and F_t.
  private func kept(_ z: Complex, _ t: Int) -> Complex {
    power(Complex(1) - rate * (Complex(decay) + z), t)
  }
  private func learned(_ z: Complex, _ t: Int) -> Complex {
    (Complex(1) - kept(z, t)) / (Complex(decay) + z)
  }

  private var overlap: Double { start.overlap[0][0] }

  /// m(t).
  public func magnetisation(_ t: Int) -> Double {
    overlap * integral({ kept($0, t) }, \.signal)
      + alpha.squareRoot() * integral({ learned($0, t) }, \.mixed)
  }

  /// C(t, t).
  public func norm(_ t: Int) -> Double { squares(t) { _ in Complex(1) } }

  /// w f(A) w/d.
  private func squares(_ t: Int, _ f: (Complex) -> Complex) -> Double {
    start.variance * integral({ f($0) * kept($0, t) * kept($0, t) }, \.trace)
      + overlap * overlap * integral({ f($0) * kept($0, t) * kept($0, t) }, \.signal)
      + 2 * overlap * alpha.squareRoot()
      * integral({ f($0) * kept($0, t) * learned($0, t) }, \.mixed)
      + alpha * integral({ f($0) * learned($0, t) * learned($0, t) }, \.drive)
  }

  /// The training loss.
  public func trainingLoss(_ t: Int) -> Double {
    let along =
      overlap * integral({ kept($0, t) }, \.mixed)
      + alpha.squareRoot() * integral({ learned($0, t) }, \.drive)
    return 0.5 + (squares(t) { $0 } - 2 * alpha.squareRoot() * along) / (2 * alpha)
  }
}
