import Experiments
import Foundation
import LearningProblem
import NumericalKit
import RunStorage
import Testing

struct KernelFilesTests {
  /// A kernel of 3 times and K = 2 with distinct irrational entries.
  private func table(errors: Bool = false) -> KernelTable {
    var kernel = TwoTimeKernel(units: 2, capacity: 3, shape: .causal)
    for t in 0..<3 {
      kernel.append(
        (0..<2).map { k in
          (0..<2 * (t + 1)).map { sin(Double(100 * t + 10 * k + $0 + 1)) }
        })
    }
    return KernelTable(kernel, errors: errors ? kernel : nil)
  }

  private func csv(_ table: KernelTable, in folder: String) throws -> String {
    try writing(to: folder) { run in
      try run.write("kernel.csv") {
        try KernelCSV.write(
          table, grid: TimeGrid(learningRate: .constant(0.1), steps: 10), to: &$0)
      }
    }
    return try text("\(folder)/kernel.csv")
  }

  @Test func csvLines() throws {
    try withTemporaryFolder { folder in
      let lines = try csv(table(), in: folder).split(separator: "\n")
      #expect(lines[0] == "step,step_prime,time,time_prime,unit,unit_prime,value")
      #expect(lines.count == 1 + 9 * 4)
      #expect(lines[1] == "0,0,0,0,1,1,\(sin(1.0))")
      #expect(lines[2] == "0,0,0,0,1,2,\(sin(2.0))")
      #expect(lines[5] == "0,1,0,0.1,1,1,0")
      // t = 2, s = 1, k = 2, l = 1: flat column 2.
      #expect(lines[1 + (2 * 3 + 1) * 4 + 2] == "2,1,0.2,0.1,2,1,\(sin(213.0))")
    }
  }

  @Test func errorsAreAnotherColumn() throws {
    try withTemporaryFolder { folder in
      let lines = try csv(table(errors: true), in: folder).split(separator: "\n")
      #expect(lines[0].hasSuffix(",value,standard_error"))
      #expect(lines[1] == "0,0,0,0,1,1,\(sin(1.0)),\(sin(1.0))")
    }
  }

  @Test(arguments: [false, true])
  func csvReadsBack(errors: Bool) throws {
    try withTemporaryFolder { folder in
      _ = try csv(table(errors: errors), in: folder)
      #expect(try KernelCSV.read("\(folder)/kernel.csv") == table(errors: errors))
    }
  }

  @Test func chosenStepsAreWrittenAndReadBack() throws {
    let table = KernelTable(
      times: 3, units: 1, values: (1...9).map { sqrt(Double($0)) }, steps: [0, 4, 9, 10])
    try withTemporaryFolder { folder in
      let lines = try csv(table, in: folder).split(separator: "\n")
      #expect(lines[6] == "4,9,0.4,0.9,1,1,\(sqrt(6.0))")
      #expect(try KernelCSV.read("\(folder)/kernel.csv") == table)
      #expect(try KernelCSV.read("\(folder)/kernel.csv").steps == [0, 4, 9])
    }
  }

