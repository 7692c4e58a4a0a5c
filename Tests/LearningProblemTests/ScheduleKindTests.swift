import Foundation
import LearningProblem
import MaskedDMFT
import TestSupport
import Testing

/// What problem files say about schedules. `[schedule.kinds]`
@Suite("Kinds of schedules")
struct ScheduleKindTests {
  private static func yaml(_ rate: String, mask: String = "{kind: full}") -> String {
    """
    data: {kind: two-clusters, variance: 0.5}
    samples_per_weight: 2
    start: {variance: 0.1}
    learning_rate: \(rate)
    steps: 8
    sample_mask: \(mask)
    """
  }

  static let kinds: [(String, @Sendable (Double) -> Double)] = [
    ("0.3", { _ in 0.3 }),
    (
      "{kind: power, initial: 0.3, exponent: 0.5, timescale: 10}",
      { 0.3 / (1 + $0 / 10).squareRoot() }
    ),
    ("{kind: power, initial: 0.3}", { 0.3 / (1 + $0).squareRoot() }),
    (
      "{kind: exponential, initial: 0.3, final: 0.1, rate: 0.25}",
      { 0.1 + 0.2 * exp(-0.25 * $0) }
    ),
    (
      "{kind: cosine, initial: 0.3, final: 0.1}",
      { 0.2 + 0.1 * cos(.pi * $0 / 8) }
    ),
    (
      "{kind: piecewise, steps: [0, 3, 5], values: [0.3, 0.2, 0.1]}",
      { $0 < 3 ? 0.3 : $0 < 5 ? 0.2 : 0.1 }
    ),
    (
      "{kind: linear, steps: [0, 2, 6], values: [0.1, 0.3, 0.2]}",
      { $0 < 2 ? 0.1 + 0.1 * $0 : $0 < 6 ? 0.3 - 0.025 * ($0 - 2) : 0.2 }
    ),
  ]

  @Test("every kind has its formula", arguments: kinds)
  func formulas(text: String, formula: @Sendable (Double) -> Double) throws {
    let grid = try ProblemFile(yaml: Self.yaml(text)).problem.grid
    for step in 0..<8 {
      #expect(abs(grid.rate(at: step) - formula(Double(step))) < 1e-15, "step \(step)")
    }
  }

