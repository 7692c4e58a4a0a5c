internal import Foundation
public import LearningProblem
internal import NumericalKit

/// One field h = a ν + b φ + √V z beside the label y = c ν + τ φ of a teacher.
/// `[observable.teacher]`
///
/// ν and z are normal; φ is normal for regression, and what a sign has beside its linear part.
public struct TeacherField: Sendable {
  private let teacher: Teacher
  private let a: Double
  private let b: Double
  private let deviation: Double

  /// a, b and √V.
  public init(_ teacher: Teacher, onSignal a: Double, onRest b: Double, deviation: Double) {
    self.teacher = teacher
    self.a = a
    self.b = b
    self.deviation = deviation
  }

  /// P(y h < 0): exact; for signs with b ≠ 0 to 1e-10. 1/2 for a field that is always 0.
  public var error: Double {
    let (c, tau) = (teacher.alignment, teacher.remainder)
    guard a != 0 || b != 0 || deviation > 0 else { return 0.5 }
    switch teacher.labels {
    case .regression:
      // The angle between h and y, from √(E[h²] E[y²] - E[h y]²) and E[h y].
      let along = a * tau - b * c
      let across = (along * along + deviation * deviation * (c * c + tau * tau)).squareRoot()
      return atan2(across, a * c + b * tau) / .pi
    case .sign where b == 0:
      return atan2(deviation, a) / .pi
    case .sign:
      return average { NormalDistribution.probabilityNegative(mean: $0, deviation: deviation) }
    }
  }

  /// E|h|; for signs with b ≠ 0 to 1e-10.
  public var meanSize: Double {
    if teacher.labels == .regression || b == 0 {
      return NormalDistribution.meanSize(
        mean: 0, deviation: (a * a + b * b + deviation * deviation).squareRoot())
    }
    return average { NormalDistribution.meanSize(mean: $0, deviation: deviation) }
  }

  /// The mean over ν of a function of E[y h | ν] = (a - b c/τ) |ν| + b/τ, for signs.
  private func average(_ function: (Double) -> Double) -> Double {
    let (c, tau) = (teacher.alignment, teacher.remainder)
    // In two pieces at the zero of the mean, where the function bends.
    let slope = a - b * c / tau
    let zero = slope == 0 ? 0 : -(b / tau) / slope
    let bend = min(max(zero, 0), 10)
    return [(0, bend), (bend, 10)].reduce(0) { sum, range in
      sum + 2
        * Integration.integral(from: range.0, to: range.1) { nu in
          NormalDistribution.density(nu) * function(slope * nu + b / tau)
        }
    }
  }
}
