internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// What α d samples reveal of a linear teacher: the overlap q of v with its posterior mean.
/// `[optimal.teacher]`
struct TeacherPosterior {
  let teacher: Teacher
  /// The precision with which v is known without samples. `[optimal.start]`
  let information: Double

  /// q given `alpha` d samples, in [0, 1).
  func overlap(samplesPerWeight alpha: Double) -> Double {
    var q = 0.0
    for _ in 0..<100_000 {
      let precision = information + alpha * gain(q)
      let next = precision / (1 + precision)
      let change = abs(next - q)
      q = next
      if change < 1e-13 { break }
    }
    return q
  }

  /// What a sample adds to the precision.
  private func gain(_ q: Double) -> Double {
    let rest = 1 - q
    switch teacher.labels {
    case .regression: return 1 / (rest + teacher.noise * teacher.noise)
    case .sign:
      guard q > 0 else { return 2 / Double.pi }
      // s = √(q/(1-q)) ξ, ξ standard normal.
      let width = (q / rest).squareRoot()
      let reach = min(8 * width, 20)
      let integral = Integration.integral(from: -min(reach, 9), to: reach) { s in
        let density = NormalDistribution.density(s)
        return NormalDistribution.density(s / width) / width * density * density
          / NormalDistribution.cumulative(-s)
      }
      return 2 / rest * integral
    }
  }

  /// P(y h < 0) of h = v̂·x/√d where v̂ has the overlap q with v, and the length of a posterior
  /// mean.
  func error(overlap q: Double) -> Double {
    guard q > 0 else { return 0.5 }
    return TeacherField(
      teacher, onSignal: q, onRest: 0, deviation: (q * max(1 - q, 0)).squareRoot()
    ).error
  }
}
