import Foundation
import NumericalKit

/// The benchmarks, by the word that asks for them.
let benchmarks: KeyValuePairs = [
  "theory": TheoryBenchmark.run, "large": TheoryBenchmark.runLarge,
  "probes": TheoryBenchmark.probes, "fixed-point": TheoryBenchmark.runFixedPointPartner,
  "training": TrainingBenchmark.run,
  "rules": RulesBenchmark.run, "networks": NetworkBenchmark.run,
  "flow": FlowBenchmark.run, "rows": RowsBenchmark.run, "history": HistoryBenchmark.run,
  "longest-history": HistoryBenchmark.runLongest, "adjoint": AdjointBenchmark.run,
]
/// Those that run only if they are named.
let onRequest: Set = ["longest-history"]

let words = CommandLine.arguments.dropFirst()
let names = benchmarks.map(\.key)
guard words.allSatisfy(names.contains) else {
  let rest = onRequest.sorted().joined(separator: ", ")
  print("usage: dmft-benchmarks [\(names.joined(separator: "] ["))]   (default: all but \(rest))")
  exit(64)
}
print("# openblas core: \(Libraries.blasCore)")
print("case,quantity,value,unit")
for (name, benchmark) in benchmarks
where words.isEmpty ? !onRequest.contains(name) : words.contains(name) {
  benchmark()
}
