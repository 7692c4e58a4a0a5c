internal import NumericalKit

extension Recording: Codable {
  private enum Key: CodingKey {
    case steps, observables, values, standardErrors
  }

  /// A recording as `encode` wrote it, bit by bit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let steps = try container.decode([Int].self, forKey: .steps)
    let observables = try container.decode([Observable].self, forKey: .observables)
    let values = try container.decode(ExactNumbers.self, forKey: .values).values
    let errors = try container.decode(ExactNumbers.self, forKey: .standardErrors).values
    guard values.count == steps.count * observables.count, errors.count == values.count,
      zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "\(values.count) values at \(steps.count) steps")
    }
    self.init()
    for (row, step) in steps.enumerated() {
      begin(step: step)
      for (column, observable) in observables.enumerated() {
        let index = column * steps.count + row
        record(observable, Estimate(values[index], standardError: errors[index]))
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    let estimates = observables.flatMap { values($0) }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(steps, forKey: .steps)
    try container.encode(observables, forKey: .observables)
    try container.encode(ExactNumbers(estimates.map(\.value)), forKey: .values)
    try container.encode(ExactNumbers(estimates.map(\.standardError)), forKey: .standardErrors)
  }
}
