internal import ArgumentParser
internal import Experiments

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train directly at finite dimension.",
    discussion: """
      Writes curves.csv and run.yaml.

      Example: dmft train problem.yaml --set training.dimension=4000 --output runs/large
      """)

  @OptionGroup var options: SharedOptions

  func run() throws { try StandardOutput.write(line: options.study().train()) }
}
