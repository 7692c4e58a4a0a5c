internal import ArgumentParser
internal import Experiments

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every ingredient of a problem, with keys, ranges and defaults.",
    discussion: "Example: dmft list | less")

  func run() throws { try StandardOutput.write(IngredientList.text()) }
}
