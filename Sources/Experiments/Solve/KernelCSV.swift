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
    let times = table.steps.map {
      CSVCell.text(String(ByteWriter.bytes(grid.time(at: $0))))
    }
    let rows = table.values.indices.lazy.map { index -> [CSVCell] in
      let (k, l) = (index / units % units, index % units)
      let (t, s) = (index / units / units / table.times, index / units / units % table.times)
      let cells: [CSVCell] = [
        .whole(table.steps[t]), .whole(table.steps[s]), times[t], times[s], .whole(k + 1),
        .whole(l + 1),
        .number(table.values[index]),
      ]
      return table.errors.map { cells + [.number($0[index])] } ?? cells
    }
    try CSVWriter.write(
      header + (table.errors == nil ? [] : ["standard_error"]), rows, to: &writer)
  }

  /// Reads what `write` wrote: entries in order, so only units and numbers are looked at.
  ///
  /// Throws `OutputError` with the line.
  public static func read(_ path: String) throws -> KernelTable {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OutputError("\(path) cannot be read")
    }
    func error(_ line: Int, _ found: ArraySlice<UInt8>, _ allowed: String) -> OutputError {
      let text = String(decoding: found, as: UTF8.self).shown(limit: 80)
      return OutputError("\(path):\(line): found '\(text)'; allowed: \(allowed); solve again")
    }
    let lines = [UInt8](data).split(separator: UInt8(ascii: "\n")).map {
      $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
    }
    let names = header.joined(separator: ",")
    let headers = [names, names + ",standard_error"].map { Array($0.utf8) }
    guard let first = lines.first, headers.contains(Array(first)) else {
      throw error(1, lines.first ?? [], "\(names), and standard_error where there are errors")
    }
    let width = Array(first) == headers[0] ? header.count : header.count + 1
    var values: [Double] = []
    var errors: [Double] = []
    var units = 1
    var steps: [Int] = []
    for (index, line) in lines.enumerated().dropFirst() {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      let numbers = fields.compactMap { Double(String(decoding: $0, as: UTF8.self)) }
      guard fields.count == width, numbers.count == width, numbers.allSatisfy(\.isFinite),
        let unit = Int(exactly: numbers[4]), (1...mostUnits).contains(unit)
      else {
        throw error(
          index + 1, line, "\(width) finite numbers, the fifth a unit from 1 to \(mostUnits)")
      }
      units = max(units, unit)
      guard let step = Int(exactly: numbers[0]), step >= steps.last ?? 0 else {
        throw error(index + 1, line, "steps in their order, in the first column")
      }
      if step != steps.last { steps.append(step) }
      values.append(numbers[6])
      if width > header.count { errors.append(numbers[7]) }
    }
    let times = Int(Double(values.count).squareRoot().rounded()) / units
    guard times >= 1, steps.count == times, times * times * units * units == values.count else {
      throw OutputError(
        "\(path): found \(values.count) entries with \(units) units; allowed: a whole kernel of "
          + "(T K)² entries; solve again")
    }
    return KernelTable(
      times: times, units: units, values: values, errors: errors.isEmpty ? nil : errors,
      steps: steps)
  }

  private static let mostUnits = 1000
}