  @Test func npyHeaderAndNumbers() throws {
    try withTemporaryFolder { folder in
      let table = table()
      try writing(to: folder) { run in
        try run.write("kernel.npy") {
          try KernelNPY.write(table.values, times: table.times, units: table.units, to: &$0)
        }
      }
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/kernel.npy")))
      #expect(Array(bytes[..<8]) == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
      let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
      #expect(start % 64 == 0)
      let header = String(decoding: bytes[10..<start], as: UTF8.self)
      #expect(
        header.hasPrefix(
          "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3, 2, 2), }"))
      #expect(header.hasSuffix("\n"))
      #expect(bytes.count == start + 8 * 36)
      #expect(try KernelNPY.read("\(folder)/kernel.npy") == table)
    }
  }

  @Test func whatIsNoKernelIsRefused() throws {
    try withTemporaryFolder { folder in
      try "step\n1,2\n".write(toFile: "\(folder)/a.csv", atomically: true, encoding: .utf8)
      #expect(throws: OutputError.self) { try KernelCSV.read("\(folder)/a.csv") }
      #expect(throws: OutputError.self) { try KernelNPY.read("\(folder)/a.csv") }
      #expect(throws: OutputError.self) { try KernelNPY.read("\(folder)/missing.npy") }
    }
  }

  /// The message about a damaged kernel; empty if it is read.
  private func message(_ bytes: [UInt8], _ format: KernelFormat) throws -> String {
    try withTemporaryFolder { folder in
      let path = "\(folder)/kernel.\(format.rawValue)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try format == .csv ? KernelCSV.read(path) : KernelNPY.read(path)
        return ""
      } catch { return "\(error)" }
    }
  }

  /// A .npy file with this shape and these numbers.
  private func npy(_ shape: String, _ numbers: [Double]) -> [UInt8] {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
      + numbers.flatMap { number in (0..<8).map { UInt8(number.bitPattern >> (8 * $0) & 0xff) } }
  }

  @Test(arguments: [
    ("(3, 3, 0, 0)", [], "shape (T, T, K, K)"), ("(0, 0, 1, 1)", [], "shape (T, T, K, K)"),
    ("(-1, -1, -1, -1)", [1], "shape (T, T, K, K)"), ("(1, 1, 1)", [1], "shape (T, T, K, K)"),
    ("(2, 2, 1, 1)", [1], "found 8 bytes of numbers"),
    ("(9223372036854775807, 9223372036854775807, 2, 2)", [], "found 0 bytes of numbers"),
    ("(1, 1, 1, 1)", [.nan], "found nan as number 1"),
  ])
  func damagedBinaryKernelsAreRefused(shape: String, numbers: [Double], says: String) throws {
    let message = try message(npy(shape, numbers), .npy)
    #expect(message.contains(says) && message.contains("kernel.npy: found"), "\(message)")
    #expect(message.contains("; allowed: ") && message.hasSuffix("solve again"), "\(message)")
  }

  @Test(arguments: [
    ("", "kernel.csv:1: found ''"), ("0,0,0,0,nan,1,1\n", ":2: found '0,0,0,0,nan,1,1'"),
    ("0,0,0,0,1e300,1,1\n", ":2:"), ("0,0,0,0,0,1,1\n", ":2:"), ("0,0,0,0,9e18,1,1\n", ":2:"),
    ("0,0,0,0,-5,1,1\n", ":2:"), ("0,0,0,0,1.5,1,1\n", ":2:"), ("0,0,0,0,1,1,nan\n", ":2:"),
    ("0,0,0\n", ":2: found '0,0,0'"), ("0,0,0,0,100,1,1\n", "found 1 entries with 100 units"),
    ("0,0,0,0,1,1,1\n0,1,0,0,1,1,1,2\n", ":3:"),
    ("0,0,0,0,1,1,1\n0,1,0,0,1,1,1\n", "found 2 entries"),
    ("\u{1b}[31m,0,0,0,1,1,1\n", "found '\\u{1b}[31m,0"),
  ])
  func damagedTextKernelsAreRefused(lines: String, says: String) throws {
    let header = "step,step_prime,time,time_prime,unit,unit_prime,value\n"
    let message = try message(Array((lines.isEmpty ? "" : header + lines).utf8), .csv)
    #expect(message.contains(says) && message.hasSuffix("solve again"), "\(message)")
    #expect(message.contains("; allowed: "))
  }

  @Test func textKernelsMayHaveOtherLineEnds() throws {
    try withTemporaryFolder { folder in
      let lines = try csv(table(), in: folder).replacing("\n", with: "\r\n")
      try lines.write(toFile: "\(folder)/other.csv", atomically: true, encoding: .utf8)
      #expect(try KernelCSV.read("\(folder)/other.csv") == table())
    }
  }

  @Test func largeKernelsAreBinary() {
    #expect(KernelFormat.standard(steps: 500, units: 1) == .csv)
    #expect(KernelFormat.standard(steps: 501, units: 1) == .npy)
    #expect(KernelFormat.standard(steps: 200, units: 4) == .npy)
  }
}
