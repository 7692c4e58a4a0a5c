internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// Fresh samples of one label whose fields lie on a line, h = o + x u with x standard normal: their
/// mean loss and the probability of a wrong answer. `[observable.line]`
///
/// About 70 answers, 40 more for each change of the sign of the margin, and some 300 for the loss
/// where it has kinks or bends sharply.
struct FieldLine {
  /// Error of the loss at which its adaptive integral stops, relative to it.
  private static let tolerance = 1e-8

  private let label: Double
  private let origin: [Double]
  private let direction: [Double]
  private let kinks: Kinks
  private var evaluator: SampleEvaluator
  private var answers: [(x: Double, answer: ObjectiveAnswer)] = []

  /// Looks at the line through `origin` = o along `direction` = u, K numbers each.
  init(
    through origin: [Double], along direction: [Double], label: Double,
    _ objective: any Objective, _ evaluator: SampleEvaluator
  ) {
    self.label = label
    self.origin = origin
    self.direction = direction
    self.evaluator = evaluator
    kinks = objective.kinks
    answers = NormalAverage.grid.map { ($0, answer(at: $0)) }
  }

  /// E[Λ] and its error estimate.
  mutating func loss() -> Estimate {
    let losses = answers.map(\.answer.loss)
    var edges = kinks.atZeroFields ? zeros : []
    if let margin = kinks.margin { edges += pieces(above: margin).dropFirst().map(\.lower) }
    let known =
      edges.isEmpty
      ? NormalAverage.smooth(losses)
      : NormalAverage.piecewise(edges: edges) { answer(at: $0).loss }
    let result =
      known
      ?? NormalAverage.adaptive(
        edges: edges, tolerance: Self.tolerance, size: NormalAverage.size(losses)
      ) { answer(at: $0).loss }
    return Estimate(result.value, standardError: result.error)
  }

  /// Error of `error()`: a margin that touches 0 there is 0 on a stretch of this length.
  static let errorAccuracy = 1e-12

  /// P(M < 0) + P(M = 0)/2 of the margin M, to 1e-12.
  mutating func error() -> Double {
    pieces(above: 0).reduce(0) { sum, piece in
      let lower = piece.lower <= -NormalAverage.reach ? -.infinity : piece.lower
      let upper = piece.upper >= NormalAverage.reach ? .infinity : piece.upper
      let share = piece.sign < 0 ? 1 : piece.sign == 0 ? 0.5 : 0
      return sum + share * NormalDistribution.probability(from: lower, to: upper)
    }
  }

  /// The stretches of the line where the margin is below, at and above a number.
  private mutating func pieces(above level: Double) -> [SignPieces.Piece] {
    var samples = answers.map { (x: $0.x, value: $0.answer.margin - level) }
    // Networks do at zeros of their fields what they do quickly: they are looked at as well.
    samples += zeros.map { (x: $0, value: answer(at: $0).margin - level) }
    samples.sort { $0.x < $1.x }
    return SignPieces.find(samples) { answer(at: $0).margin - level }
  }

  /// The places on the line where a field is 0.
  private var zeros: [Double] {
    zip(origin, direction).compactMap { o, u in
      let zero = -o / u
      return abs(zero) < NormalAverage.reach ? zero : nil  // false for 0/0
    }
  }

  private mutating func answer(at x: Double) -> ObjectiveAnswer {
    for k in origin.indices { evaluator.fields[k] = origin[k] + x * direction[k] }
    return evaluator.answer(label: label)
  }
}
