internal import Foundation

extension Plot {
  /// A rectangle of one colour.
  public struct Cell: Sendable, Equatable {
    /// Where it is, horizontally.
    public var x: ClosedRange<Double>
    /// Where it is, vertically.
    public var y: ClosedRange<Double>
    /// What its colour stands for.
    public var value: Double

    /// A cell between these ends.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, value: Double) {
      (self.x, self.y, self.value) = (x, y, value)
    }
  }

  /// Which colour stands for which number, shown by a bar on the right of the panel, in the
  /// `legendWidth` of the figure.
  public struct ColourScale: Sendable, Equatable {
    /// The quantity and its unit.
    public var label: String
    /// The number of the darkest colour.
    public var low: Double
    /// The number of the brightest colour.
    public var high: Double
    /// Whether equal ratios are equal differences of colour; for positive numbers.
    public var isLogarithmic: Bool

    /// A scale from `low` to `high`.
    public init(_ label: String, low: Double, high: Double, isLogarithmic: Bool) {
      (self.label, self.low, self.high, self.isLogarithmic) = (label, low, high, isLogarithmic)
    }

    /// Viridis of matplotlib at equal distances, red, green and blue from 0 to 255; readable for
    /// the colour-blind and in print.
    static let colours: [[Double]] = [
      [68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129],
      [92, 200, 99], [170, 220, 50], [253, 231, 37],
    ]

    /// The colour of a number, such as `#21908d`.
    public func colour(of value: Double) -> String {
      func place(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
      guard high > low else { return Self.colour(at: 0.5) }
      return Self.colour(at: (place(value) - place(low)) / (place(high) - place(low)))
    }

    /// The colour at a position, from 0 for the darkest to 1.
    static func colour(at position: Double) -> String {
      let place = min(max(position, 0), 1) * Double(colours.count - 1)
      let index = min(Int(place), colours.count - 2)
      let part = place - Double(index)
      let mixed = zip(colours[index], colours[index + 1]).map { $0 + part * ($1 - $0) }
      return "#" + mixed.map { String(format: "%02x", Int($0.rounded())) }.joined()
    }
  }
}
