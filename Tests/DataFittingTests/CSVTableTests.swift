import LearningProblem
import Testing

@Suite struct CSVTableTests {
  @Test func aHeaderIsOptionalAndFieldsMayBeQuoted() throws {
    let text = "\u{FEFF}a,\"b, \"\"c\"\"\",kind\r\n1,-2.5e-1,\"x\ny\"\r\n\r\n 3 ,4,z"
    let table = try CSVTable(text: text)
    #expect(table.columns == ["a", "b, \"c\""])
    #expect(table.values == [1, -0.25, 3, 4])
    #expect(table.labels == ["x\ny", "z"])
    let bare = try CSVTable(text: "1,2,odd\n3,4,even\n")
    #expect(bare.columns == ["column 1", "column 2"])
    #expect(bare.values == [1, 2, 3, 4] && bare.labels == ["odd", "even"])
  }

  @Test(arguments: ["kind", "2"]) func theLabelHasANameOrANumber(_ label: String) throws {
    let table = try CSVTable(text: "a,kind,b\n1,u,2\n3,v,4\n", label: label)
    #expect(table.columns == ["a", "b"] && table.values == [1, 2, 3, 4])
    #expect(table.labels == ["u", "v"])
  }

  /// Text, and what the message must say.
  static let bad: [(text: String, says: [String])] = [
    ("a,b,y\n1,2,u\n1,two,v\n", ["bad.csv:3:", "b: found 'two'", "a finite number"]),
    ("1,2,u\n1,,v\n", ["bad.csv:2:", "column 2: found an empty field"]),
    ("1,2,u\n1,nan,v\n", ["bad.csv:2:", "column 2: found 'nan'"]),
    ("1,2,u\n1,v\n", ["bad.csv:2:", "found 2 fields", "3, as in the first line"]),
    ("a,b,y\n1,2,\"u\nv\"\n1,2,\n", ["bad.csv:4:", "y: found an empty field", "a label"]),
    ("a,b,y\n", ["bad.csv:1:", "a header without rows"]),
    ("1,2,\"u\n1,2,v\n", ["bad.csv:1:", "a quote that never ends"]),
    ("", ["bad.csv:1:", "an empty file"]),
    ("1\n2\n", ["bad.csv:1:", "a single column"]),
  ]

  @Test(arguments: bad.indices) func errorsNameFileLineColumnAndValue(_ index: Int) throws {
    let (text, says) = Self.bad[index]
    let error = try #require(throws: ProblemError.self) {
      try CSVTable(text: text, name: "bad.csv")
    }
    for word in says { #expect("\(error)".contains(word), "\(error)") }
  }

  @Test(arguments: ["0", "4", "c"]) func anUnknownLabelColumnIsRefused(_ label: String) throws {
    let error = try #require(throws: ProblemError.self) {
      try CSVTable(text: "a,b,y\n1,2,u\n", name: "bad.csv", label: label)
    }
    #expect(
      "\(error)".contains("label: found \(label); allowed: the name of a column"))
  }
}
