internal import CNumerics

/// Order statistics by selection (GSL): the kth smallest of n numbers in O(n).
public enum OrderStatistic {
  /// The number below which (or at which) `rank` of `values` lie: the smallest for rank 1.
  ///
  /// `values` are left in a different order. Rank 0 gives -infinity.
  public static func smallest(_ rank: Int, of values: inout [Double]) -> Double {
    precondition(
      rank >= 0 && rank <= values.count, "rank \(rank) outside 0...\(values.count)")
    guard rank > 0, Libraries.ready else { return -.infinity }
    let count = values.count
    return unsafe values.withUnsafeMutableBufferPointer {
      unsafe gsl_stats_select($0.baseAddress, 1, count, rank - 1)
    }
  }
}
