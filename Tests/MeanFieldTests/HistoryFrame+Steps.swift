import MeanField
import NumericalKit

extension HistoryFrame {
  /// Resolutions without a tolerance.
  static let resolutions = [(2, 1), (2, 3), (3, 2), (4, 4), (8, 5)].map {
    Resolution(width: $0.0, degree: $0.1)
  }

  /// A frame after some steps; `merged` sees each merge.
  static func after(
    _ steps: Int, _ resolution: Resolution, pinned: Set<Int> = [0],
    merged: (RowMerge, Int) -> Void = { _, _ in }, pushed: (Int) -> Void = { _ in }
  ) -> HistoryFrame {
    var frame = HistoryFrame(resolution, steps: steps, pinned: pinned)
    for _ in 0..<steps {
      frame.push()
      pushed(frame.rows)
      while let merge = frame.merge() { merged(merge, frame.steps) }
    }
    return frame
  }

  /// Aᵀ: a_r(s) at index r of row s.
  var columns: [[Double]] { (0..<steps).map { row(of: $0) } }
}
