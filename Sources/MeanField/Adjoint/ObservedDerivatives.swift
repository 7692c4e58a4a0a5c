internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A sum of observables, as its derivatives by what the march knows. `[gradient.observables]`
struct ObservedDerivatives {
  /// By m_p(t) that the fields see, and C^a(t, t) of each site.
  private(set) var fields: [(overlaps: [Double], variances: [Double])]
  /// By loss, error and activity of the whole training set at each time.
  private(set) var training: [Training]
  /// By m_q(t) of each group, in components of its signal.
  private(set) var overlaps: [[[Double]]]
  /// By C(t, t) of each group.
  private(set) var norms: [[Double]]
  /// By the mean square change since the start at each time, of each group.
  private(set) var displacements: [[Double]]
  /// By the mean square change of each step, of each group.
  private(set) var squares: [[Double]]
  /// By p_t, in what is written.
  private(set) var densities: [Double]
  /// By b_t, in what is presented.
  private(set) var samples: [Double]

  /// Whether it has what is known of full batches only.
  let needsFullBatches: Bool
  /// Whether it has what is known without a weight mask only.
  let needsAllWeights: Bool

  private let march: ClosedMarch
  private let changes: [[Double]]  // mean squares of each step, where lengths are asked for

  /// Derivatives by averages over the training set.
  struct Training {
    var loss = 0.0
    var error = 0.0
    var activity = 0.0

    var isZero: Bool { loss == 0 && error == 0 && activity == 0 }
  }

  /// Throws `SolverError.unsupported` for an observable whose derivatives are not known, or a step
  /// that is not there.
  init(_ sum: ObservedSum, _ march: ClosedMarch) throws {
    self.march = march
    let (steps, groups) = (march.dynamics.grid.steps, march.groups.count)
    let directions = march.dynamics.signalDirections
    func zeros(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in [Double](repeating: 0, count: groups) }
    }
    fields = (0...steps).map { _ in
      (
        [Double](repeating: 0, count: directions),
        [Double](repeating: 0, count: march.samples.count)
      )
    }
    training = (0...steps).map { _ in Training() }
    overlaps = (0...steps).map { _ in
      (0..<groups).map { _ in [Double](repeating: 0, count: directions) }
    }
    norms = zeros(steps + 1)
    displacements = zeros(steps + 1)
    squares = zeros(steps)
    densities = [Double](repeating: 0, count: steps)
    samples = densities
    func has(_ quantities: Set<Quantity>) -> Bool {
      sum.terms.contains { quantities.contains($0.observable.quantity) }
    }
    changes = has([.absoluteChange, .inefficiency]) ? march.squaredChanges : []
    needsFullBatches = has([.trainingError, .activity])
    needsAllWeights = has([.absoluteChange, .netChange, .inefficiency])
    for term in sum.terms {
      guard (0...steps).contains(term.step) else {
        throw SolverError.unsupported(
          what: "\(term.observable) at step \(term.step)", instead: "a step from 0 to \(steps)")
      }
      guard march.knows(term.observable) else {
        throw SolverError.unsupported(
          what: "the gradient of \(term.observable)",
          instead: march.known.map(\.name).joined(separator: ", "))
      }
      add(term)
    }
  }

  private mutating func add(_ term: ObservedSum.Term) {
    let (observable, t, c) = (term.observable, term.step, term.coefficient)
    switch observable.quantity {
    case .trainingLoss: training[t].loss += c
    case .trainingError: training[t].error += c
    case .activity: for s in 0..<t { training[s].activity += c }
    case .testLoss: addTest(t, c, loss: true)
    case .testError: addTest(t, c, loss: false)
    case .magnetisation:
      let p = observable.indices.last ?? 0
      for (g, share) in march.shares(observable) {
        let row = march.groups[g].root[p]
        for q in row.indices { overlaps[t][g][q] += c * share * row[q] }
      }
    case .norm: for (g, share) in march.shares(observable) { norms[t][g] += c * share }
    case .writes:
      // Groups have the same switches.
      for s in 0..<t { densities[s] += c }
    case .samplesUsed: for s in 0..<t { samples[s] += c }
    case .squaredChange:
      for (g, share) in march.shares(observable) {
        for s in 0..<t { squares[s][g] += c * share }
      }
    case .absoluteChange: addAbsolute(observable, t, c)
    case .netChange: addNet(t, c)
    default:
      // Absolute over net change.
      let (absolute, net) = (
        march.value(.absoluteChange, at: t), march.value(.netChange, at: t)
      )
      guard net > 0 else { return }
      addAbsolute(observable, t, c / net)
      addNet(t, -c * absolute / (net * net))
    }
  }

  /// E|Δw| = √(2/π E[Δw²]) of each step; of inputs that are mixtures of all axes, with the mean
  /// square of these.
  private mutating func addAbsolute(_ observable: Observable, _ t: Int, _ c: Double) {
    for s in 0..<t {
      for (weight, part) in parts(observable) {
        let square = part.reduce(0) { $0 + $1.share * changes[s][$1.group] }
        guard square > 0 else { continue }
        for (group, share) in part {
          squares[s][group] += c * weight * share / (2 * .pi * square).squareRoot()
        }
      }
    }
  }

  /// The same of the change since the start.
  private mutating func addNet(_ t: Int, _ c: Double) {
    for (weight, part) in parts(.netChange) {
      let square = part.reduce(0) { $0 + $1.share * march.displacement($1.group, at: t) }
      guard square > 0 else { continue }
      for (group, share) in part {
        displacements[t][group] += c * weight * share / (2 * .pi * square).squareRoot()
      }
    }
  }

  /// Weights whose changes are Gaussian together, with their share of an observable: those of each
  /// group, or mixtures of all of them.
  private func parts(
    _ observable: Observable
  ) -> [(weight: Double, part: [(group: Int, share: Double)])] {
    let shares = march.shares(observable)
    return march.mixes ? [(1, shares)] : shares.map { ($0.share, [($0.group, 1)]) }
  }

  /// Loss and error of a fresh sample. `[observable.testloss]` `[observable.testerror]`
  private mutating func addTest(_ t: Int, _ c: Double, loss: Bool) {
    for (a, cluster) in march.dynamics.data.clusters.enumerated() where cluster.probability > 0 {
      let site = march.site(ofCluster: a)
      let present = march.samples[site].present(at: t)
      let mean = cluster.mean(march.seenOverlaps(at: t)[...])
      let deviation = (cluster.variance * present.variance).squareRoot()
      let weight = c * cluster.probability
      let (byMean, bySquare) =
        loss
        ? (mean - cluster.label, 0.5)
        : Self.error(mean: mean, deviation: deviation, label: cluster.label)
      DenseVector.add(weight * byMean, cluster.centre, to: &fields[t].overlaps)
      fields[t].variances[site] += weight * bySquare * cluster.variance
    }
  }

  /// The derivatives of P(y h < 0), h normal, by mean and variance; 0 where h does not vary.
  static func error(
    mean: Double, deviation: Double, label: Double
  ) -> (byMean: Double, bySquare: Double) {
    guard deviation > 0 else { return (0, 0) }
    let slope = label * NormalDistribution.density(mean / deviation) / deviation
    return (-slope, slope * mean / (2 * deviation * deviation))
  }
}

