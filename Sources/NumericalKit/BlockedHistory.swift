internal import CNumerics

/// The history of a group of trajectories, and its sums with a kernel that is known beforehand:
/// e(n) = Σ_s K(n, s) x(s), asked for in the order of n while rows x(s) are appended.
/// `[sampling.blocks]`
///
/// A row holds `width` Floats, one per trajectory. When n enters a new block of rows, the whole
/// block is summed over all rows that are there: one product of matrices. Only the rows that come
/// later are added one product a row, while they are in a fast cache. Cost 2 rows² width operations
/// for all rows of a lower triangular kernel, at the speed of BLAS 3.
///
/// In single precision: nothing is fed back from the group into a kernel, so that rounding, 6e-8 of
/// a term, is amplified no more than a shift of a single trajectory is.
public struct BlockedHistory: Sendable {
  /// Rows of e that share one product of matrices.
  private static let blockRows = 64

  /// Trajectories.
  public let width: Int
  /// Rows of x that are there.
  public private(set) var count = 0
  private let kernel: FloatMatrix
  private let reach: Int
  private var rows: [Float]
  private var panel: [Float]
  private var panelRows = 0..<0
  private var panelDepth = 0  // rows of x that the panel has summed over

  /// Bytes of a history of `rows` rows, but for the kernel, which is shared.
  public static func bytes(rows: Int, width: Int) -> Double {
    4 * Double(rows + blockRows) * Double(width)
  }

  /// An empty history.
  ///
  /// - Parameters:
  ///   - kernel: K, one row per e, one column per x.
  ///   - reach: K(n, s) = 0 for s >= n + reach.
  ///   - width: the number of trajectories.
  public init(kernel: FloatMatrix, reach: Int, width: Int) {
    precondition(
      width >= 1 && reach >= 0 && Libraries.ready, "width \(width) >= 1, reach \(reach) >= 0")
    self.kernel = kernel
    self.reach = reach
    self.width = width
    rows = [Float](repeating: 0, count: kernel.columns * width)
    panel = [Float](repeating: 0, count: Self.blockRows * width)
  }

  /// Appends a row: the first `width` entries of `row`.
  public mutating func append(_ row: [Float]) {
    precondition(
      count < kernel.columns && row.count >= width,
      "row \(count) of \(kernel.columns), \(row.count) entries for width \(width)")
    rows.replaceSubrange(count * width..<(count + 1) * width, with: row[0..<width])
    count += 1
  }

  /// Appends independent standard normal rows up to the last one.
  public mutating func appendNormals(from stream: inout RandomStream) {
    let first = count * width
    unsafe rows.withUnsafeMutableBufferPointer { rows in
      var rest = unsafe MutableSpan(_unsafeElements: rows.extracting(first...))
      stream.fillNormals(&rest)
    }
    count = kernel.columns
  }

  /// x(s).
  public subscript(s: Int) -> ArraySlice<Float> {
    precondition(s < count, "row \(s) of \(count)")
    return rows[s * width..<(s + 1) * width]
  }

  /// result += e(n) over the rows that are there; n must not fall behind the block of an earlier
  /// call.
  public mutating func addEcho(_ n: Int, to result: inout [Float]) {
    precondition(
      n >= panelRows.lowerBound && n < kernel.rows && result.count >= width,
      "echo \(n) of \(kernel.rows), from \(panelRows.lowerBound) on; result of \(result.count)")
    if !panelRows.contains(n) { startPanel(at: n) }
    let first = (n - panelRows.lowerBound) * width
    let recent = panelDepth..<max(panelDepth, min(count, n + reach))
    unsafe result.withUnsafeMutableBufferPointer { y in
      unsafe panel.withUnsafeBufferPointer { panel in
        for j in 0..<width { unsafe y[j] += panel[first + j] }
      }
      guard !recent.isEmpty else { return }
      unsafe rows.withUnsafeBufferPointer { x in
        unsafe cblas_sgemv(
          CblasColMajor, CblasNoTrans, Int32(width), Int32(recent.count), 1,
          x.baseAddress?.advanced(by: recent.lowerBound * width), Int32(width),
          kernel.storage.base + n * kernel.stride + recent.lowerBound, 1, 1, y.baseAddress, 1)
      }
    }
  }

  /// Sums the block of rows from n on over what is there.
  private mutating func startPanel(at n: Int) {
    panelRows = n..<min(n + Self.blockRows, kernel.rows)
    panelDepth = min(count, panelRows.upperBound - 1 + reach)
    let (m, k, width) = (Int32(panelRows.count), Int32(panelDepth), Int32(width))
    unsafe panel.withUnsafeMutableBufferPointer { y in
      guard panelDepth > 0 else {
        unsafe y.update(repeating: 0)
        return
      }
      unsafe rows.withUnsafeBufferPointer { x in
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, m, width, k, 1,
          kernel.storage.base + n * kernel.stride, Int32(kernel.stride), x.baseAddress, width, 0,
          y.baseAddress, width)
      }
    }
  }
}
