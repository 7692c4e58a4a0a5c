internal import LearningProblem

/// An observable over a sweep: its curves, coloured by one key, or a map of its last values over
/// two.
///
/// Seeds are averaged over; keys that are not shown stay at their first values.
struct SweepFigure {
  /// The observable.
  let observable: String
  private let grid: SweepGrid
  private let keys: [ParameterAxis]
  private var tasks: [Int: (value: Double?, points: [Plot.Point])] = [:]
  /// Curves in a panel, at most.
  private static let most = 60
  private static let pointsOfCurve = 400

  /// An empty figure of an observable by one key or two.
  init(_ grid: SweepGrid, observable: String, by keys: [String]) {
    (self.grid, self.observable) = (grid, observable)
    self.keys = keys.compactMap { key in grid.axes.first { $0.key == key } }
  }

  /// The keys to show; throws `UsageError` for those that are not varied.
  static func keys(_ wanted: [String], of grid: SweepGrid) throws -> [String] {
    let known = grid.axes.map(\.key)
    guard wanted.count <= 2, Set(wanted).count == wanted.count, wanted.allSatisfy(known.contains)
    else {
      throw UsageError(
        "--by", found: wanted.joined(separator: ","),
        allowed: "one key or two of \(known.joined(separator: ", "))")
    }
    guard wanted.isEmpty else { return wanted }
    let others = known.filter { $0 != SweepGrid.seedKey }
    return Array((others.isEmpty ? known : others).prefix(grid.isPaired ? 1 : 2))
  }

  /// Takes in the result of a task, from 0: its last value, and its curve if it has one.
  mutating func add(_ task: Int, _ value: Double?, _ points: [Plot.Point]) {
    tasks[task] = (value.flatMap { $0.isFinite ? $0 : nil }, points)
  }

  /// The figure.
  var plot: Plot {
    keys.count == 2
      ? Plot([map], columns: 1, panelWidth: 560, panelHeight: 460, legendWidth: 120)
      : tasks.values.contains { !$0.points.isEmpty }
        ? Plot([curves], columns: 1, panelWidth: 640, panelHeight: 440, legendWidth: 150)
        : Plot([line], columns: 1, panelWidth: 640, panelHeight: 440)
  }

  /// Shown tasks by the places of their values on the shown keys.
  private var groups: [[Int]: [(value: Double?, points: [Plot.Point])]] {
    var groups: [[Int]: [(value: Double?, points: [Plot.Point])]] = [:]
    for (task, result) in tasks.sorted(by: { $0.key < $1.key }) {
      let places = grid.places(task)
      let isShown = zip(grid.axes, places).allSatisfy { axis, place in
        grid.isPaired || place == 0 || axis.key == SweepGrid.seedKey || keys.contains(axis)
      }
      guard isShown else { continue }
      let key = keys.map { axis in places[grid.axes.firstIndex(of: axis) ?? 0] }
      groups[key, default: []].append(result)
    }
    return groups
  }

  /// What does not vary in the figure, in words.
  private var title: String? {
    let others = grid.axes.filter { !keys.contains($0) && !grid.isPaired }
    let words = others.map { axis in
      axis.key == SweepGrid.seedKey
        ? "mean of \(axis.texts.count) seeds" : "\(axis.key) = \(axis.texts[0])"
    }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// The mean of curves with the same times; otherwise the first.
  private static func mean(_ curves: [[Plot.Point]]) -> [Plot.Point] {
    let known = curves.filter { !$0.isEmpty }
    guard let first = known.first else { return [] }
    let same = known.filter { $0.map(\.x) == first.map(\.x) }
    let every = max(1, first.count / pointsOfCurve)
    return first.indices.filter { $0 % every == 0 || $0 == first.count - 1 }.map { index in
      Plot.Point(
        first[index].x, same.reduce(0) { $0 + $1[index].y } / Double(same.count))
    }
  }

  private var curves: Plot.Panel {
    let axis = keys[0]
    let groups = groups
    let every = max(1, (axis.texts.count + Self.most - 1) / Self.most)
    let numbered = SweepFigureAxis(axis)
    let scale =
      axis.values.count > 1
      ? Plot.ColourScale(
        axis.key, low: axis.values.min() ?? 0, high: axis.values.max() ?? 1,
        isLogarithmic: numbered.scale == .logarithmic) : nil
    let series = axis.texts.indices.filter { $0 % every == 0 }.compactMap { index -> Plot.Series? in
      let points = Self.mean((groups[[index]] ?? []).map(\.points))
      guard !points.isEmpty else { return nil }
      return Plot.Series(
        scale == nil ? axis.texts[index].shown(limit: 18) : nil,
        colour: scale?.colour(of: axis.values[index])
          ?? Plot.ColourScale.colour(at: Double(index) / Double(max(1, axis.texts.count - 1))),
        line: Plot.Line(), points: points)
    }
    let latest = series.compactMap(\.points.last?.x).max().flatMap { $0 > 0 ? $0 : nil } ?? 1
    return Plot.Panel(
      title: title, x: Plot.Axis("time", low: 0, high: latest),
      y: Plot.Axis(observable), series: series,
      legend: scale == nil ? .beside : .none, colours: scale)
  }

  private var line: Plot.Panel {
    let axis = SweepFigureAxis(keys[0])
    let points = groups.sorted { $0.key[0] < $1.key[0] }.compactMap { places, results in
      Self.mean(results.map(\.value)).map { Plot.Point(axis.centres[places[0]], $0) }
    }
    return Plot.Panel(
      title: title, x: axis.axis, y: Plot.Axis(observable),
      series: [
        Plot.Series(
          colour: "#0060ad", line: axis.isNumeric ? Plot.Line() : nil,
          marker: Plot.Marker(.disc, size: 0.5), points: points)
      ], legend: .none)
  }

  private var map: Plot.Panel {
    let (x, y) = (SweepFigureAxis(keys[0]), SweepFigureAxis(keys[1]))
    let cells = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .compactMap { places, results in
        Self.mean(results.map(\.value)).map {
          Plot.Cell(x: x.edges(places[0]), y: y.edges(places[1]), value: $0)
        }
      }
    let values = cells.map(\.value)
    return Plot.Panel(
      title: title, x: x.axis, y: y.axis, series: [], legend: .none, cells: cells,
      colours: Plot.ColourScale(
        observable, low: values.min() ?? 0, high: values.max() ?? 1, isLogarithmic: false))
  }
}
