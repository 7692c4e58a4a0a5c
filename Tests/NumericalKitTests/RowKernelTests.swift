import CNumerics
import Testing

/// The products of rows with vectors, in every version that this processor has. `RowBlock` takes
/// the fastest.
@Suite("Kernels of rows")
struct RowKernelTests {
  private static let rows = 7
  private static let width = 21

  private typealias Kernel = (
    Int32, Int, Int, UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>
  ) -> Void

  private let block = (0..<rows * width).map { Double($0 % 13 - 6) }

  /// Whole numbers, of which sums in any order are exact.
  private func numbers(_ count: Int) -> [Double] { (0..<count).map { Double($0 * 7 % 11 - 5) } }

  private func expect(
    _ name: String, vectors: Int, inner: Int, outer: Int, entry: (Int, Int) -> Double,
    _ kernel: Kernel
  ) {
    let x = numbers(vectors * inner)
    var sums = numbers(vectors * outer)
    let expected = sums.indices.map { index in
      let (k, i) = (index / outer, index % outer)
      return sums[index] + (0..<inner).reduce(0) { $0 + x[k * inner + $1] * entry(i, $1) }
    }
    unsafe block.withUnsafeBufferPointer { block in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          guard let a = block.baseAddress, let x = x.baseAddress, let y = sums.baseAddress else {
            return
          }
          unsafe kernel(Int32(vectors), Self.rows, Self.width, a, x, y)
        }
      }
    }
    #expect(sums == expected, "\(name)")
  }

  @Test("every version, with one to four vectors", arguments: 1...4)
  func versions(vectors: Int) {
    var dots: [(String, Kernel)] = unsafe [("plain", dmft_dots_plain), ("chosen", dmft_dots)]
    var sums: [(String, Kernel)] = unsafe [("plain", dmft_sums_plain), ("chosen", dmft_sums)]
    #if arch(x86_64)
      if dmft_has_avx2() != 0 {
        unsafe dots.append(("AVX2", dmft_dots_avx2))
        unsafe sums.append(("AVX2", dmft_sums_avx2))
      }
      if dmft_has_avx512() != 0 {
        unsafe dots.append(("AVX-512", dmft_dots_avx512))
        unsafe sums.append(("AVX-512", dmft_sums_avx512))
      }
    #endif
    for unsafe(name, kernel) in unsafe dots {
      unsafe expect(
        name, vectors: vectors, inner: Self.width, outer: Self.rows,
        entry: { block[$0 * Self.width + $1] }, kernel)
    }
    for unsafe(name, kernel) in unsafe sums {
      unsafe expect(
        name, vectors: vectors, inner: Self.rows, outer: Self.width,
        entry: { block[$1 * Self.width + $0] }, kernel)
    }
  }
}
