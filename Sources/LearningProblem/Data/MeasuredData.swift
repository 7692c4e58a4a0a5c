public import NumericalKit

/// Labelled rows of numbers as inputs of a learning problem. `[fit.scale]`
///
/// Constant columns are dropped; inputs are centred, whitened and scaled as asked for.
public struct MeasuredData: Sendable {
  /// What is done with the numbers of the file.
  public struct Preparation: Sendable, Equatable {
    /// Whether the inputs are centred between the class means and scaled so that these are at the
    /// distance 1 from the centre (root mean square over classes); else they stay as they are.
    public var scales: Bool
    /// Whether the covariance within classes is made a multiple of the unit matrix.
    public var whitens: Bool
    /// Whether rows that are too few to whiten are refused: fewer than `rowsPerWhitenedInput` for
    /// each input that is left.
    public var asksForRows: Bool

    /// Creates a preparation.
    public init(scales: Bool = true, whitens: Bool = false, asksForRows: Bool = false) {
      self.scales = scales
      self.whitens = whitens
      self.asksForRows = asksForRows
    }
  }

  /// x_μ, a row for each sample.
  public let inputs: DenseMatrix
  /// The class of each row, from 0.
  public let members: [Int]
  /// The classes as the file names them; of two, the first has the label +1.
  public let classes: [String]
  /// Means and covariances of the inputs, by class.
  public let moments: ClassMoments
  /// v_p = √d e_p, along the differences of the class means.
  public let signals: [[Double]]
  /// The mixture with these class means and variances; `DataFitting` adds errors.
  public let clusters: [Cluster]
  /// Length in the file (or in whitened coordinates) of a length 1 of the inputs.
  public let unit: Double
  /// How the inputs were made.
  public let preparation: Preparation
  /// What was left out or regularised, one sentence each.
  public let notes: [String]

  /// The rows per input that whitening asks for.
  ///
  /// With fewer rows the covariance fits their noise, and classes look further apart than they are:
  /// by 20 % with 4 rows per input, 3 % with 10.
  public static let rowsPerWhitenedInput = 10
  /// Refuses to whiten `dimension` inputs by too few rows.
  private static func requireRows(_ count: Int, dimension: Int, file: String) throws {
    let least = Self.rowsPerWhitenedInput * dimension
    guard count < least else { return }
    throw ProblemError(
      file: file, path: "whiten", found: "\(count) rows of \(dimension) inputs",
      allowed: "at least \(Self.rowsPerWhitenedInput) rows per input, \(least), so that their "
        + "covariance is known")
  }

  /// d.
  public var dimension: Int { inputs.columns }
  /// N, samples to draw from.
  public var count: Int { inputs.rows }
  /// y of class `a`: ±1 of two, else the class 1, 2, ...
  public static func label(ofClass a: Int, of classes: Int) -> Double {
    classes == 2 ? (a == 0 ? 1 : -1) : Double(a + 1)
  }

  /// Prepares the rows of a table with the labels `classes`, by default all there are.
  ///
  /// The first of two classes, +1, is the larger number or the later word; more are in ascending
  /// order. Throws `ProblemError` where classes are missing or cannot be told apart. Costs N
  /// d² + d³ to whiten.
  public init(
    _ table: CSVTable, classes wanted: [String]? = nil, preparation: Preparation = Preparation()
  ) throws {
    let names = try ClassNames(table, wanted: wanted)
    let classes = names.classes
    let rows = names.members.indices.filter { names.members[$0] != nil }
    let members = names.members.compactMap { $0 }
    var notes: [String] = []
    if rows.count < table.labels.count {
      notes.append("\(table.labels.count - rows.count) rows of other classes left out")
    }
    let width = table.columns.count
    let columns = ColumnCheck(table, rows: rows)
    let varying = columns.varying
    guard !varying.isEmpty else {
      throw ProblemError(
        file: table.file, path: "", found: "constant columns only", allowed: "inputs that vary")
    }
    notes += columns.notes
    var inputs = DenseMatrix(
      rows: rows.count, columns: varying.count,
      values: rows.flatMap { row in varying.map { table.values[row * width + $0] } })
    var moments = ClassMoments(inputs, members: members, classes: classes.count)
    // Variances that are rounding, or underflow, are none.
    let size = inputs.values.reduce(0) { max($0, abs($1)) }
    let least = max(1e-24 * size * size, 1e-200)
    guard moments.traces.allSatisfy({ $0 > least }) else {
      throw ProblemError(
        file: table.file, path: "classes", found: "a class whose rows are all alike",
        allowed: "classes whose inputs vary; take others by classes")
    }
    if preparation.scales || preparation.whitens {
      let width = inputs.columns
      for i in inputs.values.indices { inputs.values[i] -= moments.middle[i % width] }
      moments = ClassMoments(inputs, members: members, classes: classes.count)
    }
    if preparation.whitens {
      let freedom = rows.count - classes.count
      if preparation.asksForRows, freedom <= inputs.columns {  // none is left out
        try Self.requireRows(rows.count, dimension: inputs.columns, file: table.file)
      }
      let whitening = Whitening(
        residuals: moments.residuals(of: inputs, members: members), freedom: freedom)
      if whitening.map.columns < inputs.columns {
        notes.append(
          "\(inputs.columns - whitening.map.columns) linear combinations without variance dropped")
      }
      if whitening.shrinkage > 0 {
        notes.append(
          "covariance regularised: \(freedom) degrees of freedom in \(inputs.columns) dimensions, "
            + "weight of the unit matrix \((whitening.shrinkage * 1e4).rounded() / 1e4)")
      }
      inputs = inputs.times(whitening.map)
      if preparation.asksForRows {
        try Self.requireRows(rows.count, dimension: inputs.columns, file: table.file)
      }
      moments = ClassMoments(inputs, members: members, classes: classes.count)
    }
    var unit = 1.0
    if preparation.scales {
      guard moments.separation > 0 else {
        throw ProblemError(
          file: table.file, path: "classes",
          found: "class means no further apart than sampling noise puts them",
          allowed: "classes with different means, or more rows")
      }
      unit = moments.separation.squareRoot()
      inputs.values = inputs.values.map { $0 / unit }
      moments = ClassMoments(inputs, members: members, classes: classes.count)
    }
    let axes = moments.axes
    guard !axes.directions.isEmpty, moments.traces.allSatisfy({ $0 > 0 }) else {
      throw ProblemError(
        file: table.file, path: "classes",
        found: "class means that are equal within sampling noise",
        allowed: "classes with different means, or more rows")
    }
    if axes.directions.count < classes.count - 1 {
      notes.append(
        "the class means span \(axes.directions.count) of \(classes.count - 1) directions beyond "
          + "sampling noise")
    }
    let d = Double(inputs.columns)
    self.inputs = inputs
    self.members = members
    self.classes = classes
    self.moments = moments
    self.unit = unit
    self.preparation = preparation
    self.notes = notes
    signals = axes.directions.map { direction in direction.map { d.squareRoot() * $0 } }
    clusters = classes.indices.map { a in
      Cluster(
        probability: Double(moments.counts[a]) / Double(rows.count), centre: axes.centres[a],
        label: Self.label(ofClass: a, of: classes.count), variance: moments.traces[a] / d)
    }
  }

  /// Deviations of the inputs from the means of their classes.
  public var residuals: DenseMatrix { moments.residuals(of: inputs, members: members) }
}
