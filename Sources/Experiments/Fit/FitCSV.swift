internal import DataFitting
internal import LearningProblem
internal import NumericalKit
internal import Observables
internal import RunStorage

/// The tables of `dmft fit`.
enum FitCSV {
  /// `fit.csv`: everything the report says, as `quantity,value,standard_error`.
  static func write(_ fit: MixtureFit, to writer: inout ByteWriter) throws {
    var rows: [[CSVCell]] = []
    func row(_ name: String, _ value: Double, _ error: Double = 0) {
      rows.append([.text(name), .rounded(value), .rounded(error)])
    }
    func row(_ name: String, _ estimate: Estimate) {
      row(name, estimate.value, estimate.standardError)
    }
    row("rows", Double(fit.data.count))
    row("dimension", Double(fit.data.dimension))
    for (name, estimate) in zip(fit.data.classes, fit.probabilities) {
      row("probability_\(name.shown())", estimate)
    }
    row("distance", fit.distance)
    row("distance_of_sample_means", fit.rawDistance)
    for (name, estimate) in zip(fit.data.classes, fit.variances) {
      row("variance_\(name.shown())", estimate)
    }
    let (anisotropy, gaussianity) = (fit.anisotropy, fit.gaussianity)
    row("participation_ratio", anisotropy.participationRatio)
    row("participation_ratio_of_sample", anisotropy.rawParticipationRatio)
    row("sphericity", anisotropy.sphericity)
    row("class_sphericity", anisotropy.classSphericity)
    row("largest_eigenvalue", anisotropy.eigenvalues.last ?? .nan)
    row("edge", anisotropy.edge)
    row("eigenvalues_above_edge", Double(anisotropy.countAboveEdge))
    row("class_difference", anisotropy.classDifference)
    if let groups = fit.groups { row("shape_difference", groups.shapeDifference) }
    row("kurtosis", gaussianity.kurtosis)
    row("signal_kurtosis", gaussianity.signalKurtosis)
    if gaussianity.lengthSpread.isFinite {  // two rows of each class have no spread
      row("length_spread", gaussianity.lengthSpread)
      row("gaussian_length_spread", gaussianity.gaussianLengthSpread)
    }
    try CSVWriter.write(["quantity", "value", "standard_error"], rows, to: &writer)
  }

  /// `spectrum.csv`: eigenvalues of the covariance within classes, rows scaled by class, largest
  /// first.
  static func writeSpectrum(_ anisotropy: Anisotropy, to writer: inout ByteWriter) throws {
    let rows = anisotropy.eigenvalues.reversed().enumerated().map { index, value in
      [CSVCell.whole(index + 1), .rounded(value), .rounded(anisotropy.edge)]
    }
    try CSVWriter.write(["index", "eigenvalue", "marchenko_pastur_edge"], rows, to: &writer)
  }

  /// `groups.csv`: a row for each group, with standard errors, as `inputs: {kind: file}` reads it:
  /// variances that all classes share, or columns for each. `[fit.classes]`
  static func write(_ groups: FittedGroups, to writer: inout ByteWriter) throws {
    let entries = groups.groups[0].signal.indices
    let directions = (0...entries.count).first { $0 * ($0 + 1) / 2 == entries.count } ?? 1
    let names =
      directions == 1
      ? ["signal"]
      : (1...directions).flatMap { p in (p...directions).map { "signal_\(p)_\($0)" } }
    let classes = groups.groups[0].variances.indices
    let variances = classes.isEmpty ? ["variance"] : classes.map { "variance_\($0 + 1)" }
    let columns =
      ["share"] + variances.flatMap { [$0, $0 + "_error"] } + names.map { $0 + "_error" } + names
    let rows = groups.groups.map { group in
      [CSVCell.number(group.share)]
        + (classes.isEmpty ? [group.variance] : group.variances).flatMap {
          [.number($0.value), .rounded($0.standardError)]
        } + group.signal.map { .rounded($0.standardError) } + group.signal.map { .number($0.value) }
    }
    try CSVWriter.write(columns, rows, to: &writer)
  }

  /// `stand-in.csv`: rows with the labels of `data`, six digits.
  static func write(
    _ rows: DenseMatrix, _ data: MeasuredData, to writer: inout ByteWriter
  ) throws {
    try writer.write((1...rows.columns).map { "x\($0)," }.joined() + "label\n")
    for i in 0..<rows.rows {
      let label = CSVWriter.inQuotes(data.classes[data.members[i]])
      try writer.write(rows[i].map { Number.short($0) + "," }.joined() + "\(label)\n")
    }
  }
}
