extension Plot {
  /// Points, the line through them, or both; without points it stands in the legend alone.
  ///
  /// Errors are bars where there are markers, and a band where there is only a line.
  public struct Series: Sendable, Equatable {
    /// Its name in the legend; nil leaves it out.
    public var title: String?
    /// Colour of line, markers and errors, such as `#0060ad`.
    public var colour: String
    /// The line through the points; nil draws none.
    public var line: Line?
    /// What stands at each point; nil draws nothing.
    public var marker: Marker?
    /// The data, in the order of the line.
    public var points: [Point]

    /// A series of points in one colour.
    public init(
      _ title: String? = nil, colour: String, line: Line? = nil, marker: Marker? = nil,
      points: [Point]
    ) {
      self.title = title
      self.colour = colour
      self.line = line
      self.marker = marker
      self.points = points
    }
  }

  /// A point with standard errors in both directions.
  public struct Point: Sendable, Equatable {
    /// The horizontal coordinate.
    public var x: Double
    /// The vertical coordinate; a point that is not finite is not drawn.
    public var y: Double
    /// The standard error of x, at least 0.
    public var xError: Double
    /// The standard error of y, at least 0.
    public var yError: Double

    /// A point; an error that is not finite counts as 0.
    public init(_ x: Double, _ y: Double, xError: Double = 0, yError: Double = 0) {
      self.x = x
      self.y = y
      self.xError = xError.isFinite ? xError : 0
      self.yError = yError.isFinite ? yError : 0
    }
  }

  /// How a line is drawn.
  public struct Line: Sendable, Equatable {
    /// How a line is broken.
    public enum Dash: Int, Sendable, CaseIterable {
      /// Not at all.
      case solid = 1
      /// Into dashes.
      case dashed
      /// Into dots.
      case dotted
      /// Into dashes and dots in turn.
      case dashDotted
      /// Into a dash and two dots in turn.
      case dashDoubleDotted
    }

    /// Its width, 1 is thin.
    public var width: Double
    /// How it is broken.
    public var dash: Dash
    /// Whether it goes from point to point by a step, first horizontally.
    public var isStaircase: Bool

    /// A line of this width.
    public init(width: Double = 2, dash: Dash = .solid, isStaircase: Bool = false) {
      self.width = width
      self.dash = dash
      self.isStaircase = isStaircase
    }
  }

  /// What stands at a point.
  public struct Marker: Sendable, Equatable {
    /// Its form.
    public enum Shape: Sendable, CaseIterable {
      /// A disc.
      case disc
      /// A square.
      case square
      /// A triangle.
      case triangle
      /// A square on its tip.
      case diamond
      /// A circle.
      case circle
    }

    /// Its form.
    public var shape: Shape
    /// Its size, 1 is large.
    public var size: Double

    /// A marker of this form and size.
    public init(_ shape: Shape, size: Double) {
      self.shape = shape
      self.size = size
    }
  }

  /// A straight line across the panel.
  public struct Guide: Sendable, Equatable {
    /// Where it is.
    public enum Place: Sendable, Equatable {
      /// At this y; its title stands in the legend.
      case horizontal(Double)
      /// At this x; its title stands beside it.
      case vertical(Double)
    }

    /// Where it is.
    public var place: Place
    /// Its name; nil leaves it out.
    public var title: String?
    /// Its colour, such as `#444444`.
    public var colour: String
    /// How it is drawn.
    public var line: Line

    /// A line at `place`.
    public init(_ place: Place, title: String? = nil, colour: String = "#444444", line: Line) {
      self.place = place
      self.title = title
      self.colour = colour
      self.line = line
    }
  }
}
