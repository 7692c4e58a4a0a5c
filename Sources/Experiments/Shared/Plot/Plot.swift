/// A figure as plain values: panels in a grid, row by row, of one size.
///
/// Commands describe their figures with it, `GnuplotScript` draws it. In texts `_{}` and `^{}`
/// lower and raise what is between the braces; all other characters stand for themselves.
public struct Plot: Sendable, Equatable {
  /// The panels, row by row.
  public var panels: [Panel]
  /// How many panels stand in a row, at least 1.
  public var columns: Int
  /// The width of a panel with its labels, in pixels.
  public var panelWidth: Int
  /// The height of a panel with its labels, in pixels.
  public var panelHeight: Int
  /// The room on the right of each row for legends that stand there, in pixels.
  public var legendWidth = 0

  /// A figure of these panels, each so many pixels wide and high.
  public init(
    _ panels: [Panel], columns: Int, panelWidth: Int, panelHeight: Int, legendWidth: Int = 0
  ) {
    precondition(columns >= 1, "a figure of \(columns) columns")
    self.panels = panels
    self.columns = columns
    self.panelWidth = panelWidth
    self.panelHeight = panelHeight
    self.legendWidth = legendWidth
  }

  /// The number of rows, at least 1.
  public var rows: Int { max((panels.count + columns - 1) / columns, 1) }

  /// Two axes, and what is drawn between them.
  public struct Panel: Sendable, Equatable {
    /// A line of text above it; there is no room for it beside a legend above.
    public var title: String?
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// Curves and points; later ones are drawn over earlier ones.
    public var series: [Series]
    /// Straight lines across the panel, under the series.
    public var guides: [Guide]
    /// Where the titles of series and guides stand.
    public var legend: Legend
    /// Rectangles under all else.
    public var cells: [Cell]
    /// What the colours of cells, or of series, stand for; nil shows no bar.
    public var colours: ColourScale?

    /// A panel between the axes `x` and `y`.
    public init(
      title: String? = nil, x: Axis, y: Axis, series: [Series], guides: [Guide] = [],
      legend: Legend = .above, cells: [Cell] = [], colours: ColourScale? = nil
    ) {
      self.title = title
      self.x = x
      self.y = y
      self.series = series
      self.guides = guides
      self.legend = legend
      self.cells = cells
      self.colours = colours
    }
  }

  /// Where a legend stands.
  public enum Legend: Sendable, Equatable {
    /// Nowhere.
    case none
    /// Above the panel, in at most two lines.
    case above
    /// In a corner of the panel.
    case inside(Corner)
    /// On the right of the row, in `legendWidth`.
    case beside
  }

  /// A corner of a panel.
  public enum Corner: String, Sendable {
    /// Upper right.
    case topRight = "top right"
    /// Upper left.
    case topLeft = "top left"
    /// Lower left.
    case bottomLeft = "bottom left"
  }
}
