internal import Foundation
internal import NumericalKit
public import Observables

/// Curves of six observables whose replicas fluctuate like Ornstein-Uhlenbeck paths around a
/// known mean: as correlated along the curve as those of the solvers.
public struct SyntheticCurves {
  public static let observables = [
    Observable.trainingLoss, .trainingError, .testLoss, .testError,
    .magnetisation(0, 0, single: true), .norm(0, 0, single: true),
  ]

  /// The last step.
  public let steps: Int
  /// Correlation of the fluctuation from step to step.
  public let memory: Double
  /// Standard deviation of one replica.
  public let noise: Double

  /// Curves at steps 0 to `steps`.
  public init(steps: Int = 50, memory: Double = 0.95, noise: Double = 0.01) {
    self.steps = steps
    self.memory = memory
    self.noise = noise
  }

  /// The mean of observable number `index` at `step`.
  public func mean(_ index: Int, _ step: Int) -> Double {
    0.1 * Double(index + 1) + 0.5 * exp(-0.05 * Double(step))
  }

  /// Curves of `replicas` replicas; `shift` is added to every value.
  public func curves(seed: UInt64, replicas: Int, shift: Double = 0) -> [Curve] {
    let recordings = (0..<replicas).map { replica in
      var random = RandomStream(seed: seed, purpose: .check, index: UInt64(replica))
      var state = Self.observables.map { _ in random.normal() }
      var recording = Recording()
      for step in 0...steps {
        recording.begin(step: step)
        for (index, observable) in Self.observables.enumerated() {
          recording.record(observable, mean(index, step) + shift + noise * state[index])
          state[index] =
            memory * state[index] + (1 - memory * memory).squareRoot() * random.normal()
        }
      }
      return recording
    }
    return Curve.mean(of: recordings)
  }
}
