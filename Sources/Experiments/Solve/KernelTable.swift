public import MeanField
public import NumericalKit

/// A kernel A_kl(t, s) as it stands in files: shape (T, T, K, K), C order.
public struct KernelTable: Sendable, Equatable {
  /// T.
  public let times: Int
  /// K.
  public let units: Int
  /// The steps that the times are.
  public let steps: [Int]
  /// A_kl(t, s) at ((t T + s) K + k) K + l.
  public let values: [Double]
  /// Standard errors in the same order, nil if the kernel has none.
  public var errors: [Double]?

  /// Creates a table of T² K² numbers.
  ///
  /// - Parameter steps: of the times, by default all from 0 on.
  public init(
    times: Int, units: Int, values: [Double], errors: [Double]? = nil, steps: [Int]? = nil
  ) {
    let count = times * times * units * units
    precondition(
      values.count == count && (errors.map { $0.count == count } ?? true),
      "\(values.count) values for \(times) times of \(units) units")
    self.times = times
    self.steps = steps.map { Array($0.prefix(times)) } ?? Array(0..<times)
    self.units = units
    self.values = values
    self.errors = errors
  }

  /// Reads a kernel of the solver; its error kernel must have the same layout. Cost O(T² K²).
  public init(_ kernel: TwoTimeKernel, errors: TwoTimeKernel? = nil, steps: [Int]? = nil) {
    self.init(
      times: kernel.times, units: kernel.units, values: Self.flat(kernel),
      errors: errors.map(Self.flat), steps: steps)
  }

  /// The four kernels of a solution under their file names.
  public static func all(
    _ kernels: Kernels, errors: Kernels?
  ) -> [(name: String, table: KernelTable)] {
    zip(
      names,
      [
        (kernels.correlation, errors?.correlation), (kernels.response, errors?.response),
        (kernels.gradientCovariance, errors?.gradientCovariance),
        (kernels.gradientResponse, errors?.gradientResponse),
      ]
    ).map { ($0, KernelTable($1.0, errors: $1.1, steps: kernels.steps)) }
  }

  /// The file names of the four kernels.
  public static let names = [
    "correlation", "response", "gradient_covariance", "gradient_response",
  ]

  private static func flat(_ kernel: TwoTimeKernel) -> [Double] {
    let units = kernel.units
    var values: [Double] = []
    values.reserveCapacity(kernel.count * kernel.count)
    for t in 0..<kernel.times {
      for s in 0..<kernel.times {
        for k in 0..<units {
          for l in 0..<units { values.append(kernel[t * units + k, s * units + l]) }
        }
      }
    }
    return values
  }
}
