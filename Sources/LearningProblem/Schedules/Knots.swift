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

  /// Those that a run of `steps` reaches; in between its last two, both.
  func reached(in steps: Int, isLinear: Bool) -> [ScheduleKnot] {
    let last = last(before: steps - 1)
    let count = isLinear && self.steps[last] < steps - 1 ? last + 2 : last + 1
    return zip(self.steps, values).prefix(count).map { ScheduleKnot(step: $0, value: $1) }
  }

  /// The same steps with another value.
  func moving(_ index: Int, to value: Double) -> Knots {
    var values = values
    values[index] = value
    return Knots(steps: steps, values: values)
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
