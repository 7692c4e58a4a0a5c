internal import NumericalKit

/// Mean and standard error of the kernels over batches, added one at a time (Welford's update).
struct KernelAverage {
  private var count = 0.0
  private var steps: [Int] = []
  private var means: [TwoTimeKernel] = []
  private var squares: [TwoTimeKernel] = []

  mutating func add(_ all: Kernels) {
    steps = all.steps
    let kernels = [
      all.correlation, all.response, all.gradientCovariance, all.gradientResponse,
    ]
    count += 1
    guard count > 1 else {
      means = kernels
      squares = kernels.map { $0.map { _ in 0 } }
      return
    }
    for (index, kernel) in kernels.enumerated() {
      let old = means[index]
      let n = count
      means[index] = old.combined(with: kernel) { mean, value in mean + (value - mean) / n }
      let deviation = old.combined(with: kernel) { mean, value in
        (value - mean) * (value - mean) * (n - 1) / n
      }
      squares[index] = squares[index].combined(with: deviation, +)
    }
  }

  var mean: Kernels { kernels(means) }

  var standardError: Kernels {
    let n = count
    return kernels(squares.map { $0.map { ($0 / (n * max(n - 1, 1))).squareRoot() } })
  }

  private func kernels(_ four: [TwoTimeKernel]) -> Kernels {
    Kernels(
      steps: steps, correlation: four[0], response: four[1], gradientCovariance: four[2],
      gradientResponse: four[3])
  }
}
