internal import ArgumentParser
internal import Experiments
internal import LearningProblem

struct ExampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "example",
    abstract: "Print a commented problem file.",
    discussion: """
      Example: dmft example mignacco-two-clusters-sgd > problem.yaml

      Names:

      """ + Example.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

  @Argument(help: "The name of the example.")
  var name = Example.all[0].name

  func run() throws {
    guard let example = Example.all.first(where: { $0.name == name }) else {
      let names = Example.all.map(\.name).joined(separator: ", ")
      throw ValidationError("No example is called '\(name)'; there are \(names).")
    }
    try StandardOutput.write(example.yaml)
  }
}
