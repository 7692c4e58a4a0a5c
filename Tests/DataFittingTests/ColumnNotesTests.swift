import LearningProblem
import Testing

/// What `MeasuredData` says of columns that are odd, and of classes by their names.
@Suite struct ColumnNotesTests {
  private func notes(_ text: String) throws -> [String] {
    try MeasuredData(CSVTable(text: text)).notes
  }

  @Test func columnsThatRepeatOthersGetANote() throws {
    let notes = try notes("a,b,c,d,y\n1,1,2,1,u\n3,3,2.5,3,u\n5,5,1,5,v\n6,6,3,6,v\n")
    #expect(
      notes == [
        "2 columns that repeat others, which then count twice; leave them out: b is a, d is a"
      ])
    #expect(try self.notes("a,b,y\n1,1,u\n3,3,u\n5,5,v\n6,6.01,v\n") == [])
  }

  @Test(arguments: [(1e4, 0), (1e7, 1)]) func scalesThatDifferGetANote(_ scale: Double, count: Int)
    throws
  {
    let rows = [(1.0, 10.0, "u"), (2, 15, "u"), (5, 80, "v"), (6, 85, "v")]
    let text = rows.map { "\($0.0),\(scale * $0.1),\($0.2)\n" }.joined()
    let notes = try notes("small,large,y\n" + text)
    #expect(notes.count == count)
    #expect(notes.allSatisfy { $0.contains("factor of 1e6, from small to large") })
  }

  /// Labels that one number stands for are one class; what only looks like a number is a word.
  @Test func labelsThatDifferAreDifferentClasses() throws {
    func classes(_ a: String, _ b: String) throws -> [String] {
      let text = "1,0,\(a)\n2,1,\(a)\n5,0,\(b)\n6,1,\(b)\n"
      return try MeasuredData(CSVTable(text: text)).classes
    }
    #expect(try classes("0x1", "1") == ["0x1", "1"])
    #expect(
      try classes("9007199254740992", "9007199254740993") == [
        "9007199254740993", "9007199254740992",
      ])
    #expect(try classes("10", "9") == ["10", "9"])
    #expect(try classes("a", "9") == ["a", "9"])
    #expect(try classes("1e400", "-1e400") == ["1e400", "-1e400"])
    #expect(throws: ProblemError.self) { try classes("01", "1.0") }
  }

  @Test func longNamesOfClassesAreCut() throws {
    let name = String(repeating: "b", count: 100_000)
    let error = try #require(throws: ProblemError.self) {
      try MeasuredData(CSVTable(text: "1,2,u\n3,4,u\n5,6,\(name)\n"))
    }
    #expect("\(error)".count < 500 && "\(error)".contains("of at least 2 rows each"), "\(error)")
  }
}
