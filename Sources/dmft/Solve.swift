internal import ArgumentParser
internal import Experiments

struct Solve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Solve the mean-field theory.",
    discussion: """
      Writes curves.csv, weights.csv (the distribution of the weights at the last step), kernels/ \
      and run.yaml. Kernels are text up to 500 steps times hidden \
      units and .npy beyond, unless --kernel-format says otherwise.

      Example: dmft solve problem.yaml --set steps=200 --kernel-format npy
      """)

  @OptionGroup var options: SharedOptions

  @OptionGroup var resuming: ResumeOptions

  @OptionGroup var share: BatchesOption

  @Flag(inversion: .prefixedNo, help: "Write the two-time kernels.")
  var kernels = true

  @Option(help: "Format of the kernels: csv or npy.")
  var kernelFormat: KernelFormat?

  /// The kernels that were asked for.
  var wanted: Study.Kernels { kernels ? .all(kernelFormat) : .none }

  func run() throws {
    try StandardOutput.write(
      line: options.study(resuming.options(batches: share.batches)).solve(kernels: wanted))
  }
}
