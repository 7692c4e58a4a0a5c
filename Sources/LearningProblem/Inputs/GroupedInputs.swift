/// Inputs in groups that the problem file lists. `[inputs.model]`
public struct GroupedInputs: InputModel {
  public static let kind = "groups"
  public static let summary = "groups of inputs, or of principal axes, of different variances"
  public static let parameters = [sharesKey, variancesKey, signalKey, basisKey]
  static let sharesKey = Parameter(
    "shares", .numbers(.positive), "rho, fraction of the inputs in each group, summing to 1")
  static let variancesKey = Parameter(
    "variances", .listOrRows,
    "f > 0, variance of each group relative to that of the clusters: a row over the groups that "
      + "all clusters share, or a row for each cluster")
  static let signalKey = Parameter(
    "signal", .listOrRows,
    "T, mean square of the signal in each group, with sum of share x signal = 1 (default: 1): a "
      + "row over the groups, one for each signal direction, or one for each of their products 11, "
      + "12 ... 22 ...", optional: true)

  private let shares: [Double]
  private let variances: [[Double]]
  private let signal: [[Double]]
  private let basis: InputGroups.Basis

  /// Creates the model; see `InputGroups` for what is allowed.
  ///
  /// - Parameters:
  ///   - shares: of the inputs that are in each group; they sum to 1.
  ///   - variances: a row over the groups, or one for each cluster. `[inputs.clusters]`
  ///   - signal: rows over the groups; by default 1 in all groups.
  ///   - basis: whether weights are those of inputs or of axes.
  public init(
    shares: [Double], variances: [[Double]], signal: [[Double]]? = nil,
    basis: InputGroups.Basis = .inputs
  ) {
    self.shares = shares
    self.variances = variances
    self.signal = signal ?? [shares.map { _ in 1 }]
    self.basis = basis
  }

  /// The same with one row of variances that all clusters share.
  public init(
    shares: [Double], variances: [Double], signal: [[Double]]? = nil,
    basis: InputGroups.Basis = .inputs
  ) {
    self.init(shares: shares, variances: [variances], signal: signal, basis: basis)
  }

  public init(from section: Section) throws {
    self.init(
      shares: try section.numbers(Self.sharesKey),
      variances: try section.rows(Self.variancesKey),
      signal: section.has(Self.signalKey.name) ? try section.rows(Self.signalKey) : nil,
      basis: try Self.basis(section))
  }

  public func groups(
    directions: Int, probabilities: [Double]
  ) throws(Mismatch) -> InputGroups? {
    try InputGroups(
      shares: shares, variances: variances, signal: signal, basis: basis, directions: directions,
      probabilities: probabilities)
  }
}
