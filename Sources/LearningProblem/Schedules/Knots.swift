/// Values at ascending steps, of which the first is 0. `[schedule.kinds]`
struct Knots: Sendable {
  static let stepsKey = Parameter(
    "steps", .numbers(.nonNegative), "whole numbers that ascend from 0")
  static let valuesKey = Parameter(
    "values", .numbers(.finite), "one value for each of the steps")

  let steps: [Int]
  let values: [Double]

  init(steps: [Int], values: [Double]) {
    precondition(
      Self.areValid(steps) && steps.count == values.count,
      "steps \(steps) that ascend from 0, values \(values)")
    self.steps = steps
    self.values = values
  }

  init(from section: Section) throws {
    let numbers = try section.numbers(Self.stepsKey)
    let steps = numbers.compactMap { Int(exactly: $0) }
    guard steps.count == numbers.count, Self.areValid(steps) else {
      throw section.problem(
        Self.stepsKey.name, found: "\(numbers)", allowed: "whole numbers that ascend from 0")
    }
    let values = try section.numbers(Self.valuesKey)
    guard values.count == steps.count else {
      throw section.problem(
        Self.valuesKey.name, found: "\(values.count) values",
        allowed: "one for each of the \(steps.count) steps")
    }
    self.init(steps: steps, values: values)
  }

  private static func areValid(_ steps: [Int]) -> Bool {
    steps.first == 0 && zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// The number of the last knot that is not after a step.
  func last(before step: Int) -> Int {
    var (lower, upper) = (0, steps.count)
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if steps[middle] <= step { lower = middle } else { upper = middle }
    }
    return lower
  }
}
