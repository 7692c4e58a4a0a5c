internal import Foundation
internal import LearningProblem
internal import Observables
public import RunStorage

/// Kernels as numpy reads them: float64, little endian, C order, shape (T, T, K, K).
public enum KernelNPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

  /// Writes the numbers of one array, `values` or `errors` of a table.
  public static func write(
    _ values: [Double], times: Int, units: Int, to writer: inout ByteWriter
  ) throws {
    var header =
      "{'descr': '<f8', 'fortran_order': False, "
      + "'shape': (\(times), \(times), \(units), \(units)), }"
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
    try writer.write(magic + [UInt8(length & 0xff), UInt8(length >> 8)])
    try writer.write(header)
    var bytes = [UInt8](repeating: 0, count: 8)
    for value in values {
      guard value.isFinite else {
        throw SolverError.notFinite(quantity: "a kernel", step: nil, value: value)
      }
      let pattern = value.bitPattern
      for i in 0..<8 { bytes[i] = UInt8(truncatingIfNeeded: pattern >> (8 * UInt64(i))) }
      try writer.write(bytes)
    }
  }

  /// Reads what `write` wrote.
  public static func read(_ path: String) throws -> KernelTable {
    guard let file = FileManager.default.contents(atPath: path) else {
      throw OutputError("\(path) cannot be read")
    }
    let bytes = [UInt8](file)
    guard bytes.count > 10, Array(bytes[..<8]) == magic else {
      throw OutputError(
        "\(path) is not a .npy file of version 1.0; use kernels as `dmft solve` writes them")
    }
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<min(start, bytes.count)], as: UTF8.self)
    let shape = header.split(separator: "(").last?.split(separator: ")").first ?? ""
    let sizes = shape.split(separator: ",").compactMap {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    guard header.contains("'<f8'"), header.contains("'fortran_order': False"), sizes.count == 4,
      sizes[0] == sizes[1], sizes[2] == sizes[3], sizes.allSatisfy({ $0 >= 1 })
    else {
      throw OutputError(
        "\(path): found the header '\(header.shown(limit: 160))'; allowed: a float64 kernel of "
          + "shape (T, T, K, K) in C order; solve again")
    }
    let (data, count) = (bytes.dropFirst(start), sizes.reduce(1.0) { $0 * Double($1) })
    guard Double(data.count) == 8 * count else {
      throw OutputError(
        "\(path): found \(data.count) bytes of numbers; allowed: 8 for each of "
          + "\(shape) numbers, as its header says; solve again")
    }
    var values: [Double] = []
    values.reserveCapacity((bytes.count - start) / 8)
    for offset in stride(from: start, to: bytes.count, by: 8) {
      var pattern: UInt64 = 0
      for i in 0..<8 { pattern |= UInt64(bytes[offset + i]) << (8 * UInt64(i)) }
      let value = Double(bitPattern: pattern)
      guard value.isFinite else {
        throw OutputError(
          "\(path): found \(value) as number \(values.count + 1); allowed: finite numbers; solve "
            + "again")
      }
      values.append(value)
    }
    return KernelTable(times: sizes[0], units: sizes[2], values: values)
  }
}
