internal import NumericalKit
internal import Observables

extension MeanFieldSolver {
  /// What one solve found, as it is kept; who watches from waiting times on keeps nothing.
  struct Batch: Sendable, Codable {
    var recording: Recording
    var histogram: WeightHistogram?
    var frame: Solution.FrameDiagnostics?
    var kernels: Kernels?
    var aging: [AgingCurve] = []

    private enum CodingKeys: CodingKey {
      case recording, histogram, frame, kernels
    }
  }
}
