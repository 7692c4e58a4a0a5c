import Experiments
import Testing

struct ParameterAxisTests {
  @Test func endsAreExactAndStepsEqual() throws {
    let scan = try ParameterAxis("data.variance=0.1:0.7:7", option: "--scan", takes: .range)
    #expect(scan.key == "data.variance" && !scan.isLogarithmic)
    #expect(scan.values.first == 0.1 && scan.values.last == 0.7 && scan.values.count == 7)
    for (a, b) in zip(scan.values, scan.values.dropFirst()) { #expect(abs(b - a - 0.1) < 1e-12) }
  }

  @Test func ratiosAreEqualOnALogarithmicScale() throws {
    let scan = try ParameterAxis(
      "samples_per_weight=0.3:300:4:log", option: "--scan", takes: .range)
    #expect(scan.isLogarithmic && scan.values.first == 0.3 && scan.values.last == 300)
    for (a, b) in zip(scan.values, scan.values.dropFirst()) { #expect(abs(b / a - 10) < 1e-12) }
  }

  @Test(
    arguments: [
      "", "a", "a=", "a=1:2", "a=1:2:1", "a=1:1:3", "a=2:1:3", "a=1:2:3:log:log", "a=0:1:3:log",
      "a=-1:1:3:log", "a=x:1:3", "a=1:inf:3", "a=1:2:2.5", "=1:2:3", "a=1:2:10001",
    ])
  func badTextsAreUsageErrors(_ text: String) {
    let error = #expect(throws: UsageError.self) {
      try ParameterAxis(text, option: "--scan", takes: .range)
    }
    #expect(error?.description.contains("KEY=FROM:TO:COUNT") == true)
  }

  @Test(arguments: [
    ("seed=1:4", ["1", "2", "3", "4"], true), ("a.b=0.1,0.30,1", ["0.1", "0.30", "1"], true),
    ("a=0:1:3", ["0", "0.5", "1"], true), ("steps=10:30:3", ["10", "20", "30"], true),
    ("mask.kind=none, independent", ["none", "independent"], false),
    (
      "m={kind: full},{kind: row, p: [1,2]}", ["{kind: full}", "{kind: row, p: [1,2]}"], false
    ),
    ("a='x,y',z", ["'x,y'", "z"], false), ("a=5", ["5"], true),
  ])
  func anythingCanBeListed(_ text: String, texts: [String], areNumbers: Bool) throws {
    let axis = try ParameterAxis(text, option: "--vary", takes: .any)
    #expect(axis.texts == texts)
    #expect(axis.values == (areNumbers ? texts.compactMap(Double.init) : []))
    #expect(!axis.isLogarithmic)
  }

  @Test(arguments: ["a=", "a=1,", "a=1,1", "a=4:1", "a=1:2.5", "a=1:2:3:4", "a=0:1:3:log", "=1,2"])
  func badListsAreUsageErrors(_ text: String) {
    let error = #expect(throws: UsageError.self) {
      try ParameterAxis(text, option: "--vary", takes: .any)
    }
    #expect(error?.description.hasPrefix("--vary: found \(text); allowed: KEY=FROM") == true)
  }
}
