internal import Foundation
public import LearningProblem
public import RunStorage

/// Kernels as text: one line per entry, units from 1.
///
/// Two million entries a second; a kernel of 2000 times takes 2 s and 0.2 GB.
public enum KernelCSV {
  private static let header = [
    "step", "step_prime", "time", "time_prime", "unit", "unit_prime", "value",
  ]

  /// Writes a kernel, with `standard_error` if it has errors; `grid` turns steps into times.
  public static func write(
    _ table: KernelTable, grid: TimeGrid, to writer: inout ByteWriter
  ) throws {
    let units = table.units
    let times = (0..<table.times).map {
      CSVCell.text(String(ByteWriter.bytes(grid.time(at: $0))))
    }
    let rows = table.values.indices.lazy.map { index -> [CSVCell] in
      let (k, l) = (index / units % units, index % units)
      let (t, s) = (index / units / units / table.times, index / units / units % table.times)
      let cells: [CSVCell] = [
        .whole(t), .whole(s), times[t], times[s], .whole(k + 1), .whole(l + 1),
        .number(table.values[index]),
      ]
      return table.errors.map { cells + [.number($0[index])] } ?? cells
    }
    try CSVWriter.write(
      header + (table.errors == nil ? [] : ["standard_error"]), rows, to: &writer)
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
