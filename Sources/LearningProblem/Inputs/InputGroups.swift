internal import NumericalKit

/// Inputs in groups of equal variance and signal. `[inputs.model]`
public struct InputGroups: Sendable, Equatable {
  /// What the groups are groups of.
  public enum Basis: String, Sendable, CaseIterable {
    /// Inputs: masks and rules act within the groups.
    case inputs
    /// Principal axes in a generic direction: every input is a mixture of all of them.
    case axes
  }

  /// Inputs, or axes, of one variance.
  public struct Group: Sendable, Equatable {
    /// ρ > 0, the fraction of the inputs.
    public let share: Double
    /// f > 0: the inputs of cluster a have the variance Δ_a f; the mean Σ π_a f_a where clusters
    /// differ in shape.
    public let variance: Double
    /// f_a > 0 of each cluster; empty where all clusters share f. `[inputs.clusters]`
    public let variances: [Double]
    /// T_pq = E[v_p v_q], P rows of P.
    public let signal: [[Double]]
    /// L, P rows of P, lower triangular, with T = L Lᵀ: v = L ε with independent ε. `[inputs.root]`
    public let root: [[Double]]
    /// L', what the inputs contain of ε along the signal, P rows of P: L, or f L/τ with a teacher,
    /// τ² = Σ ρ f T. `[inputs.teacher]`
    public fileprivate(set) var inputRoot: [[Double]]

    /// f_a, relative to Δ_a.
    public func variance(ofCluster a: Int) -> Double {
      variances.isEmpty ? variance : variances[a]
    }

    /// m_kp = Σ_q E[w_k ε_q] L_pq, from E[w_k ε_q], K rows of P. `[inputs.root]`
    public func overlaps(_ components: [[Double]]) -> [[Double]] {
      Self.overlaps(components, root)
    }

    /// What the fields see of them. `[inputs.sample]` `[inputs.teacher]`
    public func seenOverlaps(_ components: [[Double]]) -> [[Double]] {
      Self.overlaps(components, inputRoot)
    }

    private static func overlaps(_ components: [[Double]], _ root: [[Double]]) -> [[Double]] {
      components.map { row in
        root.map { loadings in zip(row, loadings).reduce(0) { $0 + $1.0 * $1.1 } }
      }
    }

    /// Coefficients of ε in weights that start with `overlaps` times v, K rows of P.
    /// `[inputs.root]`
    public func start(_ overlaps: [[Double]]) -> [[Double]] { Self.components(overlaps, root) }

    /// Coefficients of ε in a gradient with `drives` times the signal of the inputs, K rows of P.
    /// `[inputs.root]`
    public func drives(_ drives: [[Double]]) -> [[Double]] { Self.components(drives, inputRoot) }

    private static func components(_ rows: [[Double]], _ root: [[Double]]) -> [[Double]] {
      rows.map { row in
        root.indices.map { q in
          row.indices.reduce(0) { $0 + row[$1] * root[$1][q] }
        }
      }
    }
  }

  /// The groups, with shares that sum to 1.
  public private(set) var groups: [Group]
  /// What they are groups of.
  public let basis: Basis

  /// The most groups.
  public static let most = 1000
  /// How far sums may be from 1, where the entries have few digits.
  private static let rounding = 1e-6

