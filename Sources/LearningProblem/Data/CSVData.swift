internal import Foundation

/// Inputs and labels from a file, to train on; the theory takes a mixture that `dmft fit` makes of
/// it. `[fit.scale]`
public struct CSVData: DataModel {
  public static let kind = "csv"
  public static let summary = "real inputs from a CSV file (train; `dmft fit` for the theory)"
  public static let parameters = [pathKey, labelKey, classesKey, scaleKey, whitenKey]
  static let pathKey = Parameter(
    "path", .text, "the file, beside the problem file or in the working directory")
  static let labelKey = Parameter(
    "label", .text, "column of the label: its name, or its number from 1 (default: the last)",
    optional: true)
  static let classesKey = Parameter(
    "classes", .texts,
    "the labels to learn: two, the first as +1, or c for softmax (default: all; of two, the larger "
      + "number or later word is +1)", optional: true)
  static let scaleKey = Parameter(
    "scale", .choice(["centres", "none"]),
    "centres: centred between the class means, which are then at (rms) distance 1; "
      + "none: as they are",
    default: "centres")
  static let whitenKey = Parameter(
    "whiten", .choice(["false", "true"]),
    "true: principal axes within classes, scaled to equal variance", default: "false")

  /// The rows.
  public let measured: MeasuredData?
  /// The mixture with the class means and variances of the rows.
  public let clusters: [Cluster]

  /// Creates the data from prepared rows.
  public init(_ measured: MeasuredData) {
    self.measured = measured
    clusters = measured.clusters
  }

  public init(from section: Section) throws {
    let table = try CSVTable(
      path: section.located(Self.pathKey), label: try section.text(Self.labelKey))
    let preparation = MeasuredData.Preparation(
      scales: try section.choice(Self.scaleKey) == "centres",
      whitens: try section.choice(Self.whitenKey) == "true", asksForRows: true)
    let data = try MeasuredData(
      table, classes: try section.texts(Self.classesKey), preparation: preparation)
    self.init(data)
  }
}
