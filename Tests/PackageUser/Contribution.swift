// What a contributor of docs/how-to/your-first-contribution.md tries: a problem with the new loss.
import MaskedDMFT

var catalogue = Catalogue.shipped
catalogue.losses.append(PseudoHuberLoss.self)
let file = try ProblemFile(path: CommandLine.arguments[1], catalogue: catalogue)
let theory = try file.problem.solve(TheorySettings(trajectories: 2000, batches: 4))
let training = try file.problem.train(TrainingSettings(dimension: 400, runs: 8))
print("agree:", theory.compared(to: training).agrees)
