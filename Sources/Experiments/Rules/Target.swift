internal import LearningProblem
public import Observables

/// A value that a falling observable is to reach, such as `training_loss=0.2`.
public struct Target: Sendable, Equatable {
  /// The name of the observable.
  public let name: String
  /// The value.
  public let value: Double

  /// Creates a target.
  public init(name: String, value: Double) {
    self.name = name
    self.value = value
  }

  /// Reads `name=value`; throws a `UsageError` that says what is allowed.
  public init(parsing text: String) throws {
    let typed = try NamedNumber(
      parsing: text, option: "--target",
      allowed: "OBSERVABLE=NUMBER, such as training_loss=0.2")
    self.init(name: typed.name, value: typed.value)
  }

  /// Where a recording crosses the target for the first time: on the straight line between the last
  /// row above it and the first at or below it; nil if it does not.
  public func crossing(in recording: Recording) -> RecordingPosition? {
    guard let observable = recording.observables.first(where: { $0.name == name }) else {
      return nil
    }
    let values = recording.values(observable)
    guard let row = values.firstIndex(where: { $0.value <= value }) else { return nil }
    guard row > 0 else { return RecordingPosition(row: 0) }
    let before = values[row - 1]
    let fall = before.value - values[row].value
    guard fall.isFinite else { return RecordingPosition(row: row) }
    return RecordingPosition(
      row: row - 1, fraction: (before.value - value) / fall,
      error: max(before.standardError, values[row].standardError) / fall)
  }

  /// How much of the way to the target is left: 0 at the target, 1 at the first value.
  public struct Distance: Sendable, Equatable {
    /// The distance left at the closest approach, at least 0.
    public let smallest: Double
    /// The distance left at the last row; above 1 if the observable ended above its first value.
    public let last: Double
  }

  /// The distance of a recording whose first value is above the target; values that are not finite
  /// count as infinitely far.
  public func distance(of recording: Recording) -> Distance {
    guard let observable = recording.observables.first(where: { $0.name == name }) else {
      return Distance(smallest: .infinity, last: .infinity)
    }
    let values = recording.values(observable).map(\.value)
    let way = (values.first ?? value) - value
    let rest = values.map { $0.isFinite ? ($0 - value) / way : .infinity }
    return Distance(smallest: max(0, rest.min() ?? .infinity), last: rest.last ?? .infinity)
  }
}

/// A place in a recording, possibly between two rows.
public struct RecordingPosition: Sendable, Equatable {
  /// The row at or before it.
  public let row: Int
  /// How far towards the next row, from 0 to 1.
  public let fraction: Double
  /// Standard error of the place, in rows, common to all replicas.
  public let error: Double

  /// Creates a position.
  public init(row: Int, fraction: Double = 0, error: Double = 0) {
    self.row = row
    self.fraction = fraction
    self.error = error
  }
}

extension Recording {
  /// The last row.
  var end: RecordingPosition { RecordingPosition(row: steps.count - 1) }

  /// The step at a position, with the position's own error.
  func step(at position: RecordingPosition) -> Estimate {
    interpolated(steps.map { Estimate(Double($0)) }, at: position)
  }

  /// An observable at a position, on the straight line between two rows.
  func value(_ observable: Observable, at position: RecordingPosition) -> Estimate {
    interpolated(values(observable), at: position)
  }

  /// One value per row, at a position, on the straight line between two rows.
  func interpolated(_ values: [Estimate], at position: RecordingPosition) -> Estimate {
    let low = values[position.row]
    guard position.fraction > 0 else { return low }
    let high = values[position.row + 1]
    let slope = high.value - low.value
    let own = max(low.standardError, high.standardError)
    let moved = slope * position.error
    return Estimate(
      low.value + position.fraction * slope,
      standardError: (own * own + moved * moved).squareRoot())
  }
}
