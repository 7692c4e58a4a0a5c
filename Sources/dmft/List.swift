internal import ArgumentParser
internal import Experiments

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every ingredient of a problem, with keys, ranges and defaults.",
    discussion: """
      Example: dmft list | less
      Example: dmft list --markdown > problem-file.md
      """)

  @Flag(help: "A page of Markdown with tables.")
  var markdown = false

  func run() throws {
    let list = IngredientList()
    try StandardOutput.write(markdown ? list.markdown : list.text)
  }
}
