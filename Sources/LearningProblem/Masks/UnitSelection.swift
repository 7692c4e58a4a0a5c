internal import NumericalKit

/// Which hidden units learn at a step. `[mask.units]`
public enum UnitSelection: Sendable, Equatable {
  /// All of them.
  case all
  /// Each by chance with the given probability, drawn anew every `period` steps (nil: once).
  case random(density: Double, period: Int?, seed: UInt64)
  /// The given fraction of them by chance, drawn anew every `period` steps (nil: once).
  case randomFraction(Double, period: Int?, seed: UInt64)
  /// The given fraction of them: those with the largest mean-square gradients.
  case strongest(fraction: Double)

  /// Whether different paths differ.
  public var isRandom: Bool {
    switch self {
    case .random, .randomFraction: true
    case .all, .strongest: false
    }
  }

  /// round(fraction K), at least 1.
  static func count(_ fraction: Double, of units: Int) -> Int {
    max(1, Int((fraction * Double(units)).rounded()))
  }
}

/// The hidden units that learn, step by step, along one path of their switches. `[mask.units]`
public struct LearningUnits: Sendable {
  private let units: Int
  private let selection: UnitSelection
  private let path: [[Bool]]  // [step][unit]; one entry for `all`

  /// The path of number `dynamics.path`: the same in theory and training.
  public init(_ dynamics: Dynamics) {
    units = dynamics.hiddenUnits
    selection = dynamics.rule.weightMask.units
    let everyone = [Bool](repeating: true, count: units)
    switch selection {
    case .all, .strongest: path = [everyone]
    case .random(let density, let period, let seed):
      path = Self.drawn(dynamics, period, seed) { stream in
        everyone.map { _ in stream.uniform() < density }
      }
    case .randomFraction(let fraction, let period, let seed):
      let count = UnitSelection.count(fraction, of: units)
      path = Self.drawn(dynamics, period, seed) { stream in
        let chosen = everyone.indices.shuffled(using: &stream).prefix(count)
        return everyone.indices.map(chosen.contains)
      }
    }
  }

  private static func drawn(
    _ dynamics: Dynamics, _ period: Int?, _ seed: UInt64,
    draw: (inout RandomStream) -> [Bool]
  ) -> [[Bool]] {
    var stream = RandomStream(seed: seed, purpose: .unitPath, index: UInt64(dynamics.path))
    var path = [[Bool]]()
    for step in 0..<dynamics.grid.steps {
      let isKept = step > 0 && (period.map { step % $0 != 0 } ?? true)
      path.append(isKept ? path[step - 1] : draw(&stream))
    }
    return path
  }

  /// Units that learn from a step on, until the next such entry or the last step.
  public struct Run: Sendable, Equatable {
    /// The first step.
    public let step: Int
    /// The units that learn, counted from 0.
    public let units: [Int]
  }

  /// The whole path in runs of equal steps; nil if it is not drawn.
  public var runs: [Run]? {
    guard selection.isRandom else { return nil }
    var runs = [Run]()
    for (step, isOn) in path.enumerated() where step == 0 || isOn != path[step - 1] {
      runs.append(Run(step: step, units: isOn.indices.filter { isOn[$0] }))
    }
    return runs
  }

  /// Whether units compete by the size of their gradients.
  public var compete: Bool {
    if case .strongest = selection { true } else { false }
  }

  /// r_k, K of them: which units learn.
  ///
  /// - Parameters:
  ///   - step: the step, from 0; after the last of the path its last units learn on.
  ///   - power: E[G_k²] of each unit over the weights that are on; only read if units compete. Of
  ///     equal ones the first win.
  public func isOn(step: Int, power: [Double]) -> [Bool] {
    guard case .strongest(let fraction) = selection else { return path[min(step, path.count - 1)] }
    let order = power.indices.sorted { (power[$1], $0) < (power[$0], $1) }
    let winners = order.prefix(UnitSelection.count(fraction, of: units))
    return power.indices.map(winners.contains)
  }
}
