internal import ArgumentParser
internal import Experiments

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export the kernels of a solved run as .npy or CSV.",
    discussion: """
      Reads the kernels in DIR/kernels, in either format, and writes them in the other.

      Example: dmft export runs/problem --kernel-format npy --output kernels-for-numpy
      """)

  @Argument(help: "The folder of a run of `dmft solve`.", completion: .directory)
  var directory: String

  @Option(help: "Format to write: csv or npy.")
  var kernelFormat = KernelFormat.npy

  @Option(help: "The folder to write to (default: DIR/kernels).")
  var output: String?

  @Flag(help: "Replace files that are there.")
  var force = false

  func run() throws {
    let export = KernelExport(run: directory, to: output, format: kernelFormat, force: force)
    try StandardOutput.write(line: export.write())
  }
}
