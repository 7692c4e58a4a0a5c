internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Two marches of a flow, one with half the steps of the other, extrapolated to steps of size 0:
/// x = x_f + (x_f - x_c)/3, with the error |x_f - x_c|/3 of x_f. `[flow.richardson]`
struct FlowRefinement {
  /// A march and what came out.
  struct March {
    let scheme: FlowScheme
    let solution: Solution
  }

  private static let divisor = Double(1 << FlowScheme.order) - 1
  private let coarse: March
  private let fine: March
  private let flow: Flow
  /// The largest error of the finer march, relative to max(1, |x|); that of the inefficiency, a
  /// ratio which starts as 0/0, is left out.
  let error: Double
  /// Twice the sampling error of that error where it is largest; 0 for exact marches.
  let noise: Double

  init(coarse: March, fine: March, flow: Flow) {
    self.coarse = coarse
    self.fine = fine
    self.flow = flow
    var largest = (error: 0.0, noise: 0.0)
    for (first, second) in zip(coarse.solution.curves, fine.solution.curves)
    where second.observable != .inefficiency {
      for (x, y) in zip(first.estimates, second.estimates) {
        let scale = Self.divisor * max(1, abs(y.value))
        let error = abs(y.value - x.value) / scale
        let noise = 2 * (x.standardError + y.standardError) / scale
        if error > largest.error { largest = (error, noise) }
      }
    }
    (error, noise) = largest
  }

  /// Why there was no finer march.
  enum End {
    /// The tolerance was reached, if there is one.
    case reached
    /// Steps are halved no further.
    case finest
    /// The march with half the steps is not supported, such as one that does not fit into memory.
    case unsupported(String)
  }

  /// The extrapolated solution.
  func solution(halvings: Int, ended: End) -> Solution {
    let recordings = recordings
    let curves = Curve.mean(of: recordings)
    let kernels = coarse.solution.kernels.flatMap { first in
      fine.solution.kernels.map { extrapolated(first, $0) }
    }
    let errors = coarse.solution.kernelErrors.flatMap { first in
      fine.solution.kernelErrors.map { second in
        let (outer, inner) = (results(first, coarse.scheme), results(second, fine.scheme))
        // Independent marches, 4/3 of the finer and 1/3 of the coarser one.
        func joined(_ x: TwoTimeKernel, _ y: TwoTimeKernel) -> TwoTimeKernel {
          y.combined(with: x) { (16 * $0 * $0 + $1 * $1).squareRoot() / 3 }
        }
        return Kernels(
          steps: inner.steps, correlation: joined(outer.correlation, inner.correlation),
          response: inner.response,
          gradientCovariance: joined(outer.gradientCovariance, inner.gradientCovariance),
          gradientResponse: inner.gradientResponse)
      }
    }
    let old = fine.solution.diagnostics
    return Solution(
      curves: curves, recordings: recordings,
      weightDensities: fine.solution.weightDensities, kernels: kernels, kernelErrors: errors,
      diagnostics: Solution.Diagnostics(
        sampleSite: old.sampleSite, weightSite: old.weightSite, trajectories: old.trajectories,
        batches: old.batches,
        largestStandardError: curves.flatMap { $0.estimates.map(\.standardError) }.max() ?? 0,
        notes: notes(old.notes, ended),
        flow: Solution.FlowDiagnostics(
          step: flow.step / Double(1 << halvings), points: fine.scheme.steps.count,
          discretisationError: error)))
  }

  private func notes(_ notes: [String], _ end: End) -> [String] {
    guard let tolerance = flow.tolerance, error > tolerance else { return notes }
    let rest =
      switch end {
      case .reached: "as small as the sampling errors; use more theory.trajectories"
      case .finest: "and standard errors contain it; use a smaller time.step"
      case .unsupported(let what):
        "and standard errors contain it; half the steps were \(what) that is not supported"
      }
    return notes + [
      "time.tolerance \(tolerance) was not reached: the error of the time steps is \(error), "
        + rest
    ]
  }

  /// Batch by batch; the error of the step is common to all.
  private var recordings: [Recording] {
    let (first, second) = (coarse.solution, fine.solution)
    let errors = Dictionary(
      uniqueKeysWithValues: zip(first.curves, second.curves).map { outer, inner in
        (
          inner.observable,
          zip(outer.estimates, inner.estimates).map {
            abs($1.value - $0.value) / Self.divisor
          }
        )
      })
    return zip(first.recordings, second.recordings).map { outer, inner in
      var recording = Recording()
      for (row, step) in inner.steps.enumerated() {
        recording.begin(step: step)
        for observable in inner.observables {
          let (x, y) = (outer.values(observable)[row], inner.values(observable)[row])
          let step = errors[observable]?[row] ?? 0
          recording.record(
            observable,
            Estimate(
              y.value + (y.value - x.value) / Self.divisor,
              standardError: (step * step + y.standardError * y.standardError).squareRoot()))
        }
      }
      return recording
    }
  }

  // MARK: Kernels

  private func extrapolated(_ first: Kernels, _ second: Kernels) -> Kernels {
    let (outer, inner) = (results(first, coarse.scheme), results(second, fine.scheme))
    func limit(_ x: TwoTimeKernel, _ y: TwoTimeKernel) -> TwoTimeKernel {
      y.combined(with: x) { $0 + ($0 - $1) / Self.divisor }
    }
    return Kernels(
      steps: inner.steps, correlation: limit(outer.correlation, inner.correlation),
      response: inner.response,
      gradientCovariance: limit(outer.gradientCovariance, inner.gradientCovariance),
      gradientResponse: inner.gradientResponse)
  }

  /// The kernels at the times of the results, responses per unit of time: those of a field that
  /// lasts one step, over the step, centred at its time. What responds at once is left as it is.
  /// `[flow.kernels]`
  private func results(_ kernels: Kernels, _ scheme: FlowScheme) -> Kernels {
    func at(_ kernel: TwoTimeKernel, responds: Bool) -> TwoTimeKernel {
      let units = kernel.units
      let points = scheme.outputs.filter { $0 < kernel.times }
      var result = TwoTimeKernel(units: units, capacity: points.count, shape: kernel.shape)
      for (t, point) in points.enumerated() {
        result.append(
          (0..<units).map { k in
            (0..<units * (t + 1)).map { column in
              let (s, l) = (points[column / units], column % units)
              guard responds, s < point else { return kernel[point, s, k, l] }
              return scheme.pulse(at: s, until: point).reduce(0) {
                $0 + $1.weight * kernel[point, $1.point, k, l]
              }
            }
          })
      }
      return result
    }
    return Kernels(
      steps: Array(0..<scheme.outputs.count), correlation: at(kernels.correlation, responds: false),
      response: at(kernels.response, responds: true),
      gradientCovariance: at(kernels.gradientCovariance, responds: false),
      gradientResponse: at(kernels.gradientResponse, responds: true))
  }
}
