internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import NumericalKit
internal import RunStorage

@main
struct Dmft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dmft",
    abstract: "Dynamical mean-field theory of masked SGD, beside direct training.",
    discussion: """
      Start with: dmft example > problem.yaml; dmft compare problem.yaml

      Exit codes: 0 fine; 1 theory and training disagree; 64 bad usage; 65 bad problem file; \
      70 the solver failed, or an internal error, which please report; 74 standard output cannot \
      be written; 75 the time limit was reached: the same command goes on; 128 + N ended by \
      signal N.
      """,
    version: RunRecord.version,
    groupedSubcommands: [
      CommandGroup(
        name: "Theory and training",
        subcommands: [
          Solve.self, Train.self, Compare.self, Rules.self, Optimise.self, Sensitivity.self,
          Sweep.self,
        ]),
      CommandGroup(
        name: "Other theories",
        subcommands: [Static.self, Online.self, Stationary.self, Aging.self, Bounds.self]),
      CommandGroup(
        name: "Tools",
        subcommands: [ExampleCommand.self, List.self, Fit.self, Export.self, MergeCommand.self]),
    ])

  static func main() {
    ChildProcess.endWithParent()
    Libraries.spareAddresses()
    StandardStreams.occupy()
    SafetyNet.spread()
    Interruption.shared.handleSignals()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      if !failure.description.isEmpty {
        ProgressReporter.standardError("dmft: \(failure)\n")
      }
      Foundation.exit(failure.status)
    } catch  where exitCode(for: error).isSuccess {
      exit(withError: error)
    } catch {
      let message = fullMessage(for: error)
      if !message.isEmpty { ProgressReporter.standardError(Failure.lines(message)) }
      Foundation.exit(exitCode(for: error).rawValue)
    }
  }
}
