internal import LearningProblem
internal import NumericalKit
internal import Observables

/// The weights of the plain rule in a steady state: products of spectra. `[stationary.weights]`
struct LinearWeightSite: Sendable {
  private let decay: Double
  private let learningRate: Double
  private let density: Double

  init(_ dynamics: Dynamics) {
    decay = dynamics.decay(at: 0)
    learningRate = dynamics.grid.rate(at: 0)
    density = dynamics.weightSwitches.density(at: 0)
  }

  /// m, C, R of weights driven by `gradients`; throws where the noise of the mask feeds itself.
  func respond(
    to gradients: StationaryGradients, in window: LagWindow
  ) throws -> StationaryWeights {
    let step = learningRate * density
    let memory = window.spectrum(gradients.response)
    var transfer = zip(window.shift, memory).map { z, chi in
      Complex(-step) / (z - Complex(1) + step * (Complex(decay) + chi))
    }
    var (response, leak) = window.kernel(transfer)
    response[0] = 0  // rounding
    transfer = window.spectrum(response)
    let static0 = transfer[0].re
    let gain = transfer.map(\.squaredSize)
    let drive = window.evenSpectrum(gradients.covariance)
    let responseTail = max(leak / Self.size(response[...]), Self.tail(response))
    let noise = try maskNoise(gain, drive, window, isDecayed: responseTail < 1e-6)
    let power = zip(gain, drive).map { $0 * ($1 + noise) }
    let correlation = window.covariance(power)
    let squared = gradients.drive.reduce(0) { $0 + $1 * $1 }
    let frozen = static0 * static0 * (squared + gradients.frozen)
    return StationaryWeights(
      magnetisation: gradients.drive.map { static0 * $0 },
      frozen: frozen,
      correlation: correlation, response: response,
      responseTail: responseTail,
      correlationTail: Self.tail(correlation, beside: 1e-3 * frozen))
  }

  /// (1 - p)/p E[G²], the white noise of an independent mask. `[stationary.masknoise]`
  private func maskNoise(
    _ gain: [Double], _ drive: [Double], _ window: LagWindow, isDecayed: Bool
  ) throws -> Double {
    guard density < 1 else { return 0 }
    // |1 - exp(iω)|² = 2 - 2 cos ω: the spectrum of a change.
    let change = zip(gain, window.shift).map { $0 * (2 - 2 * $1.re) }
    let fromDrive = window.mean(zip(change, drive).map(*))
    let ratio = (1 - density) / density
    let remaining = learningRate * learningRate * density - ratio * window.mean(change)
    // On a window that is too short the sums mean nothing yet.
    guard remaining > 0 || fromDrive == 0 || !isDecayed else {
      throw SolverError.notConverged(
        what: "no steady state: the noise of the weight mask grows faster than it decays",
        instead: "a smaller learning_rate or more density of weight_mask")
    }
    return fromDrive == 0 || remaining <= 0 ? 0 : ratio * fromDrive / remaining
  }

  /// The largest |entry| in the last eighth, in units of the largest of all plus `other`.
  private static func tail(_ kernel: [Double], beside other: Double = 0) -> Double {
    let largest = size(kernel[...]) + other
    return largest == 0 ? 0 : size(kernel.suffix(max(kernel.count / 8, 1))) / largest
  }

  private static func size(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0) { max($0, abs($1)) }
  }
}
