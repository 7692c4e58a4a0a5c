public import MeanField
public import NumericalKit

/// A kernel A_kl(t, s) as it stands in files: shape (T, T, K, K), C order.
public struct KernelTable: Sendable, Equatable {
  /// T.
  public let times: Int
  /// K.
  public let units: Int
  /// A_kl(t, s) at ((t T + s) K + k) K + l.
  public let values: [Double]
  /// Standard errors in the same order, nil if the kernel has none.
  public var errors: [Double]?

  /// Creates a table of T² K² numbers.
  public init(times: Int, units: Int, values: [Double], errors: [Double]? = nil) {
    let count = times * times * units * units
    precondition(
      values.count == count && (errors.map { $0.count == count } ?? true),
      "\(values.count) values for \(times) times of \(units) units")
    self.times = times
    self.units = units
    self.values = values
    self.errors = errors
  }

  /// Reads a kernel of the solver; its error kernel must have the same layout. Cost O(T² K²).
  public init(_ kernel: TwoTimeKernel, errors: TwoTimeKernel? = nil) {
    self.init(
      times: kernel.times, units: kernel.units, values: Self.flat(kernel),
      errors: errors.map(Self.flat))
  }

  /// The four kernels of a solution under their file names.
  public static func all(
    _ kernels: Kernels, errors: Kernels?
  ) -> [(name: String, table: KernelTable)] {
    [
      ("correlation", KernelTable(kernels.correlation, errors: errors?.correlation)),
      ("response", KernelTable(kernels.response, errors: errors?.response)),
      (
        "gradient_covariance",
        KernelTable(kernels.gradientCovariance, errors: errors?.gradientCovariance)
      ),
      (
        "gradient_response",
        KernelTable(kernels.gradientResponse, errors: errors?.gradientResponse)
      ),
    ]
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
