import Experiments
import Foundation
import LearningProblem
import Observables
import Testing

struct RunDirectoryTests {
  private struct Stop: Error {}

  @Test(
    arguments: [
      "run.yaml", "curves.csv", "comparison.csv", "figure.svg", "kernels/response.npy",
      "theory/curves.csv", "training/d500/curves.csv",
    ])
  func aFolderWithAResultIsRefused(_ name: String) throws {
    try withTemporaryFolder { folder in
      try RunDirectory(folder).write(name, text: "old")
      let error = #expect(throws: OutputError.self) { try RunDirectory(folder) }
      #expect(error?.description.contains(folder) == true)
      #expect(error?.description.contains(name) == true)
      let forced = try RunDirectory(folder, force: true)
      #expect(try text("\(folder)/\(name)") == "old")
      forced.removeResults()
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder) == [])
    }
  }

  @Test func otherFilesDoNotMatter() throws {
    try withTemporaryFolder { folder in
      try "x".write(toFile: "\(folder)/notes.txt", atomically: true, encoding: .utf8)
      let directory = try RunDirectory(folder)
      directory.removeResults()
      directory.removeIfEmpty()
      #expect(try text("\(folder)/notes.txt") == "x")
    }
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let directory = try RunDirectory(folder)
      try directory.write("curves.csv", text: "old")
      #expect(throws: (any Error).self) {
        try directory.write("curves.csv") { writer in
          try writer.write("half of the new")
          throw Stop()
        }
      }
      #expect(try text("\(folder)/curves.csv") == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["curves.csv"])
      try directory.write("curves.csv", text: "new")
      #expect(try text("\(folder)/curves.csv") == "new")
    }
  }

  @Test func foldersMadeForNothingGoAway() throws {
    try withTemporaryFolder { folder in
      let directory = try RunDirectory("\(folder)/runs/one")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/runs/one"))
      directory.removeIfEmpty()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
      let other = try RunDirectory("\(folder)/runs/one")
      try other.write("curves.csv", text: "")
      other.removeIfEmpty()
      #expect(FileManager.default.fileExists(atPath: "\(folder)/runs/one/curves.csv"))
    }
  }

  @Test func belowAFileNothingCanBeWritten() throws {
    try withTemporaryFolder { folder in
      try "x".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
      let error = #expect(throws: OutputError.self) { try RunDirectory("\(folder)/file/run") }
      #expect(error?.description.contains("\(folder)/file/run") == true)
    }
  }

  @Test func curvesAsTextReadBack() throws {
    try withTemporaryFolder { folder in
      let curve = Curve(
        observable: .testLoss, steps: [0, 10],
        estimates: [Estimate(1.0 / 3, standardError: 2e-17), Estimate(-0.1)], replicas: 4)
      try RunDirectory(folder).write("curves.csv") {
        try CurvesCSV.write(
          [curve], grid: TimeGrid(learningRate: .constant(0.2), steps: 10), to: &$0)
      }
      #expect(
        try text("\(folder)/curves.csv") == """
          step,time,observable,value,standard_error
          0,0,test_loss,0.3333333333333333,2e-17
          10,2.0,test_loss,-0.1,0

          """)
    }
  }

  @Test func comparisonAsText() throws {
    try withTemporaryFolder { folder in
      let curve = Curve(
        observable: .testLoss, steps: [5], estimates: [Estimate(0.5)], replicas: 1)
      try RunDirectory(folder).write("comparison.csv") {
        try ComparisonCSV.write(
          Comparison(theory: [curve], training: [curve]),
          grid: TimeGrid(learningRate: .constant(0.2), steps: 10), to: &$0)
      }
      #expect(
        try text("\(folder)/comparison.csv") == """
          observable,step,time,theory,theory_standard_error,training,\
          training_standard_error,distance
          test_loss,5,1.0,0.5,0,0.5,0,0

          """)
    }
  }
}
