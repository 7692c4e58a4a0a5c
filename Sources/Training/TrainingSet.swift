internal import LearningProblem
public import NumericalKit

/// The n = round(α d) samples of one run and the signal directions behind them. `[problem.data]`
///
/// x_μ = (1/√d) Σ_p B_ap v_p + √(Δ_a f) z_μ, over coordinates in which the covariance is diagonal,
/// f = 1 unless inputs differ `[inputs.model]`, f_a where clusters differ in shape
/// `[inputs.clusters]`. Clusters are drawn independently with probabilities
/// π_a: exact shares would make the finite-d fluctuations smaller than those of the model. A
/// teacher's direction has the length √d exactly, and ν = v·x/|√f v| ~ N(0, 1) in any dimension;
/// its labels are those of the inputs as they are, Floats, summed in Double. `[problem.teacher]`
public struct TrainingSet: Sendable {
  /// v_p, P vectors of d entries N(0, 1); of length √d for a teacher.
  public let signals: [[Double]]
  /// x_μ, n rows of d Floats.
  public let inputs: FloatMatrix
  /// y_μ.
  public let labels: [Double]
  /// Δ_a of each sample's cluster; 1 for a teacher.
  public let variances: [Double]

  /// The given rows of real data. `[fit.split]`
  init(_ data: MeasuredData, rows: [Int]) {
    signals = data.signals
    labels = rows.map { data.clusters[data.members[$0]].label }
    variances = rows.map { data.clusters[data.members[$0]].variance }
    inputs = FloatMatrix(rows: rows.count, columns: data.dimension) { row, values in
      let source = data.inputs[rows[row]]
      for j in 0..<data.dimension { values[j] = Float(source[source.startIndex + j]) }
    }
  }

  /// Draws the samples of a run from a model: about 5 ns per entry of the inputs.
  public init(_ plan: RunPlan) {
    var stream = plan.stream(.inputs)
    self.init(
      plan.dynamics, plan.layout.scales, signals: Self.signals(plan),
      count: plan.dynamics.problem.samples(dimension: plan.dimension), stream: &stream)
  }

  /// v_p of a run.
  static func signals(_ plan: RunPlan) -> [[Double]] {
    var stream = plan.stream(.signal)
    var signals: [[Double]] = []
    for _ in 0..<plan.dynamics.signalDirections {
      signals.append((0..<plan.dimension).map { _ in stream.normal() })
    }
    signals = plan.layout.signals(signals)
    return plan.dynamics.data.teacher == nil ? signals : signals.map(ofLengthRoot)
  }

  /// Draws `count` samples about known signals from a stream that may draw others afterwards.
  init(
    _ dynamics: Dynamics, _ inputScales: InputScales, signals: [[Double]], count: Int,
    stream: inout RandomStream
  ) {
    let d = signals[0].count
    let clusters = dynamics.data.clusters
    let teacher = dynamics.data.teacher
    let members = Self.members(clusters, count: count, stream: &stream)
    let centres = clusters.map { cluster in
      (0..<d).map { j in
        var sum = 0.0
        for (b, v) in zip(cluster.centre, signals) { sum += b * v[j] }
        return Float(sum / Double(d).squareRoot())
      }
    }
    let deviations = clusters.map { Float($0.variance.squareRoot()) }
    let scales = clusters.indices.map { a in
      inputScales.values(ofCluster: a).map { Float($0) }
    }
    let length = inputScales.length(signals[0])
    let noise = (0..<(teacher == nil ? 0 : count)).map { _ in stream.normal() }
    var labels = members.map { clusters[$0].label }
    variances = members.map { clusters[$0].variance }
    inputs = FloatMatrix(rows: count, columns: d) { row, values in
      stream.fillNormals(&values)
      let (centre, deviation) = (centres[members[row]], deviations[members[row]])
      let scales = scales[members[row]]
      if scales.isEmpty {
        for j in 0..<d { values[j] = centre[j] + deviation * values[j] }
      } else {
        for j in 0..<d { values[j] = centre[j] + deviation * scales[j] * values[j] }
      }
      guard let teacher else { return }
      var signal = 0.0
      for j in 0..<d { signal += signals[0][j] * Double(values[j]) }
      labels[row] = teacher.label(signal: signal / length, noise: noise[row])
    }
    self.labels = labels
    self.signals = signals
  }

  /// The cluster of each of `count` samples, drawn independently with probabilities π_a.
  static func members(
    _ clusters: [Cluster], count: Int, stream: inout RandomStream
  ) -> [Int] {
    (0..<count).map { _ in cluster(clusters, at: stream.uniform()) }
  }

  /// |x_μ|²/d.
  var meanSquares: [Double] {
    labels.indices.map { row in
      inputs[row].reduce(0) { $0 + Double($1) * Double($1) } / Double(inputs.columns)
    }
  }

  /// v √d/|v|.
  private static func ofLengthRoot(_ v: [Double]) -> [Double] {
    let scale = (Double(v.count) / DenseVector.dot(v, v)).squareRoot()
    return v.map { scale * $0 }
  }

  /// The cluster whose share of [0, 1) holds `position`.
  private static func cluster(_ clusters: [Cluster], at position: Double) -> Int {
    var upper = 0.0
    for (index, cluster) in clusters.enumerated() {
      upper += cluster.probability
      if position < upper { return index }
    }
    return clusters.count - 1
  }
}
