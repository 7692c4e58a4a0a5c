import Energetics
import Experiments
import Foundation
import LearningProblem
import RunStorage
import Testing

@Suite("The writes of a run as a schedule")
struct RunScheduleTests {
  private static let header = "step,time,observable,value,standard_error\n"

  /// The rates of a run whose curves.csv holds these lines, and a norm of 1 wherever writes stand.
  private func rates(_ lines: String, header: String = header) throws -> [Double] {
    let norms = lines.split(whereSeparator: \.isNewline).filter { $0.contains(",writes,") }
      .map { $0.split(separator: ",").prefix(2).joined(separator: ",") + ",norm,1,0\n" }
    return try schedule(lines + norms.joined(), header: header).rates
  }

  /// The schedule of a run whose curves.csv holds these lines.
  private func schedule(_ lines: String, header: String = header) throws -> MeasuredSchedule {
    try withTemporaryFolder { folder in
      try writing(to: folder) { try $0.write("curves.csv", text: header + lines) }
      return try RunSchedule.read(run: folder + "/")
    }
  }

  @Test("rates are the increases of `writes`, whatever else is in the file")
  func increases() throws {
    let rates = try rates(
      """
      0,0.0,magnetisation,0.5,0.0
      1,0.2,magnetisation,0.7,0.0
      0,0.0,writes,0.0,0.0
      1,0.2,writes,0.5,0.0
      2,0.4,writes,0.75,0.01
      3,0.6,writes,0.75,0.01
      0,0.0,squared_change,9.0,0.0

      """)
    #expect(rates == [0.5, 0.25, 0])
  }

  @Test("what was written between recorded steps is spread evenly")
  func gaps() throws {
    #expect(
      try rates("0,0.0,writes,0.0,0.0\n2,0.4,writes,1.0,0.0\n6,1.2,writes,2.0,0.0\n")
        == [0.5, 0.5, 0.25, 0.25, 0.25, 0.25])
    #expect(try rates("4,0.8,writes,1.0,0.0\n") == [0.25, 0.25, 0.25, 0.25])
  }

  @Test("rounding of means does not matter")
  func rounding() throws {
    #expect(
      try rates("0,0.0,writes,0.0,0.0\n1,0.2,writes,1.0000000001,0\n2,0.4,writes,1.0,0.0\n")
        == [1, 0])
  }

  @Test(
    "other files are refused with file, line and what is allowed",
    arguments: [
      ("0,0.0,norm,0.5,0.0\n", "writes: found norm"),
      ("1,0.2,writes,x,0.0\n", "curves.csv:2: found '1,0.2,writes,x,0.0'"),
      ("1,0.2,writes,nan,0.0\n", "curves.csv:2:"), ("1,0.2,writes\n", "curves.csv:2:"),
      ("1,0.2,writes,0.5,0\n1,0.2,writes,0.6,0\n", "curves.csv:3:"),
      ("1,0.2,writes,1.5,0.0\n", "writes at step 1: found an increase of 1.5 a step"),
      ("1,0.2,writes,0.5,0\n2,0.4,writes,0.4,0\n", "writes at step 2: found an increase of -0.09"),
      ("0,0.0,writes,0.5,0.0\n", "writes at step 0: found an increase of 0.5"),
      ("0,0.0,writes,0,0\n2,0.4,writes,0,0\n", "found no change in 2 steps"),
    ])
  func refused(lines: String, says: String) throws {
    let error = #expect(throws: ProblemError.self) { try rates(lines) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("allowed: ") == true)
  }

  @Test("a spreadsheet may have saved it with other line ends and a byte order mark")
  func otherLineEnds() throws {
    let text = "0,0.0,writes,0.0,0.0\r\n1,0.2,writes,0.5,0.0\r\n"
    let header = "\u{FEFF}" + Self.header.replacing("\n", with: "\r\n")
    #expect(try rates(text, header: header) == [0.5])
  }

  @Test(
    "steps that no run has, and bytes that are no text",
    arguments: [
      ("9223372036854775807,1,writes,0.5,0\n", "writes: found step 9223372036854775807"),
      ("9223372036854775808,1,writes,0.5,0\n", "curves.csv:2:"),
      ("0x1,1,writes,0.5,0\n", "curves.csv:2:"), ("1,1,writes,0x1,0\n", "curves.csv:2:"),
      ("1,1,\u{1b}[31m\n", "found '1,1,\\u{1b}[31m'"), ("", "writes: found a header without rows"),
      ("1,1,writes,0\0,0\n", "curves.csv:2: found the byte 0x00, number 13 of its line"),
    ])
  func damaged(lines: String, says: String) throws {
    let error = #expect(throws: ProblemError.self) { try rates(lines) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test("another table, an empty file and no file at all")
  func noCurves() throws {
    let error = #expect(throws: ProblemError.self) {
      try rates("1,0.2,writes,0.5,0.0\n", header: "observable,step\n")
    }
    #expect(error?.description.contains("curves.csv:1: found 'observable,step'") == true)
    #expect(throws: ProblemError.self) { try rates("", header: "") }
    #expect(throws: OutputError.self) { try RunSchedule.read(run: "/nonexistent") }
  }
}
