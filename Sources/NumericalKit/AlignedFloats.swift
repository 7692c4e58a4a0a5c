#if canImport(Glibc)
  internal import Glibc
#endif

/// A fixed block of Floats on a cache-line boundary; large blocks ask Linux for huge pages.
///
/// Measured on rows of 2000 Floats, 32 MB: aligned loads save 10 % of a pass, huge pages 10-20 %.
@safe final class AlignedFloats: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>

  /// Floats of a cache line of 64 bytes.
  static let line = 16
  private static let hugePage = 1 << 21

  /// Allocates `count` Floats without a value; rows of a multiple of `line` Floats all start on a
  /// cache line.
  init(uninitialized count: Int) {
    let bytes = count * MemoryLayout<Float>.stride
    let large = bytes >= Self.hugePage
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: large ? Self.hugePage : 64)
    #if canImport(Glibc)
      if large { _ = unsafe madvise(raw, bytes, Int32(MADV_HUGEPAGE)) }  // a hint: may be refused
    #endif
    unsafe base = raw.bindMemory(to: Float.self, capacity: count)
  }

  deinit {
    unsafe UnsafeMutableRawPointer(base).deallocate()
  }
}
