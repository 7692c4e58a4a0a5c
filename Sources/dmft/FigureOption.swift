public import ArgumentParser
public import Experiments

/// The option of every command that draws.
struct FigureOption: ParsableArguments {
  @Option(help: "Format of the figure: svg, pdf or png.")
  var figure = FigureFormat.svg
}

extension FigureFormat: ExpressibleByArgument {}
