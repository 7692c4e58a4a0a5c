import LearningProblem
import Testing

/// Tables as pandas, spreadsheets and other programs write them: read, or refused with what they
/// are and what to do.
@Suite struct OtherTablesTests {
  /// The message about a table; empty if it is read.
  private func message(_ bytes: [UInt8], label: String? = nil) -> String {
    do {
      _ = try CSVTable(bytes: bytes, name: "bad.csv", label: label)
      return ""
    } catch { return "\(error)" }
  }

  private func message(_ text: String) -> String { message(Array(text.utf8)) }

  /// A header of numbers, the rows below it, and the names of the columns; none if it is a row.
  static let headers: [(text: String, columns: [String])] = [
    ("0,1,label\n5,6,a\n7,8,a\n6,5,b\n8,7,b\n", ["0", "1"]),
    ("0,1,label\n5,6,1\n7,8,1\n6,5,2\n8,7,2\n", ["0", "1"]),
    ("0,1,2\n5,6,a\n7,8,a\n6,5,b\n8,7,b\n", ["0", "1"]),
    ("400.5,401,species\n5,6,1\n7,8,1\n6,5,0\n8,7,0\n", ["400.5", "401"]),
    ("0,1,2\n5,6,1\n7,8,1\n6,5,0\n8,7,0\n", ["0", "1"]),
    // Rows: the label stands there again, stands for itself among words, or numbers do not count.
    ("0,1,a\n5,6,a\n7,8,a\n6,5,b\n8,7,b\n", []),
    ("0,2,c\n5,6,a\n7,8,a\n6,5,b\n8,7,b\n", []),
    ("0,1,c\n5,6,a\n7,8,b\n", []),
  ]

  @Test(arguments: headers.indices) func aHeaderMayConsistOfNumbers(_ index: Int) throws {
    let (text, columns) = Self.headers[index]
    let table = try CSVTable(text: text)
    let rows = text.split(separator: "\n").count
    #expect(table.columns == (columns.isEmpty ? ["column 1", "column 2"] : columns))
    #expect(table.labels.count == (columns.isEmpty ? rows : rows - 1))
    #expect(table.values.count == 2 * table.labels.count)
    #expect(table.values.prefix(2) == (columns.isEmpty ? table.values.prefix(2) : [5, 6]))
  }

  @Test(arguments: [
    ",x,z,y\n0,5,6,a\n1,7,8,a\n2,6,5,b\n3,8,7,b\n", ",x,z,y\n17,5,6,a\n4,7,8,a\n9,6,5,b\n",
    "Unnamed: 0,x,y\n0,5,a\n1,7,a\n2,6,b\n", ",0,1,y\n0,5,6,a\n1,7,8,a\n2,6,5,b\n3,8,7,b\n",
    "1,5,a\n2,7,a\n3,6,b\n4,8,b\n",
  ])
  func anIndexIsNoInput(_ text: String) {
    let message = message(text)
    #expect(message.contains("bad.csv:1: column 1: found a column without a name that numbers"))
    #expect(message.contains("index=False"), "\(message)")
  }

