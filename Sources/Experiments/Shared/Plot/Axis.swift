extension Plot {
  /// A text at a place of an axis.
  public struct Tic: Sendable, Equatable {
    /// Where it stands.
    public var place: Double
    /// The text.
    public var text: String

    /// A text at a place.
    public init(place: Double, text: String) { (self.place, self.text) = (place, text) }
  }

  /// What an axis says and shows.
  public struct Axis: Sendable, Equatable {
    /// How values become lengths.
    public enum Scale: Sendable, Equatable {
      /// Differences.
      case linear
      /// Ratios; values that are not positive are not shown.
      case logarithmic
    }

    /// The quantity and its unit.
    public var label: String
    /// How values become lengths.
    public var scale: Scale
    /// Where it begins; nil where the data begin.
    public var low: Double?
    /// Where it ends; nil where the data end.
    public var high: Double?
    /// What stands at it instead of numbers; nil for numbers.
    public var tics: [Tic]?

    /// An axis from `low` to `high`.
    public init(
      _ label: String, scale: Scale = .linear, low: Double? = nil, high: Double? = nil
    ) {
      self.label = label
      self.scale = scale
      self.low = low
      self.high = high
    }

    /// An axis for positive numbers, logarithmic from a decade on, with a margin at both ends.
    public init(_ label: String, fitting values: [Double]) {
      let low = values.min() ?? 1
      let high = values.max() ?? 1
      if low > 0, high >= 10 * low {
        self.init(label, scale: .logarithmic, low: low / 1.2, high: high * 1.2)
      } else {
        let margin = high > low ? 0.08 * (high - low) : 0.5 * max(abs(high), 1e-9)
        self.init(label, low: low - margin, high: high + margin)
      }
    }
  }
}
