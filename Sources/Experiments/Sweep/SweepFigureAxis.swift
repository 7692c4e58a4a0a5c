internal import Foundation
internal import LearningProblem

/// A key of a sweep as an axis: numbers where they are, words in equal distances.
struct SweepFigureAxis {
  /// Numbers up to which each has a tic of its own.
  private static let mostTics = 9
  /// Whether the values are numbers.
  let isNumeric: Bool
  /// Logarithmic where it was asked for, and for positive numbers over a decade or more.
  let scale: Plot.Axis.Scale
  /// Where each value is.
  let centres: [Double]
  private let key: String
  private let texts: [String]
  /// The values in ascending order.
  private let sorted: [Double]

  /// The axis of a key.
  init(_ axis: ParameterAxis) {
    (key, texts, isNumeric) = (axis.key, axis.texts, !axis.values.isEmpty)
    centres = isNumeric ? axis.values : axis.texts.indices.map { Double($0 + 1) }
    sorted = centres.sorted()
    let isWide = sorted[0] > 0 && sorted[sorted.count - 1] >= 10 * sorted[0]
    scale = isNumeric && (axis.isLogarithmic || isWide) ? .logarithmic : .linear
  }

  /// Where the cell of a value begins and ends: half way to its neighbours on the scale.
  func edges(_ index: Int) -> ClosedRange<Double> {
    func position(_ value: Double) -> Double { scale == .logarithmic ? log(value) : value }
    func value(_ position: Double) -> Double { scale == .logarithmic ? exp(position) : position }
    let places = sorted.map(position)
    guard places.count > 1, let rank = sorted.firstIndex(of: centres[index]) else {
      let half = isNumeric ? max(abs(centres[index]) / 2, 0.5) : 0.5
      return (centres[index] - half)...(centres[index] + half)
    }
    let before = rank > 0 ? places[rank - 1] : 2 * places[0] - places[1]
    let after =
      rank + 1 < places.count ? places[rank + 1] : 2 * places[rank] - places[rank - 1]
    return value((places[rank] + before) / 2)...value((places[rank] + after) / 2)
  }

  /// It from the first edge to the last, with the words as tics.
  var axis: Plot.Axis {
    let cells = centres.indices.map(edges)
    var axis = Plot.Axis(
      key, scale: scale, low: cells.map(\.lowerBound).min(), high: cells.map(\.upperBound).max())
    if !isNumeric || texts.count <= Self.mostTics {
      axis.tics = zip(centres, texts).map { centre, text in
        Plot.Tic(place: centre, text: isNumeric ? Number.short(centre) : text.shown(limit: 18))
      }
    }
    return axis
  }
}