  @Test(arguments: [
    "id,x,y\n0,5,a\n1,7,a\n2,6,b\n", ",x,y\n0,5,a\n1,7,a\n1,6,b\n", ",x,y\n0.5,5,a\n1,7,a\n2,6,b\n",
    "1,5,a\n2,7,a\n4,6,b\n5,8,b\n",
  ])
  func otherFirstColumnsAreInputs(_ text: String) { #expect(message(text) == "") }

  /// Text, and what the message must say.
  static let bad: [(text: String, says: [String])] = [
    ("a;b;y\n1;2;u\n", ["bad.csv:1:", "semicolons between fields", "sep=\";\"", "index=False"]),
    ("a;y\n1,5;u\n", ["bad.csv:1:", "semicolons between fields, and commas in numbers"]),
    ("1,5;2,5;u\n1,5;2,5;v\n", ["bad.csv:1:", "'5;2'", "not semicolons", "decimal=\",\""]),
    ("a\tb\ty\n1\t2\tu\n", ["bad.csv:1:", "tabs between fields", "sep=\"\\t\""]),
    ("a|y\n1|u\n", ["bars between fields"]), ("a y\n1 u\n", ["blanks between fields"]),
    ("steps: 1\nkind of a: b\n", ["a single column"]),
    ("a,y\n\"0,5\",u\n", ["bad.csv:2: a: found '0,5'", "a point for the decimals"]),
    ("a,y\n\"1,000\",u\n", ["nothing between thousands, not a comma"]),
    ("a,y\n1 000,u\n", ["found '1 000'", "nothing between thousands"]),
    ("a,y\n1_000,u\n", ["found '1_000'", "nothing between thousands"]),
    ("a,y\n0x10,u\n", ["found '0x10'", "not hexadecimal"]),
    ("a,y\n1e400,u\n", ["found '1e400'", "at most 1e50", "other units"]),
    ("a,y\n1e-400,u\n", ["found '1e-400'", "other units"]),
    ("a,y\n1e51,u\n", ["found '1e51'", "at most 1e50"]),
    ("NA,1,u\n1,2,v\n", ["bad.csv:1: column 1: found 'NA'", "leave out rows"]),
    ("1e400,1,u\n1,2,v\n", ["bad.csv:1: column 1: found '1e400'"]),
    ("a,y\n1,u\n2,nan\n", ["bad.csv:3: y: found 'nan'", "name the class otherwise"]),
    ("a,y\n1,u\n2,-Infinity\n", ["bad.csv:3: y: found '-Infinity'"]),
    ("a,y\r1,u\r", ["bad.csv:1:", "a carriage return that ends no line"]),
    ("a,y\n1,u\"v\"\n", ["bad.csv:2:", "a quote inside a field"]),
    ("a,y\n1,\"u\"v\n", ["bad.csv:2:", "a text behind a quoted field"]),
    ("a,y\n1,u,2\n", ["bad.csv:2:", "found 3 fields", "commas need quotes"]),
    ("a,y\n1\u{1b}[31m,u\n", ["found '1\\u{1b}[31m'"]),
    ("a,y\n\(String(repeating: "x", count: 999)),u\n", ["bad.csv:2: a: found 'xxxx", " ... x"]),
  ]

  @Test(arguments: bad.indices) func errorsSayWhatToDo(_ index: Int) {
    let message = message(Self.bad[index].text)
    for word in Self.bad[index].says { #expect(message.contains(word), "\(message)") }
    #expect(message.count < 700 && message.allSatisfy { !$0.isNewline }, "\(message)")
  }

  /// Bytes, and what the message must say.
  static let encodings: [(bytes: [UInt8], says: String)] = [
    (Array("a,y\n1,u\n2,".utf8) + [0xE4, 0x0A], "bad.csv:3: found the byte 0xe4, number 3"),
    (Array("ä,y\n1,".utf8) + [0xC3, 0x0A], "bad.csv:2: found the byte 0xc3, number 3"),
    (Array("a,y\n1,u\0\n".utf8), "bad.csv:2: found the byte 0x00, number 4"),
    ([0xFF, 0xFE] + Array("a\0,\0y\0\n\0".utf8), "found a text in UTF-16"),
    ([0xFE, 0xFF] + Array("\0a\0,\0y\0\n".utf8), "found a text in UTF-16"),
    (Array("a\0,\0y\0\n\0".utf8), "found a text in UTF-16"),
    (Array("\0a\0,\0y\0\n".utf8), "found a text in UTF-16"),
    ([0x1F, 0x8B, 8, 0], "found a file compressed by gzip"),
    (Array("PK\u{3}\u{4}".utf8), "found a zip archive or a spreadsheet"),
  ]

  @Test(arguments: encodings.indices) func otherEncodingsAreNamed(_ index: Int) {
    let message = message(Self.encodings[index].bytes)
    #expect(message.contains(Self.encodings[index].says), "\(message)")
    #expect(message.contains("allowed: a text in UTF-8; "))
  }

  @Test func numbersMayHaveZerosInFrontAndSigns() throws {
    let table = try CSVTable(text: "007,+01.5,-000.25,0,00,u\n1e3,.5,5.,-0,+0e0,v\n")
    #expect(table.values == [7, 1.5, -0.25, 0, 0, 1000, 0.5, 5, 0, 0])
  }

  @Test func aLabelThatNamesSeveralColumnsIsRefused() {
    #expect(
      message(Array("a,a,b\n1,u,2\n".utf8), label: "a")
        .contains("label: found 'a', the name of several columns"))
    #expect(
      message(Array("0,1,2\n5,u,2\n".utf8), label: "2")
        .contains("label: found 2, the number of one column and the name of another"))
    #expect(message(Array("0,1,2\n5,6,u\n".utf8), label: "3") == "")
  }
}
