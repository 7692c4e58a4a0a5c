import Experiments
import Foundation
import LearningProblem
import MaskedDMFT
import RunStorage
import Testing

struct RunRecordTests {
  @Test(arguments: Example.all.map(\.name))
  func theProblemReadsBack(_ name: String) throws {
    let example = try #require(Example.all.first { $0.name == name })
    let isFlow = try ProblemFile(yaml: example.yaml).problem.timing.flow != nil
    let file = try ProblemFile(
      yaml: example.yaml, overrides: [isFlow ? "time.duration=7" : "steps=7"])
    let record = RunRecord(
      command: "dmft solve \"a b.yaml\"", problem: file, wallTimeSeconds: 1.23456,
      diagnostics: [("sample_site", "ensemble"), ("trajectories", "400")])
    try withTemporaryFolder { folder in
      let directory = try RunDirectory(folder)
      try directory.commit(record: record.yaml)
      let problem = try RunRecord.problem(at: "\(folder)/run.yaml")
      #expect(isFlow ? problem.timing.flow?.duration == 7 : problem.grid.steps == 7)
      #expect(
        problem.timing.flow == file.problem.timing.flow
          && problem.grid.steps == file.problem.grid.steps)
      #expect(problem.grid.rate(at: 0) == file.problem.grid.rate(at: 0))
      #expect(problem.rule.sampleMask.kind == file.problem.rule.sampleMask.kind)
      #expect(problem.start.overlap == file.problem.start.overlap)
    }
    #expect(record.yaml.contains("command: \"dmft solve \\\"a b.yaml\\\"\"\n"))
    #expect(record.yaml.contains("wall_time_seconds: 1.235\n"))
    #expect(record.yaml.contains("  sample_site: \"ensemble\"\n  trajectories: 400\nproblem:\n"))
    #expect(record.yaml.contains("openblas: \"") && record.yaml.contains("gsl: \""))
  }
}