  /// Checks the groups, and makes sums that are 1 in the digits given exactly 1.
  ///
  /// - Parameters:
  ///   - shares: ρ > 0, one per group.
  ///   - variances: f > 0: one row over the groups that all clusters share, or a row for each
  ///     cluster.
  ///   - signal: for P directions one row over the groups that counts for all of them, or P rows,
  ///     or P (P+1)/2 of the entries T_11, T_12 ... T_22 ...
  ///   - basis: what they are groups of.
  ///   - directions: P.
  ///   - probabilities: π of each cluster.
  /// - Throws: a `Mismatch` about `shares`, `variances` or `signal`.
  public init(
    shares: [Double], variances: [[Double]], signal: [[Double]], basis: Basis = .inputs,
    directions: Int = 1, probabilities: [Double] = [1]
  ) throws(Mismatch) {
    let total = shares.reduce(0, +)
    guard (1...Self.most).contains(shares.count) else {
      throw Mismatch(
        "shares", found: "\(shares.count) groups", allowed: "from 1 to \(Self.most) groups")
    }
    guard shares.allSatisfy({ $0 > 0 }), abs(total - 1) <= Self.rounding else {
      throw Mismatch(
        "shares", found: "\(shares), which sum to \(total)",
        allowed: "numbers > 0 that sum to 1")
    }
    let variances = try Self.variances(
      variances, groups: shares.count, clusters: probabilities.count)
    let shares = shares.map { $0 / total }
    let matrices = try Self.matrices(signal, shares: shares, directions: directions)
    self.basis = basis
    var groups = [Group]()
    for (index, matrix) in matrices.enumerated() {
      guard let root = Self.root(matrix) else {
        throw Mismatch(
          "signal", found: "\(matrix) in group \(index + 1)",
          allowed: "mean squares and products of signals: positive semidefinite")
      }
      let own = variances.map { $0[index] }
      groups.append(
        Group(
          share: shares[index],
          variance: own.count == 1 ? own[0] : DenseVector.dot(probabilities, own),
          variances: own.count == 1 ? [] : own, signal: matrix, root: root, inputRoot: root))
    }
    self.groups = groups
  }

  /// Rows of f that are allowed: one, where all clusters have the same one, or a row for each
  /// cluster. `[inputs.clusters]`
  private static func variances(
    _ rows: [[Double]], groups: Int, clusters: Int
  ) throws(Mismatch) -> [[Double]] {
    guard rows.count == 1 || rows.count == clusters, rows.count <= most else {
      throw Mismatch(
        "variances", found: "\(rows.count) rows",
        allowed: clusters == 1
          ? "one row: the data have one cluster"
          : "one row that all clusters share"
            + (clusters <= most ? ", or \(clusters) rows, one for each cluster" : ""))
    }
    for row in rows where row.count != groups || !row.allSatisfy(Interval.positiveSquare.contains) {
      throw Mismatch(
        "variances", found: "\(row)",
        allowed: "numbers > 0, one for each of the \(groups) groups, relative to those of "
          + "the clusters")
    }
    return rows.allSatisfy { $0 == rows[0] } ? [rows[0]] : rows
  }

  /// All inputs as one group, with P = `directions` signal directions.
  public static func alike(directions: Int) -> InputGroups {
    let one = (0..<directions).map { p in (0..<directions).map { $0 == p ? 1.0 : 0 } }
    return InputGroups(
      groups: [
        Group(share: 1, variance: 1, variances: [], signal: one, root: one, inputRoot: one)
      ],
      basis: .inputs)
  }

  private init(groups: [Group], basis: Basis) {
    self.groups = groups
    self.basis = basis
  }

  /// Whether there is one group, of inputs that are as the clusters have them.
  public var isAlike: Bool { groups.count == 1 && groups[0].variance == 1 }

  /// Whether all clusters have the same f. `[inputs.clusters]`
  public var areShared: Bool { groups.allSatisfy(\.variances.isEmpty) }

  /// The same groups with a teacher, whose direction is part of the inputs and whose ν = v·x/(τ √d)
  /// has the variance 1. `[inputs.teacher]`
  func withTeacher() -> InputGroups {
    var copy = self
    let variance = groups.reduce(0) { $0 + $1.share * $1.variance * $1.signal[0][0] }
    for index in groups.indices {
      let scale = groups[index].variance / variance.squareRoot()
      copy.groups[index].inputRoot = groups[index].root.map { $0.map { scale * $0 } }
    }
    return copy
  }

