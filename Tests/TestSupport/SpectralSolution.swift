internal import Foundation
public import LearningProblem
internal import NumericalKit

/// Full-batch ridge gradient descent through the Marchenko-Pastur law. `[limit.spectral]`
public struct SpectralSolution {
  let alpha: Double
  let variance: Double
  let decay: Double
  let rate: Double
  let start: Start

  /// Two clusters at α = `alpha` and Δ = `variance`, weight decay λ = `decay`, learning rate
  /// η = `rate`.
  public init(alpha: Double, variance: Double, decay: Double, rate: Double, start: Start) {
    self.alpha = alpha
    self.variance = variance
    self.decay = decay
    self.rate = rate
    self.start = start
  }

  private var overlap: Double { start.overlap[0][0] }
  private var spike: Double { (1 + variance) * (alpha + variance) }

  /// ∫dν f: the bulk by GSL quadrature in x = Δ(1 + α + 2√α cos θ), and the kernel of the data.
  private func bulk(_ f: (Double) -> Double) -> Double {
    let smooth = bulkIntegral(f)
    return smooth + max(1 - alpha, 0) * f(0)
  }

  /// ∫dν_v f: the measure seen from the signal direction, with its spike.
  private func signal(_ f: (Double) -> Double) -> Double {
    let smooth = bulkIntegral { x in
      variance * (1 + variance) / (spike - x) * f(x)
    }
    return smooth + variance * max(1 - alpha, 0) / (alpha + variance) * f(0)
      + max(alpha - variance * variance, 0) / (alpha + variance) * f(spike)
  }

  private func bulkIntegral(_ f: (Double) -> Double) -> Double {
    Integration.integral(from: 0, to: .pi, tolerance: 1e-12) { angle in
      let x = variance * (1 + alpha + 2 * alpha.squareRoot() * cos(angle))
      return 2 * variance * alpha * sin(angle) * sin(angle) / (.pi * x) * f(x)
    }
  }

  private var mode: RidgeMode { RidgeMode(decay: decay, rate: rate) }
  private func p(_ x: Double, _ t: Int) -> Double { mode.kept(x, t) }
  private func f(_ x: Double, _ t: Int) -> Double { mode.learned(x, t) }

  /// m(t).
  public func magnetisation(_ t: Int) -> Double {
    signal { x in overlap * p(x, t) + x * f(x, t) / (1 + variance) }
  }

  /// C(t, s).
  public func correlation(_ t: Int, _ s: Int) -> Double {
    let c = 1 / (1 + variance)
    let k = (alpha + variance) / (1 + variance)
    return start.variance * bulk { x in p(x, t) * p(x, s) }
      + signal { x in
        overlap * overlap * p(x, t) * p(x, s) + overlap * c * x
          * (p(x, t) * f(x, s) + p(x, s) * f(x, t)) + k * x * f(x, t) * f(x, s)
      }
  }

  /// The training loss.
  public func trainingLoss(_ t: Int) -> Double {
    let c = 1 / (1 + variance)
    let k = (alpha + variance) / (1 + variance)
    let sum =
      start.variance * bulk { x in x * p(x, t) * p(x, t) }
      + signal { x in
        x
          * (overlap * overlap * p(x, t) * p(x, t)
            + 2 * c * overlap * p(x, t) * (x * f(x, t) - 1) + k * f(x, t) * (x * f(x, t) - 2))
      }
    return 0.5 + sum / (2 * alpha)
  }

  /// R(t, s), s < t.
  public func response(_ t: Int, _ s: Int) -> Double { -rate * bulk { p($0, t - s - 1) } }
}
