internal import ArgumentParser
internal import Experiments

/// A command that a sweep can run, by the name that one types.
enum SweepCommandName: String, ExpressibleByArgument, CaseIterable {
  case solve, train, compare, rules, stationary, `static`, online

  /// What its options ask of every task; throws for options that it does not have, and for those
  /// that the sweep sets itself.
  func request(file: String, options: [String]) throws -> SweepPlanner.Request {
    func parsed<Command: Sweepable>(_ type: Command.Type) throws -> SweepPlanner.Request {
      let command: Command
      do {
        command = try Command.parse([file] + options)
      } catch {
        let message = Command.message(for: error).split(separator: "\n").first.map(String.init)
        throw ValidationError(
          "dmft \(rawValue) does not take the options behind --: \(message ?? "see its --help").")
      }
      let shared = command.options
      let running = shared.running
      guard shared.output == nil, running.threads == nil, !running.force, !running.quiet else {
        throw ValidationError(
          "--output, --threads, --force and --quiet may not stand behind --: the sweep sets them.")
      }
      return SweepPlanner.Request(
        try command.swept, words: (rawValue, options), common: shared.standing())
    }
    return switch self {
    case .solve: try parsed(Solve.self)
    case .train: try parsed(Train.self)
    case .compare: try parsed(Compare.self)
    case .rules: try parsed(Rules.self)
    case .stationary: try parsed(Stationary.self)
    case .static: try parsed(Static.self)
    case .online: try parsed(Online.self)
    }
  }
}

/// A command of which a sweep runs many.
protocol Sweepable: ParsableCommand {
  /// What all commands share.
  var options: SharedOptions { get }
  /// What it is to do, as its other options say.
  var swept: SweptCommand { get throws }
}

extension Solve: Sweepable {
  var swept: SweptCommand { .solve(wanted) }
}

extension Train: Sweepable {
  var swept: SweptCommand { .train }
}

extension Compare: Sweepable {
  var swept: SweptCommand { .compare(dimensions) }
}

extension Rules: Sweepable {
  var swept: SweptCommand { get throws { .rules(try request) } }
}

extension Stationary: Sweepable {
  var swept: SweptCommand { .stationary }
}

extension Static: Sweepable {
  var swept: SweptCommand {
    get throws {
      guard scan == nil else {
        throw ValidationError("--scan has no place in a sweep; vary its key instead.")
      }
      return .static
    }
  }
}

extension Online: Sweepable {
  var swept: SweptCommand { .online(check: check) }
}