  @Test("a table is a column of a file, whose last value stays")
  func table() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "step,rate,decay\n0,0.3,0\n1,0.2,0.1\n2,0.05,0.2\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let text = Self.yaml("{kind: table, path: \(path), column: rate}")
    let grid = try ProblemFile(yaml: text).problem.grid
    #expect((0..<5).map { grid.rate(at: $0) } == [0.3, 0.2, 0.05, 0.05, 0.05])
  }

  /// A persistent mask whose density jumps at step 4. `[schedule.switch]`
  private static func persistent(_ r: Double, from before: Double, to now: Double) -> String {
    "{kind: persistent, correlation: \(r), "
      + "density: {kind: piecewise, steps: [0, 4], values: [\(before), \(now)]}}"
  }

  /// What is wrong, and what the message says about it.
  static let wrong: [(rate: String, mask: String, words: [String])] = [
    ("{kind: power}", "{kind: full}", ["learning_rate.initial", "missing"]),
    ("{kind: line, initial: 1}", "{kind: full}", ["learning_rate.kind", "line", "piecewise"]),
    (
      "{kind: linear, steps: [0, 4], values: [0.3, -0.1]}", "{kind: full}",
      ["learning_rate", "at step 3", "> 0"]
    ),
    (
      "{kind: linear, steps: [1, 4], values: [0.3, 0.1]}", "{kind: full}",
      ["learning_rate.steps", "ascend from 0"]
    ),
    (
      "{kind: linear, steps: [0, 2.5], values: [0.3, 0.1]}", "{kind: full}",
      ["learning_rate.steps", "whole numbers"]
    ),
    (
      "{kind: linear, steps: [0, 4], values: [0.3]}", "{kind: full}",
      ["learning_rate.values", "1 values", "2 steps"]
    ),
    (
      "0.1", "{kind: independent, density: {kind: linear, steps: [0, 4], values: [0.5, 1.5]}}",
      ["sample_mask.density", "at step 3", "<= 1"]
    ),
    (
      "0.1", persistent(0.9, from: 0.2, to: 0.6),
      ["sample_mask.correlation", "0.9 at step 4", "0.5", "from 0.2 to 0.6"]
    ),
    (
      "0.1", persistent(0.6, from: 0.8, to: 0.4),
      ["sample_mask.correlation", "0.6 at step 4", "to 0.5,", "from 0.8 to 0.4"]
    ),
    (
      "0.1", persistent(-0.6, from: 0.6, to: 0.2),
      ["sample_mask.correlation", "-0.6 at step 4", "from -0.5", "from 0.6 to 0.2"]
    ),
    (
      "0.1", persistent(-0.6, from: 0.5, to: 0.75),
      ["sample_mask.correlation", "-0.6 at step 4", "from -0.5", "from 0.5 to 0.75"]
    ),
    ("0.1", "{kind: epoch, density: {kind: cosine, initial: 0.5}}", ["sample_mask.density"]),
  ]

  private static let outOfRange: [(String, [String])] = [
    (
      "update: {kind: clip, threshold: {kind: linear, steps: [0, 4], values: [0.3, -0.1]}}",
      ["update.threshold", "at step 3", "> 0"]
    ),
    (
      "update: {kind: caching, threshold: 1, decay: {kind: cosine, initial: 0, final: 1.5}}",
      ["update.decay", "at step 5", "x < 1"]
    ),
    (
      "update: {kind: top-fraction, fraction: {kind: piecewise, steps: [0, 2], values: [1, 2]}}",
      ["update.fraction", "2.0 at step 2", "<= 1"]
    ),
    (
      "update: {kind: momentum, coefficient: {kind: piecewise, steps: [0, 2], values: [0, 1]}}",
      ["update.coefficient", "1.0 at step 2", "< 1"]
    ),
    (
      "update: {kind: error-feedback, fraction: {kind: linear, steps: [0, 4], values: [1, 0]}}",
      ["update.fraction", "at step 4", "0.0 < x"]
    ),
    (
      "update: {kind: caching, threshold: 1, transient_cost: {kind: cosine, initial: 1}}",
      ["update.transient_cost", "a number >= 0"]
    ),
    (
      "update: {kind: stochastic-rounding, quantum: {kind: cosine, initial: 1}}",
      ["update.quantum", "a number > 0"]
    ),
    (  // the forward pass after the last step
      "weight_noise: {sigma: {kind: piecewise, steps: [0, 8], values: [1, -1]}}",
      ["weight_noise.sigma", "-1.0 at step 8", ">= 0"]
    ),
    (
      "weight_noise: {sigma: {kind: piecewise, steps: [0, 5], values: [1, 0]}, "
        + "reliability_cost: 0.1}",
      ["weight_noise.sigma", "0.0 at step 5", "> 0 where reliability has a price"]
    ),
    (
      "weight_noise: {sigma: {kind: cosine, initial: 1}}\ndropout: {inputs: 0.5}",
      ["dropout.inputs", "weight_noise.sigma cosine", "one of the two"]
    ),
  ]

  @Test("numbers of rules and noise out of range are named", arguments: outOfRange)
  func rulesAndNoise(text: String, words: [String]) {
    do {
      _ = try ProblemFile(yaml: Self.yaml("0.1") + "\n" + text)
      Issue.record("\(text) was read")
    } catch {
      for word in words { #expect("\(error)".contains(word), "\(error)") }
    }
  }

  @Test("what is wrong is named", arguments: wrong)
  func errors(rate: String, mask: String, words: [String]) {
    do {
      _ = try ProblemFile(yaml: Self.yaml(rate, mask: mask))
      Issue.record("\(rate), \(mask) was read")
    } catch {
      for word in words { #expect("\(error)".contains(word), "\(error)") }
    }
  }
}
