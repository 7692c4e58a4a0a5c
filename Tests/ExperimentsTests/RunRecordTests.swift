import Experiments
import Foundation
import LearningProblem
import MaskedDMFT
import NumericalKit
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
      Invocation(["dmft", "solve", "a b.yaml"]), problem: file, wallTimeSeconds: 1.23456,
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
    #expect(record.yaml.contains("command: \"dmft solve 'a b.yaml'\"\n"))
    #expect(record.yaml.contains("wall_time_seconds: 1.235\n"))
    #expect(record.yaml.contains("  sample_site: \"ensemble\"\n  trajectories: 400\nproblem:\n"))
    #expect(record.yaml.contains("openblas: \"") && record.yaml.contains("gsl: \""))
  }

  /// A reader of YAML 1.1 takes a number only with a fraction, and a sign in its exponent.
  @Test func everyNumberHasOneMeaning() {
    let values = [
      ("1e-07", "1.0e-07"), ("2.5e-08", "2.5e-08"), ("1e+20", "1.0e+20"), ("400", "400"),
      ("0.5", "0.5"), ("true", "true"), ("nan", "\"nan\""), ("010", "\"010\""), ("no", "\"no\""),
    ]
    let record = RunRecord(
      Invocation(), problem: nil, wallTimeSeconds: 1,
      diagnostics: values.enumerated().map { ("key_\($0)", $1.0) })
    for (index, value) in values.enumerated() {
      #expect(record.yaml.contains("  key_\(index): \(value.1)\n"), "\(value.0)")
    }
  }

  @Test func numbersAndTextsOfTheProblemAreWrittenPlainly() throws {
    let file = try ProblemFile(
      yaml: smallYAML,
      overrides: ["weight_decay=1e-1", "steps=3e1", "start.overlap=-.5", "training.runs=+4"])
    for line in ["weight_decay: 0.1", "steps: 30", "  overlap: -0.5", "  runs: 4"] {
      #expect(file.resolvedYAML.contains("\(line)\n"), "\(file.resolvedYAML)")
    }
    #expect(try ProblemFile(yaml: file.resolvedYAML).resolvedYAML == file.resolvedYAML)
  }

  private var smallYAML: String { Example.all[0].yaml }

  @Test func sourcesThreadsAndTakenOverPartsAreSaid() {
    let record = RunRecord(
      Invocation(
        ["dmft", "train", "it's.yaml", "--set", "a=b", ""], commit: "abc", hasSourceChanges: false,
        start: Date(timeIntervalSince1970: 0)),
      threads: GrantedThreads(count: 3, source: .slurm), problem: nil, wallTimeSeconds: 0,
      keptParts: 5
    ).yaml
    for line in [
      #"command: "dmft train 'it'\\''s.yaml' --set a=b ''""#, "commit: \"abc\"",
      "source_changes: false", "started: \"1970-01-01T00:00:00Z\"", "threads: 3",
      "threads_granted_by: \"SLURM_CPUS_PER_TASK\"", "kept_parts: 5",
    ] {
      #expect(record.contains("\(line)\n"), "\(line)")
    }
    let unknown = RunRecord(Invocation(), problem: nil, wallTimeSeconds: 0).yaml
    #expect(unknown.contains("commit: \"unknown\"\n") && !unknown.contains("source_changes"))
    #expect(!unknown.contains("kept_parts") && !unknown.contains("threads"))
  }
}
