/// Switches drawn anew every `period` steps and kept in between; `period` nil keeps them for good.
/// `[mask.redrawn]`
public struct RedrawnSwitches: SteadySwitchLaw {
  public let density: Double
  /// Steps between two draws, at least 1.
  public let period: Int?

  /// Creates the law with density in (0, 1].
  public init(density: Double, period: Int?) {
    precondition(
      density > 0 && density <= 1 && period ?? 1 >= 1,
      "density \(density) must lie in (0, 1], the period \(period ?? 1) be at least 1")
    self.density = density
    self.period = period
  }

  /// Stationary only at the two ends.
  public var correlation: Double? { period == 1 || isFull ? 0 : period == nil ? 1 : nil }

  public func correlation(into step: Int) -> Double? { isFull || isDrawn(at: step) ? 0 : 1 }

  public func probabilityOn(step: Int, memory: Bool) -> Double {
    isDrawn(at: step) ? density : memory ? 1 : 0
  }

  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { isOn }

  private func isDrawn(at step: Int) -> Bool { step == 0 || period.map { step % $0 == 0 } ?? false }
}

/// How long drawn units and inputs stay the same.
enum RedrawParameter {
  static let key = Parameter(
    "redraw_every", .integer(0...Int.max), "steps between two draws; 0: drawn once", default: "1")

  static func period(from section: Section) throws -> Int? {
    let steps = try section.integer(key)
    return steps == 0 ? nil : steps
  }
}
