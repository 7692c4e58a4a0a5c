/// Values at ascending steps, or times of a flow, of which the first is 0. `[schedule.kinds]`
/// `[schedule.flow]`
struct Knots: Sendable {
  static let stepsKey = Parameter(
    "steps", .numbers(.nonNegative), "whole numbers that ascend from 0; not in a flow",
    optional: true)
  static let timesKey = Parameter(
    "times", .numbers(.nonNegative),
    "in a flow: numbers that ascend from 0, at results of the flow", optional: true)
  static let valuesKey = Parameter(
    "values", .numbers(.finite), "one value for each of the steps or times")

  /// The steps, or the times.
  let places: [Double]
  /// Whether they are times.
  let areTimes: Bool
  let values: [Double]

  init(steps: [Int], values: [Double]) {
    self.init(steps.map { Double($0) }, areTimes: false, values)
  }

  init(times: [Double], values: [Double]) { self.init(times, areTimes: true, values) }

  private init(_ places: [Double], areTimes: Bool, _ values: [Double]) {
    precondition(
      Self.areValid(places) && places.count == values.count,
      "places \(places) that ascend from 0, values \(values)")
    self.places = places
    self.areTimes = areTimes
    self.values = values
  }

  /// Reads steps, or times where these are allowed and given.
  init(from section: Section) throws {
    let areTimes = section.has(Self.timesKey.name)
    if areTimes, section.has(Self.stepsKey.name) {
      throw section.problem(
        Self.timesKey.name, found: "it with steps", allowed: "times in a flow, else steps")
    }
    let key = areTimes ? Self.timesKey : Self.stepsKey
    let places = try section.numbers(key)
    guard Self.areValid(places), areTimes || places.allSatisfy({ Int(exactly: $0) != nil }) else {
      throw section.problem(
        key.name, found: "\(places)",
        allowed: "\(areTimes ? "" : "whole ")numbers that ascend from 0")
    }
    let values = try section.numbers(Self.valuesKey)
    guard values.count == places.count else {
      throw section.problem(
        Self.valuesKey.name, found: "\(values.count) values",
        allowed: "one for each of the \(places.count) \(key.name)")
    }
    self.init(places, areTimes: areTimes, values)
  }

  static func areValid(_ places: [Double]) -> Bool {
    places.first == 0 && zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// What values at these places are in a flow.
  func inFlow(jump: Bool) -> FlowShape {
    areTimes
      ? .pieces(places, jump: jump) : .none("is of steps, where a flow wants times")
  }

  /// Those that a run of `steps` reaches; in between its last two, both. Of steps, not of times.
  func reached(in steps: Int, isLinear: Bool) -> [ScheduleKnot] {
    let last = last(before: Double(steps - 1))
    let count = isLinear && places[last] < Double(steps - 1) ? last + 2 : last + 1
    return zip(places, values).prefix(count).map { ScheduleKnot(step: Int($0), value: $1) }
  }

  /// The same places with another value.
  func moving(_ index: Int, to value: Double) -> Knots {
    var values = values
    values[index] = value
    return Knots(places, areTimes: areTimes, values)
  }

  /// The number of the last knot that is not after a place.
  func last(before place: Double) -> Int {
    var (lower, upper) = (0, places.count)
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if places[middle] <= place { lower = middle } else { upper = middle }
    }
    return lower
  }
}
