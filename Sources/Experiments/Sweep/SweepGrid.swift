/// The points of a sweep: all combinations of the values of its axes, or their values side by side.
public struct SweepGrid: Sendable, Equatable {
  /// What is varied, at least one key.
  public let axes: [ParameterAxis]
  /// Whether the axes advance together.
  public let isPaired: Bool
  /// The number of points.
  public let count: Int

  /// The most points.
  static let most = 100_000
  /// The key that stands for the option `--seed`.
  static let seedKey = "seed"

  /// A grid; throws `UsageError` for axes that make none.
  public init(_ axes: [ParameterAxis], isPaired: Bool) throws {
    let keys = axes.map(\.key)
    guard let first = axes.first else {
      throw UsageError("--vary", found: "none", allowed: "one key of the problem file or more")
    }
    if let key = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
      throw UsageError("--vary", found: "\(key) twice", allowed: "each key once")
    }
    if let key = keys.first(where: ["task", "exit_code", "wall_time_seconds"].contains) {
      throw UsageError("--vary", found: key, allowed: "a key of the problem file, or seed")
    }
    if isPaired, let other = axes.first(where: { $0.texts.count != first.texts.count }) {
      throw UsageError(
        "--pair",
        found: "\(first.texts.count) values of \(first.key) and \(other.texts.count) of "
          + other.key,
        allowed: "the same number of values of each key")
    }
    let count =
      isPaired
      ? first.texts.count
      : axes.reduce(1) { min($0, Self.most + 1) * $1.texts.count }
    guard count <= Self.most else {
      throw UsageError(
        "--vary", found: "\(count) points or more", allowed: "at most \(Self.most) in a sweep")
    }
    if let seeds = axes.first(where: { $0.key == Self.seedKey }),
      let wrong = seeds.texts.first(where: { Int($0).map { $0 < 0 } ?? true })
    {
      throw UsageError("--vary seed", found: wrong, allowed: "whole numbers >= 0")
    }
    (self.axes, self.isPaired, self.count) = (axes, isPaired, count)
  }

  /// The number of the value that each axis has at a point, from 0; the last axis is the fastest.
  func places(_ point: Int) -> [Int] {
    guard !isPaired else { return axes.map { _ in point } }
    var rest = point
    var places = axes.map { _ in 0 }
    for index in axes.indices.reversed() {
      places[index] = rest % axes[index].texts.count
      rest /= axes[index].texts.count
    }
    return places
  }

  /// The value of each axis at a point, from 0.
  public func values(_ point: Int) -> [String] {
    zip(axes, places(point)).map { $0.texts[$1] }
  }

  /// `--set` texts of a point.
  func settings(_ point: Int) -> [String] {
    zip(axes, values(point)).filter { $0.0.key != Self.seedKey }.map { "\($0.key)=\($1)" }
  }

  /// The seed of a point, if seeds are varied.
  func seed(_ point: Int) -> Int? {
    zip(axes, values(point)).first { $0.0.key == Self.seedKey }.flatMap { Int($1) }
  }

  /// A point in words, such as `samples_per_weight=2, seed=1`.
  func text(_ point: Int) -> String {
    zip(axes, values(point)).map { "\($0.key)=\($1)" }.joined(separator: ", ")
  }
}
