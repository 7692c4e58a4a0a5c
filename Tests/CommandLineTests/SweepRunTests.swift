import Foundation
import TestSupport
import Testing

/// Tasks of a sweep that fail, are left for later, end by signals or are shared.
@Suite("Runs of a sweep")
struct SweepRunTests {
  @Test("a task that fails is noted and stops nothing; it is tried again when asked for")
  func failures() throws {
    try withDmft { dmft in
      let planned = try dmft.planSweep(
        vary: ["learning_rate=0.1,1e9,0.2"], options: ["--set", "loss.kind=square"])
      #expect(planned.status == 0, "\(planned.errors)")
      let run = try dmft("sweep", "run", "s", "--quiet")
      #expect(run.status == 70 && run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.contains("1 of 3 tasks failed, the first of them task 2: "))
      #expect(Set(try dmft.names("s/tasks")) == ["0001", "0003"])
      #expect(try dmft.names("s/failures") == ["0002.yaml"])
      let failure = try dmft.text("s/failures/0002.yaml")
      #expect(failure.hasPrefix("exit_code: 70\nmessage: \""), "\(failure)")
      let status = try dmft("sweep", "status", "s").output
      #expect(status.hasPrefix("3 tasks of dmft solve: 2 done, 1 failed, 0 running, 0 missing"))
      #expect(status.contains("failed: task 2 (learning_rate=1e9), exit code 70: "))
      try FileManager.default.removeItem(atPath: dmft.path("s/failures/0002.yaml"))
      try dmft.write("exit_code: 70\nmessage: \"made up\"\n", to: "s/failures/0002.yaml")
      #expect(try dmft("sweep", "run", "s").errors.contains("made up"))
      let retried = try dmft("sweep", "run", "s", "--retry", "--quiet")
      #expect(retried.status == 70 && !retried.errors.contains("made up"))
      // What a signal ended is always tried again.
      try dmft.write("exit_code: 137\nmessage: \"killed\"\n", to: "s/failures/0002.yaml")
      _ = try dmft("sweep", "run", "s", "--quiet")
      #expect(try dmft.text("s/failures/0002.yaml") == failure)
      #expect(try dmft("sweep", "collect", "s").output.contains("failed: tasks 2\n"))
      let rows = try dmft.sweepTable()
      #expect(rows.map { $0["exit_code"] } == ["0", "70", "0"])
      #expect(rows[1]["test_error"] == "" && rows[2]["test_error"] != "")
    }
  }

  @Test("half a sweep is collected and says what is missing; the rest is run and no more")
  func half() throws {
    try withDmft { dmft in
      #expect(try dmft.planSweep(vary: ["seed=1:6"]).status == 0)
      #expect(try dmft("sweep", "collect", "s").status == 64)
      let run = try dmft("sweep", "run", "s", "--tasks", "1,3-4", "--quiet")
      #expect(run.output.hasPrefix("3 of 3 tasks are done"), "\(run.errors)")
      let half = try dmft("sweep", "collect", "s")
      #expect(half.status == 0 && half.output.contains("missing: tasks 2,5-6\n"), "\(half.output)")
      #expect(try dmft.sweepTable().map { $0["exit_code"] } == ["0", "", "0", "0", "", ""])
      let before = try dmft.contents("s/tasks")
      let wall = try dmft.text("s/tasks/0003/run.yaml")
      let share = try dmft("sweep", "run", "s", "--share", "2/2", "--quiet")
      #expect(share.output.hasPrefix("3 of 3 tasks are done"))
      #expect(try dmft.names("s/tasks") == ["0001", "0002", "0003", "0004", "0006"])
      #expect(try dmft("sweep", "run", "s", "--quiet").output.hasPrefix("6 of 6 tasks are done"))
      #expect(try dmft.text("s/tasks/0003/run.yaml") == wall)
      #expect(try dmft.contents("s/tasks").merging(before) { $1 } == dmft.contents("s/tasks"))
      #expect(try dmft("sweep", "run", "s", "--tasks", "7").status == 64)
    }
  }

  @Test("a signal ends a run and its tasks in order", arguments: [2, 15])
  func signals(_ number: Int32) throws {
    try withDmft { dmft in
      #expect(
        try dmft.planSweep(vary: ["seed=1:4"], options: DmftProcess.slowTask).status
          == 0)
      let running = try dmft.start(["sweep", "run", "s", "--jobs", "2", "--quiet"])
      let deadline = Date.now.addingTimeInterval(20)
      func staged() -> Int {
        (try? dmft.names("s/tasks"))?.count { $0.hasPrefix(".") && !$0.hasSuffix(".lock") } ?? 0
      }
      while staged() < 2, Date.now < deadline { usleep(1000) }
      kill(running.process.processIdentifier, number)
      let outcome = try dmft.finish(running)
      #expect(outcome.status == 128 + number)
      #expect(outcome.errors.contains("dmft: interrupted by SIG"))
      #expect(try dmft.names("s/tasks") == [])
      #expect(!dmft.has("s/failures"))
    }
  }

  @Test("the tasks of a run that is killed end too")
  func killed() throws {
    try withDmft { dmft in
      #expect(
        try dmft.planSweep(vary: ["seed=1:2"], options: DmftProcess.slowTask).status
          == 0)
      let running = try dmft.start(["sweep", "run", "s", "--jobs", "2", "--quiet"])
      func unfinished() -> [String] {
        ((try? dmft.names("s/tasks")) ?? []).filter { $0.hasSuffix(".lock") }
      }
      let deadline = Date.now.addingTimeInterval(20)
      while unfinished().count < 2, Date.now < deadline { usleep(1000) }
      usleep(50_000)
      kill(running.process.processIdentifier, SIGKILL)
      _ = try dmft.finish(running)
      while !unfinished().isEmpty, Date.now < deadline { usleep(10_000) }
      #expect(try dmft.names("s/tasks") == [])
    }
  }

  @Test("two runs of one sweep share its tasks")
  func sharing() throws {
    try withDmft { dmft in
      #expect(try dmft.planSweep(vary: ["seed=1:12"]).status == 0)
      let pair = try (0..<2).map { _ in try dmft.start(["sweep", "run", "s", "--jobs", "1"]) }
      let outcomes = try pair.map { try dmft.finish($0) }
      #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.map(\.errors))")
      #expect(!dmft.has("s/failures"))
      #expect(try dmft.names("s/tasks").count == 12)
      #expect(try dmft.names("s/claims") == [])
    }
  }
}
