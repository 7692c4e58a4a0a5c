internal import LearningProblem
internal import NumericalKit

/// The inputs of test samples, as far as a network looks at them.
protocol TestInputs: Sendable {
  /// |x_μ|²/d.
  var meanSquares: [Double] { get }
  /// h_kμ = w_k·x_μ/√d, a row over the samples for each hidden unit.
  mutating func fields(of weights: Weights) -> [[Double]]
}

/// Test rows of real data. `[fit.split]`
struct MeasuredInputs: TestInputs {
  let rows: TrainingSet

  var meanSquares: [Double] { rows.meanSquares }

  func fields(of weights: Weights) -> [[Double]] {
    let scale = 1 / Double(weights.dimension).squareRoot()
    let count = rows.labels.count
    var products = [Float](repeating: 0, count: (count + 7) / 8 * 8)
    return (0..<weights.units).map { k in
      rows.inputs.multiply(rows: Array(0..<count)[...], by: weights.unit(k), into: &products, at: 0)
      return products[..<count].map { scale * Double($0) }
    }
  }
}

/// Fresh samples of clusters that differ in shape, each cluster drawn by itself.
/// `[inputs.clusters]`
struct ClusteredInputs: TestInputs {
  /// Not known: weight noise, which would ask for them, has no inputs in groups.
  let meanSquares: [Double] = []
  private let count: Int
  private var parts: [(members: [Int], inputs: ModelInputs)] = []

  /// Samples of the clusters `members` about the signals of a run.
  init(_ plan: RunPlan, members: [Int], signals: [[Double]]) {
    count = members.count
    for a in plan.dynamics.data.clusters.indices {
      let own = members.indices.filter { members[$0] == a }
      guard !own.isEmpty else { continue }
      let inputs = ModelInputs(
        plan.dynamics.data.clusters, plan.layout.scales, members: own.map { _ in a },
        signals: signals, knowsLengths: false, stream: plan.stream(.testSamples, cluster: a))
      parts.append((own, inputs))
    }
  }

  mutating func fields(of weights: Weights) -> [[Double]] {
    var fields = (0..<weights.units).map { _ in [Double](repeating: 0, count: count) }
    for index in parts.indices {
      for (k, row) in parts[index].inputs.fields(of: weights).enumerated() {
        for (sample, value) in zip(parts[index].members, row) { fields[k][sample] = value }
      }
    }
    return fields
  }
}

/// Fresh samples of a model, x_μ = c_a + √(Δ_a f) z_μ with c_a = (1/√d) Σ_p B_ap v_p.
/// `[observable.fresh]`
///
/// They have one f: that of all clusters, or they are of one cluster. z_μ is drawn as far as
/// weights look at it. Costs 2 n' r operations per hidden unit with n' samples and r weight vectors
/// seen so far, see `DeferredNormals`.
struct ModelInputs: TestInputs {
  let meanSquares: [Double]
  private let clusters: [Cluster]
  private let members: [Int]
  private let signals: [[Double]]
  private var normals: DeferredNormals
  private let scales: InputScales

  /// Samples of the clusters `members` about `signals`; `meanSquares` is empty unless asked for.
  init(
    _ clusters: [Cluster], _ scales: InputScales, members: [Int], signals: [[Double]],
    knowsLengths: Bool, stream: RandomStream
  ) {
    precondition(!knowsLengths || scales.rows.isEmpty, "lengths of inputs that differ")
    self.scales = scales
    self.clusters = clusters
    self.members = members
    self.signals = signals
    let d = signals[0].count
    var normals = DeferredNormals(
      count: members.count, dimension: d, knowsLengths: knowsLengths, stream: stream)
    var squares = normals.squaredLengths ?? []
    for (a, cluster) in clusters.enumerated() where knowsLengths {
      let centre = (0..<d).map { j in
        zip(cluster.centre, signals).reduce(0) { $0 + $1.0 * $1.1[j] } / Double(d).squareRoot()
      }
      let along = normals.products(with: centre)
      let square = DenseVector.dot(centre, centre)
      for (sample, member) in members.enumerated() where member == a {
        squares[sample] =
          square + 2 * cluster.variance.squareRoot() * along[sample]
          + cluster.variance * squares[sample]
      }
    }
    meanSquares = squares.map { $0 / Double(d) }
    self.normals = normals
  }

  /// z_μ·√f v_1/|√f v_1|, what a teacher answers to.
  mutating func teacherSignals() -> [Double] {
    let direction = scales.scaled(signals[0], inCluster: 0)
    let scale = 1 / scales.length(signals[0])
    return normals.products(with: direction).map { scale * $0 }
  }

  mutating func fields(of weights: Weights) -> [[Double]] {
    let overlaps = weights.overlaps(with: signals)
    let root = Double(weights.dimension).squareRoot()
    return (0..<weights.units).map { k in
      let means = clusters.map { $0.mean(overlaps[k][...]) }
      let deviations = clusters.map { $0.variance.squareRoot() / root }
      let products = normals.products(
        with: scales.scaled(Array(weights.vector(k)), inCluster: members[0]))
      return zip(members, products).map { means[$0] + deviations[$0] * $1 }
    }
  }
}
