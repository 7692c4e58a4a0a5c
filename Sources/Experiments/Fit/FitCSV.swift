internal import DataFitting
internal import LearningProblem
internal import NumericalKit
internal import Observables

/// The tables of `dmft fit`.
enum FitCSV {
  /// `fit.csv`: everything the report says, as `quantity,value,standard_error`.
  static func write(_ fit: MixtureFit, to writer: inout ByteWriter) throws {
    try writer.write("quantity,value,standard_error\n")
    func row(_ name: String, _ value: Double, _ error: Double = 0) throws {
      try writer.write("\(name),\(Number.csv(value)),\(Number.csv(error))\n")
    }
    func row(_ name: String, _ estimate: Estimate) throws {
      try row(name, estimate.value, estimate.standardError)
    }
    try row("rows", Double(fit.data.count))
    try row("dimension", Double(fit.data.dimension))
    for (name, estimate) in zip(fit.data.classes, fit.probabilities) {
      try row("probability_\(name)", estimate)
    }
    try row("distance", fit.distance)
    try row("distance_of_sample_means", fit.rawDistance)
    for (name, estimate) in zip(fit.data.classes, fit.variances) {
      try row("variance_\(name)", estimate)
    }
    let (anisotropy, gaussianity) = (fit.anisotropy, fit.gaussianity)
    try row("participation_ratio", anisotropy.participationRatio)
    try row("participation_ratio_of_sample", anisotropy.rawParticipationRatio)
    try row("sphericity", anisotropy.sphericity)
    try row("class_sphericity", anisotropy.classSphericity)
    try row("largest_eigenvalue", anisotropy.eigenvalues.last ?? .nan)
    try row("edge", anisotropy.edge)
    try row("eigenvalues_above_edge", Double(anisotropy.countAboveEdge))
    try row("class_difference", anisotropy.classDifference)
    try row("kurtosis", gaussianity.kurtosis)
    try row("signal_kurtosis", gaussianity.signalKurtosis)
    try row("length_spread", gaussianity.lengthSpread)
    try row("gaussian_length_spread", gaussianity.gaussianLengthSpread)
  }

  /// `spectrum.csv`: eigenvalues of the covariance within classes, rows scaled by class, largest first.
  static func writeSpectrum(_ anisotropy: Anisotropy, to writer: inout ByteWriter) throws {
    try writer.write("index,eigenvalue,marchenko_pastur_edge\n")
    for (index, value) in anisotropy.eigenvalues.reversed().enumerated() {
      try writer.write("\(index + 1),\(Number.csv(value)),\(Number.csv(anisotropy.edge))\n")
    }
  }

  /// `stand-in.csv`: rows with the labels of `data`, six digits.
  static func write(
    _ rows: DenseMatrix, _ data: MeasuredData, to writer: inout ByteWriter
  ) throws {
    try writer.write((1...rows.columns).map { "x\($0)," }.joined() + "label\n")
    for i in 0..<rows.rows {
      let label = data.classes[data.members[i]]
      let text = label.replacing("\"", with: "\"\"")
      try writer.write(rows[i].map { Number.short($0) + "," }.joined() + "\"\(text)\"\n")
    }
  }
}
