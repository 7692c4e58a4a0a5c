/// Inputs in groups that the problem file lists. `[inputs.model]`
public struct GroupedInputs: InputModel {
  public static let kind = "groups"
  public static let summary = "groups of inputs, or of principal axes, of different variances"
  public static let parameters = [sharesKey, variancesKey, signalKey, basisKey]
  static let sharesKey = Parameter(
    "shares", .numbers(.positive), "rho, fraction of the inputs in each group, summing to 1")
  static let variancesKey = Parameter(
    "variances", .numbers(.positiveSquare),
    "f, variance of each group relative to that of the clusters, which all share it")
  static let signalKey = Parameter(
    "signal", .listOrRows,
    "T, mean square of the signal in each group, with sum of share x signal = 1 (default: 1): a "
      + "row over the groups, one for each signal direction, or one for each of their products 11, "
      + "12 ... 22 ...", optional: true)

  private let shares: [Double]
  private let variances: [Double]
  private let signal: [[Double]]
  private let basis: InputGroups.Basis

  /// Creates the model; see `InputGroups` for what is allowed.
  ///
  /// - Parameter signal: rows over the groups; by default 1 in all groups.
  public init(
    shares: [Double], variances: [Double], signal: [[Double]]? = nil,
    basis: InputGroups.Basis = .inputs
  ) {
    self.shares = shares
    self.variances = variances
    self.signal = signal ?? [shares.map { _ in 1 }]
    self.basis = basis
  }

  public init(from section: Section) throws {
    self.init(
      shares: try section.numbers(Self.sharesKey),
      variances: try section.numbers(Self.variancesKey),
      signal: section.has(Self.signalKey.name) ? try section.rows(Self.signalKey) : nil,
      basis: try Self.basis(section))
  }

  public func groups(directions: Int) throws(Mismatch) -> InputGroups? {
    try InputGroups(
      shares: shares, variances: variances, signal: signal, basis: basis, directions: directions)
  }
}
