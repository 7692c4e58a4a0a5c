internal import Foundation

/// Kernels as text: one line per entry, units from 1.
///
/// Two million entries a second; a kernel of 2000 times takes 2 s and 0.2 GB.
public enum KernelCSV {
  /// The first line; kernels with errors have `standard_error` behind it.
  public static let header = "step,step_prime,time,time_prime,unit,unit_prime,value"

  /// Writes a kernel; `learningRate` turns steps into times ηt.
  public static func write(
    _ table: KernelTable, learningRate: Double, to writer: inout ByteWriter
  ) throws {
    try writer.write(header + (table.errors == nil ? "\n" : ",standard_error\n"))
    let steps = (0..<table.times).map { Array("\($0),".utf8) }
    let times = (0..<table.times).map {
      Array(ByteWriter.bytes(learningRate * Double($0))) + [UInt8(ascii: ",")]
    }
    let units = (1...table.units).map { Array("\($0),".utf8) }
    var line: [UInt8] = []
    var index = 0
    for t in 0..<table.times {
      for s in 0..<table.times {
        for k in 0..<table.units {
          for l in 0..<table.units {
            line.removeAll(keepingCapacity: true)
            line += steps[t]
            line += steps[s]
            line += times[t]
            line += times[s]
            line += units[k]
            line += units[l]
            line += ByteWriter.bytes(table.values[index])
            if let errors = table.errors {
              line.append(UInt8(ascii: ","))
              line += ByteWriter.bytes(errors[index])
            }
            line.append(UInt8(ascii: "\n"))
            try writer.write(line)
            index += 1
          }
        }
      }
    }
  }

  /// Reads what `write` wrote: entries in order, so only units and numbers are looked at.
  public static func read(_ path: String) throws -> KernelTable {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OutputError("\(path) cannot be read")
    }
    var values: [Double] = []
    var errors: [Double] = []
    var units = 1
    for line in [UInt8](data).split(separator: UInt8(ascii: "\n")).dropFirst() {
      let fields = line.split(separator: UInt8(ascii: ","))
      let numbers = fields.dropFirst(4).compactMap { Double(String(decoding: $0, as: UTF8.self)) }
      guard fields.count == 7 || fields.count == 8, numbers.count == fields.count - 4 else {
        throw OutputError("\(path): line \(values.count + 2) is not an entry of a kernel")
      }
      units = max(units, Int(numbers[0]))
      values.append(numbers[2])
      if numbers.count == 4 { errors.append(numbers[3]) }
    }
    let times = Int(Double(values.count).squareRoot().rounded()) / units
    guard times * times * units * units == values.count,
      errors.isEmpty || errors.count == values.count
    else { throw OutputError("\(path): \(values.count) entries are not a whole kernel") }
    return KernelTable(
      times: times, units: units, values: values, errors: errors.isEmpty ? nil : errors)
  }
}
