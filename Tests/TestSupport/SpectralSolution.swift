public import LearningProblem

/// Full-batch ridge gradient descent through the Marchenko-Pastur law. `[limit.spectral]`
public struct SpectralSolution {
  private let alpha: Double
  private let variance: Double
  private let start: Start
  private let spectrum: DataSpectrum
  private let mode: RidgeMode

  /// Two clusters at α = `alpha` and Δ = `variance`, weight decay λ = `decay`, learning rate
  /// η = `rate`.
  public init(alpha: Double, variance: Double, decay: Double, rate: Double, start: Start) {
    self.init(
      alpha: alpha, variance: variance, RidgeMode(decay: decay, rate: rate), start: start)
  }

  /// Two clusters at α = `alpha` and Δ = `variance`, whose eigenmodes move as `mode` does.
  public init(alpha: Double, variance: Double, _ mode: RidgeMode, start: Start) {
    self.alpha = alpha
    self.variance = variance
    self.start = start
    spectrum = DataSpectrum(alpha: alpha, variance: variance)
    self.mode = mode
  }

  private var overlap: Double { start.overlap[0][0] }
  private func p(_ x: Double, _ t: Int) -> Double { mode.kept(x, t) }
  private func f(_ x: Double, _ t: Int) -> Double { mode.learned(x, t) }

  /// m(t).
  public func magnetisation(_ t: Int) -> Double {
    spectrum.signal { x in overlap * p(x, t) + x * f(x, t) / (1 + variance) }
  }

  /// C(t, s).
  public func correlation(_ t: Int, _ s: Int) -> Double {
    let c = 1 / (1 + variance)
    let k = (alpha + variance) / (1 + variance)
    return start.variance * spectrum.bulk { x in p(x, t) * p(x, s) }
      + spectrum.signal { x in
        overlap * overlap * p(x, t) * p(x, s) + overlap * c * x
          * (p(x, t) * f(x, s) + p(x, s) * f(x, t)) + k * x * f(x, t) * f(x, s)
      }
  }

  /// The training loss.
  public func trainingLoss(_ t: Int) -> Double {
    let c = 1 / (1 + variance)
    let k = (alpha + variance) / (1 + variance)
    let sum =
      start.variance * spectrum.bulk { x in x * p(x, t) * p(x, t) }
      + spectrum.signal { x in
        x
          * (overlap * overlap * p(x, t) * p(x, t)
            + 2 * c * overlap * p(x, t) * (x * f(x, t) - 1) + k * f(x, t) * (x * f(x, t) - 2))
      }
    return 0.5 + sum / (2 * alpha)
  }

  /// R(t, s), s < t.
  public func response(_ t: Int, _ s: Int) -> Double {
    -mode.rate(at: s) * spectrum.bulk { mode.kept($0, t, from: s + 1) }
  }
}
