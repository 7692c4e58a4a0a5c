internal import Foundation
public import LearningProblem
internal import NumericalKit
public import Observables

/// The inputs of labelled rows in groups of variance and signal, those of the covariance that the
/// classes share, with variances of each class where classes differ in shape. `[fit.groups]`
/// `[fit.classes]`
///
/// The groups are of principal axes, or of the inputs themselves if these hardly correlate. Up to
/// 100 each is a group of its own; more are put into 100 bins. `[fit.bins]`
public struct FittedGroups: Sendable {
  /// Axes, or inputs, that count as alike.
  public struct Group: Sendable {
    /// The fraction of all inputs.
    public let share: Double
    /// f: relative to the mean over all inputs, which is that of the clusters.
    public let variance: Estimate
    /// f_a of each class, relative to its mean; empty where classes share f. `[fit.classes]`
    public let variances: [Estimate]
    /// T_11, T_12 ... T_22 ...; P (P + 1)/2 numbers whose means over all inputs are δ_pq.
    public let signal: [Estimate]
  }

  /// The groups, of largest variance first.
  public let groups: [Group]
  /// What they are groups of.
  public let basis: InputGroups.Basis
  /// The part of the trace that the largest variance has.
  public let largestShare: Double
  /// The part of Tr Σ² that lies off the diagonal, without that of sampling. `[fit.diagonal]`
  public let correlation: Double

  /// How far the classes are from one shape, in standard errors of classes that share it.
  /// `[fit.shapes]`
  public let shapeDifference: Double

  /// Classes that share their shape differ by less, but for about one file in a hundred.
  public static let criticalDifference = 2.5
  /// The most groups.
  public static let most = 100
  /// An axis with more of the trace wants an order parameter of its own.
  public static let largeShare = 0.2
  /// No group has less of the mean variance: a group of no variance at all is none.
  private static let leastVariance = 1e-9

  /// nil with no more degrees of freedom than inputs, when axes have no variance in the sample, and
  /// for whitened rows, which are alike. 4 c d³ operations, 18 d³ for axes, and 4 N d² for the
  /// kurtosis along these.
  init?(_ data: MeasuredData, _ residuals: DenseMatrix, _ classes: ClassCovariances) {
    let (d, nu) = (data.dimension, Double(classes.freedoms.reduce(0, +)))
    guard nu > Double(d), !data.preparation.whitens else { return nil }
    let mean = classes.pooled.trace / Double(d)
    let diagonal = (0..<d).map { classes.pooled[$0, $0] }
    let square = classes.pooledSquare
    correlation =
      (square - nu / (nu + 2) * diagonal.reduce(0) { $0 + $1 * $1 }) / square
    basis = correlation < 0.05 + 4 / nu ? .inputs : .axes

    let variances: [Double]
    let axes: DenseMatrix  // a row for each
    if basis == .inputs {
      variances = diagonal.map { $0 / mean }
      axes = DenseMatrix(
        rows: d, columns: d, values: (0..<d * d).map { $0 % (d + 1) == 0 ? 1 : 0 })
    } else {
      let principal = SymmetricEigenproblem(classes.pooled)
      axes = principal.vectors
      variances = Self.spread(
        principal.values.map { max($0, 0) / mean }, square: square / (mean * mean))
    }
    func found(along axes: DenseMatrix) -> ClassShapes {
      ClassShapes(residuals, members: data.members, classes, axes: axes)
    }
    let shapes = found(along: axes)
    let signal = AxisSignal(data, variances: shapes.measured, axes: axes)
    // Along the axes of rows that are not scaled a class of large variance decides.
    let scaledAxes = basis == .inputs ? axes : SymmetricEigenproblem(classes.scaled).vectors
    shapeDifference = found(along: scaledAxes).difference
    let ownRows =
      shapeDifference > Self.criticalDifference ? shapes.variances(shared: variances) : []
    largestShare = (variances.max() ?? 0) / Double(d)

    let order = variances.indices.sorted { (variances[$1], $0) < (variances[$0], $1) }
    let relative = (2 / nu).squareRoot()
    groups = Self.edges(d).map { bin in
      let members = order[bin]
      let count = Double(members.count)
      func average(_ values: [Double], _ errors: [Double]) -> Estimate {
        Estimate(
          members.reduce(0) { $0 + values[$1] } / count,
          standardError: members.reduce(0) { $0 + errors[$1] * errors[$1] }.squareRoot() / count)
      }
      func positive(_ values: [Double], relative: Double) -> Estimate {
        let variance = average(values, values.map { relative * $0 })
        return Estimate(
          max(variance.value, Self.leastVariance), standardError: variance.standardError)
      }
      return Group(
        share: count / Double(d),
        variance: positive(variances, relative: relative),
        variances: zip(ownRows, classes.freedoms).map { row, freedom in
          positive(row, relative: (2 / Double(freedom)).squareRoot())
        },
        signal: signal.values.indices.map { average(signal.values[$0], signal.errors[$0]) })
    }
  }

  /// As the problem file has them.
  public var model: GroupedInputs {
    GroupedInputs(
      shares: groups.map(\.share),
      variances: groups[0].variances.isEmpty
        ? [groups.map(\.variance.value)]
        : groups[0].variances.indices.map { a in groups.map { $0.variances[a].value } },
      signal: groups[0].signal.indices.map { entry in groups.map { $0.signal[entry].value } },
      basis: basis)
  }

  /// a s^κ with the mean of s, and the mean square that the true variances have: κ = 1 without
  /// sampling noise, 0 if noise alone spreads them. `[fit.power]`
  ///
  /// - Parameters:
  ///   - values: s >= 0 of mean 1, ascending.
  ///   - square: the sum of the squares of the true variances.
  private static func spread(_ values: [Double], square: Double) -> [Double] {
    let count = Double(values.count)
    let raised = { (power: Double) in
      let powers = values.map { pow(max($0, leastVariance), power) }
      let mean = powers.reduce(0, +) / count
      return powers.map { $0 / mean }
    }
    let squares = { (powers: [Double]) in powers.reduce(0) { $0 + $1 * $1 } }
    guard square > count else { return raised(0) }
    guard square < squares(raised(1)) else { return raised(1) }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if squares(raised(middle)) < square { low = middle } else { high = middle }
    }
    return raised(0.5 * (low + high))
  }

  /// Ranks of the groups, the largest alone and the smallest many. `[fit.bins]`
  private static func edges(_ d: Int) -> [Range<Int>] {
    guard d > most else { return (0..<d).map { $0..<$0 + 1 } }
    let edges = (0...most).map { k in
      k + Int((Double(d - most) * pow(Double(k) / Double(most), 4)).rounded())
    }
    return zip(edges, edges.dropFirst()).map { $0..<$1 }
  }
}
