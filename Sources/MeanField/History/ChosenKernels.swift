internal import NumericalKit

/// The kernels of a march whose past stands in a frame, at chosen steps. `[frame.rows]`
///
/// Recorded when a step is the present: its row is exact up to then, and expanded at the earlier
/// ones that were chosen.
struct ChosenKernels: Sendable {
  private let steps: [Int]
  private(set) var kernels: Kernels

  /// Nothing yet, of up to `steps.count` steps in increasing order.
  init(_ steps: [Int], units: Int) {
    self.steps = steps
    func kernel(_ shape: TwoTimeKernel.Shape) -> TwoTimeKernel {
      TwoTimeKernel(units: units, capacity: steps.count, shape: shape)
    }
    kernels = Kernels(
      steps: steps, correlation: kernel(.symmetric), response: kernel(.causal),
      gradientCovariance: kernel(.symmetric), gradientResponse: kernel(.causal))
  }

  /// At most `most` of the steps 0 ... `last`, the first and the last among them: one after the
  /// other at the start, then further and further apart.
  static func steps(_ most: Int, last: Int) -> [Int] {
    guard last >= most else { return Array(0...last) }
    // Gaps that grow by a constant factor from 1 on reach the last step with the right number.
    var (low, high) = (1.0, 2.0)
    func chosen(_ factor: Double) -> [Int] {
      var (steps, time, gap) = ([0], 0.0, 1.0)
      while true {
        time += gap
        gap *= factor
        let step = Int(time.rounded())
        guard step < last else { return steps + [last] }
        steps.append(step)
      }
    }
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if chosen(middle).count > most { low = middle } else { high = middle }
    }
    return chosen(high)
  }

  /// Takes the rows of the present step if it is a chosen one; of the gradients too if there are.
  mutating func record(
    _ weights: WeightKernels, _ samples: SampleKernels?, at step: Int, _ frame: HistoryFrame
  ) {
    guard steps.contains(step) else { return }
    let earlier = steps.prefix { $0 < step }.map { frame.row(of: $0) }
    kernels.correlation.append(Self.expanded(weights.correlation, earlier))
    kernels.response.append(Self.expanded(weights.response, earlier))
    guard let samples else { return }
    kernels.gradientCovariance.append(Self.expanded(samples.covariance, earlier))
    kernels.gradientResponse.append(Self.expanded(samples.response, earlier))
  }

  /// The last rows of a kernel at earlier steps, of which the functions of the frame are given, and
  /// at their own.
  private static func expanded(_ kernel: TwoTimeKernel, _ earlier: [[Double]]) -> [[Double]] {
    let units = kernel.units
    let first = kernel.count - units
    return (0..<units).map { k in
      let row = Array(kernel.row(first + k, width: kernel.count))
      return earlier.flatMap { functions in
        (0..<units).map { l in
          functions.enumerated().reduce(0) { $0 + $1.element * row[$1.offset * units + l] }
        }
      } + row[first...]
    }
  }
}
