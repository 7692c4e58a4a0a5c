internal import ArgumentParser
internal import Experiments

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train directly at finite dimension.",
    discussion: """
      Writes curves.csv and run.yaml. With --resume a run that was ended goes on where it was.

      Example: dmft train problem.yaml --set training.dimension=4000 --output runs/large
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var resuming: ResumeOptions

  @OptionGroup var share: RunsOption

  func run() throws {
    try StandardOutput.write(
      line: options.study(resuming.options(runs: share.runs)).train())
  }
}