extension ObservedDerivatives {
  /// The derivatives by the mean square error and the mean error of each part of a site, at a time
  /// at which all samples are looked at; error and activity of fields that are Gaussian, as those
  /// of full batches. `[observable.training]`
  static func ofSite(
    _ training: Training, _ site: ClosedSampleSite, _ moments: SquareLossMoments
  ) -> (square: Double, overlap: [Double]) {
    var square = 0.5 * training.loss
    var overlap = site.parts.map { _ in 0.0 }
    guard training.error != 0 || training.activity != 0 else { return (square, overlap) }
    var spread = moments.square
    for (part, mean) in zip(site.parts, moments.overlap) {
      spread -= part.probability * mean * mean
    }
    guard spread > 0 else { return (square, overlap) }
    let deviation = spread.squareRoot()
    var bySpread = 0.0
    for (a, part) in site.parts.enumerated() {
      let field = part.label + moments.overlap[a]
      let error = error(mean: field, deviation: deviation, label: part.label)
      let x = field / deviation
      let size = 1 - 2 * NormalDistribution.cumulative(-x)
      overlap[a] += part.probability * (training.error * error.byMean + training.activity * size)
      bySpread +=
        part.probability
        * (training.error * error.bySquare
          + training.activity * NormalDistribution.density(x) / deviation)
    }
    square += bySpread
    for (a, part) in site.parts.enumerated() {
      overlap[a] -= 2 * part.probability * moments.overlap[a] * bySpread
    }
    return (square, overlap)
  }
}
