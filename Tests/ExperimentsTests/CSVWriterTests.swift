import Experiments
import Foundation
import Observables
import RunStorage
import Testing

struct CSVWriterTests {
  /// Texts with commas, quotes or line ends are quoted; what does not exist is empty.
  @Test func cellsAreQuotedAndNumbersReadBack() throws {
    try withTemporaryFolder { folder in
      try writing(to: folder) { run in
        try run.write("table.csv") {
          try CSVWriter.write(
            ["a", "b, c"],
            [
              [.text("plain"), .number(1.0 / 3)], [.text("a, \"b\"\n"), .number(0)],
              [.whole(-7), .number(nil)], [.rounded(1.0 / 3), .rounded(nil)],
              [.number(-0.0), .limit(.infinity)],
            ], to: &$0)
        }
      }
      #expect(
        try text("\(folder)/table.csv") == """
          a,"b, c"
          plain,0.3333333333333333
          "a, ""b""\n",0
          -7,
          0.333333333333,
          0,inf

          """)
    }
  }

  @Test(
    "a number that is none is an error with its name and step, and no file",
    arguments: [.number(.nan), .number(.infinity), .rounded(-.infinity), .limit(.nan)] as [CSVCell])
  func noNumber(_ cell: CSVCell) throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: SolverError.self) {
        try writing(to: "\(folder)/run") { run in
          try run.write("table.csv") {
            try CSVWriter.write(
              ["step", "observable", "value"], [[.whole(7), .text("test_loss"), cell]], to: &$0)
          }
        }
      }
      #expect(error?.description.hasPrefix("test_loss value at step 7 came out ") == true)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/run"))
    }
  }

  /// A quote is doubled, also where an accent makes another character of it.
  @Test func quotesUnderAccentsAreDoubled() throws {
    try withTemporaryFolder { folder in
      try writing(to: folder) { run in
        try run.write("table.csv") { try CSVWriter.write(["a"], [[.text("\"\u{301},")]], to: &$0) }
      }
      let cell = Array(try text("\(folder)/table.csv").unicodeScalars).dropFirst(2).dropLast()
      #expect(Array(cell) == Array("\"\"\"\u{301},\"".unicodeScalars))
    }
  }
}