  /// T of each group. `[inputs.model]`
  private static func matrices(
    _ signal: [[Double]], shares: [Double], directions: Int
  ) throws(Mismatch) -> [[[Double]]] {
    let entries = directions * (directions + 1) / 2
    guard signal.allSatisfy({ $0.count == shares.count }),
      [1, directions, entries].contains(signal.count)
    else {
      throw Mismatch(
        "signal", found: "rows of \(signal.map(\.count)) numbers",
        allowed: "one number for each of the \(shares.count) groups"
          + (directions == 1
            ? ""
            : ", or \(directions) rows of them, one per signal direction, or \(entries) rows of "
              + "the products 11, 12 ... \(directions)\(directions)"))
    }
    var rows = [[Int]]()  // the row of entry (p, q), or -1
    for p in 0..<directions {
      rows.append(
        (0..<directions).map { q in
          let (a, b) = (min(p, q), max(p, q))
          if signal.count == entries { return a * directions - a * (a - 1) / 2 + b - a }
          return p == q ? (signal.count == 1 ? 0 : p) : -1
        })
    }
    for p in 0..<directions {
      for q in p..<directions where rows[p][q] >= 0 {
        let sum = zip(shares, signal[rows[p][q]]).reduce(0) { $0 + $1.0 * $1.1 }
        guard abs(sum - (p == q ? 1 : 0)) <= rounding else {
          throw Mismatch(
            "signal",
            found: "share x signal that sums to \(sum)"
              + (directions == 1 ? "" : " for directions \(p + 1), \(q + 1)"),
            allowed: "numbers whose sum over the groups, times the shares, is \(p == q ? 1 : 0)")
        }
      }
    }
    return shares.indices.map { g in
      rows.map { row in row.map { $0 < 0 ? 0 : signal[$0][g] } }
    }
  }

  /// L with T = L Lᵀ; nil unless T is positive semidefinite.
  private static func root(_ matrix: [[Double]]) -> [[Double]]? {
    let size = matrix.indices
    var root = matrix.map { $0.map { _ in 0.0 } }
    for p in size {
      for q in 0...p {
        let rest = (0..<q).reduce(matrix[p][q]) { $0 - root[p][$1] * root[q][$1] }
        let tiny = 1e-12 * (matrix[p][p] * matrix[q][q]).squareRoot()
        if p == q {
          guard rest >= -tiny else { return nil }
          root[p][p] = rest > tiny ? rest.squareRoot() : 0
        } else if root[q][q] > 0 {
          root[p][q] = rest / root[q][q]
        } else {
          guard abs(rest) <= tiny else { return nil }
        }
      }
    }
    return root
  }

  /// Σ ρ A over rows of numbers A of each group: a mean over all weights.
  public func mean(_ rows: [[[Double]]]) -> [[Double]] {
    sum(zip(groups, rows).map { ($0.share, $1) })
  }

  /// Σ ρ f A: what fields see of the weights. `[inputs.sample]`
  public func seen(_ rows: [[[Double]]]) -> [[Double]] {
    sum(zip(groups, rows).map { ($0.share * $0.variance, $1) })
  }

  /// Σ ρ f_a A: what fields of cluster a see of the weights. `[inputs.clusters]`
  public func seen(_ rows: [[[Double]]], byCluster a: Int) -> [[Double]] {
    sum(zip(groups, rows).map { ($0.share * $0.variance(ofCluster: a), $1) })
  }

  private func sum(_ parts: [(weight: Double, rows: [[Double]])]) -> [[Double]] {
    var sum = parts[0].rows.map { $0.map { _ in 0.0 } }
    for (weight, rows) in parts {
      for (index, row) in rows.enumerated() { DenseVector.add(weight, row, to: &sum[index]) }
    }
    return sum
  }

  /// The largest f of all clusters.
  public var largestVariance: Double {
    groups.reduce(0) { max($0, $1.variances.max() ?? $1.variance) }
  }

  /// Σ ρ f, the mean variance.
  public var meanVariance: Double { groups.reduce(0) { $0 + $1.share * $1.variance } }

  /// How many of `count` things each group gets: shares rounded to whole numbers by the largest
  /// remainders, so that they add up. `[inputs.shares]`
  public func counts(of count: Int) -> [Int] {
    let exact = groups.map { $0.share * Double(count) }
    // Products such as 0.1 + 0.2 must not move a whole number.
    var counts = exact.map { Int(($0 + 1e-9).rounded(.down)) }
    let order = exact.indices.sorted {
      (exact[$1] - Double(counts[$1]), $0) < (exact[$0] - Double(counts[$0]), $1)
    }
    for index in order.prefix(max(0, count - counts.reduce(0, +))) { counts[index] += 1 }
    return counts
  }
}
