extension DenseVector {
  private struct SortedEntry {
    let key: UInt64
    let index: Int
  }

  /// The indices of all entries of x, in ascending order of these, equal ones in the order of their
  /// places; none may be nan.
  ///
  /// A radix sort, byte by byte: O(n), three times as fast as `sorted(by:)` for some hundred
  /// entries, which a systematic draw of switches sorts at every step. `[sampling.balanced]`
  public static func ascendingOrder(_ x: [Double]) -> [Int] {
    let (count, bytes, values) = (x.count, 8, 256)
    var order = [Int](repeating: 0, count: count)
    var places = [Int](repeating: 0, count: bytes * values)
    unsafe withUnsafeTemporaryAllocation(of: SortedEntry.self, capacity: 2 * count) { entries in
      unsafe places.withUnsafeMutableBufferPointer { places in
        /// Where the place of an entry is counted, for one of the bytes of its key.
        func counter(_ key: UInt64, _ byte: Int) -> Int {
          byte &* values &+ Int(truncatingIfNeeded: key &>> UInt64(8 &* byte) & 255)
        }
        for index in 0..<count {
          let bits = (x[index] + 0).bitPattern  // -0 becomes 0
          let key = bits >> 63 == 1 ? ~bits : bits | 1 << 63  // grows with the entry
          unsafe entries[index] = SortedEntry(key: key, index: index)
          for byte in 0..<bytes { unsafe places[counter(key, byte)] &+= 1 }
        }
        var (source, target) = (0, count)
        for byte in 0..<bytes {
          var (sum, isSame) = (0, false)
          for place in byte * values..<(byte + 1) * values {
            let number = unsafe places[place]
            isSame = isSame || number == count
            unsafe places[place] = sum
            sum &+= number
          }
          if isSame { continue }
          for index in source..<source + count {
            let entry = unsafe entries[index]
            let counter = counter(entry.key, byte)
            let place = unsafe places[counter]
            unsafe places[counter] = place &+ 1
            unsafe entries[target &+ place] = entry
          }
          swap(&source, &target)
        }
        for index in 0..<count { order[index] = unsafe entries[source + index].index }
      }
    }
    return order
  }
}
