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

  @Test func largeKernelsAreBinary() {
    #expect(KernelFormat.standard(steps: 500, units: 1) == .csv)
    #expect(KernelFormat.standard(steps: 501, units: 1) == .npy)
    #expect(KernelFormat.standard(steps: 200, units: 4) == .npy)
  }
}
