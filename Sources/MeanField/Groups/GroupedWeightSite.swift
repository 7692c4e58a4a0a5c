internal import LearningProblem
internal import NumericalKit
internal import Observables

/// One weight site for each group of inputs, which together are one. `[inputs.weight]`
///
/// A group of variance f gets f S and f χ, or Σ f_a S^a and Σ f_a χ^a `[inputs.clusters]`, and the
/// components ε of its signal as independent signals of their own `[inputs.root]`: its site is an
/// ordinary one. The fields see means of m, and of f C and f R, over all groups `[inputs.sample]`.
/// Groups tell each other what their steps depend on. Cost: that of the ordinary sites.
struct GroupedWeightSite: WeightSite {
  private struct Member: Sendable {
    var site: any GroupSite
    var history: GroupHistory
    var power: [[Double]] = []
    var scores: CompetingScores?
    var spent = WeightValues()

    var group: InputGroups.Group { history.group }
  }

  private let dynamics: Dynamics
  private let inputs: InputGroups
  private var members: [Member]
  private let parallel: ParallelFor
  /// What is known of changes of inputs that are mixtures of all axes. `[inputs.axes]`
  private let mixes: Bool

  /// - Parameters:
  ///   - rows: the most rows of the past.
  ///   - parallel: over the groups.
  ///   - site: the ordinary site of the weights of a group, given its dynamics and number.
  init(
    _ dynamics: Dynamics, _ inputs: InputGroups, rows: Int, parallel: ParallelFor,
    site: (Dynamics, Int) -> any GroupSite
  ) {
    self.dynamics = dynamics
    self.inputs = inputs
    self.parallel = parallel
    mixes = inputs.basis == .axes
    members = inputs.groups.enumerated().map { number, group in
      let own = dynamics.within(group)
      return Member(
        site: site(own, number),
        history: GroupHistory(
          group: group, weights: WeightKernels(own, rows: rows),
          samples: SampleKernels(own, rows: rows),
          energy: inputs.basis == .axes ? [] : [.zero(dynamics.rule.update)]))
    }
  }

  mutating func advance(_ weights: inout WeightKernels, _ samples: SampleKernels) -> WeightValues {
    let t = weights.time
    let row = SampleRow(lastOf: samples)
    parallel.update(&members) { _, member in
      member.history.samples.append(row.of(member.group))
      member.power = member.site.prepare(member.history.weights, member.history.samples)
    }
    let power = inputs.mean(members.map(\.power))
    for index in members.indices {
      members[index].scores = members[index].site.choose(power, step: t)
    }
    let threshold = threshold
    parallel.update(&members) { _, member in
      let samples = member.history.samples
      member.spent = member.site.finish(&member.history.weights, samples, threshold: threshold)
      member.history.weights.finishStep()
    }
    let changes = changes
    for index in members.indices where !mixes {
      var spent = members[index].history.energy[t]
      spent.advance(by: members[index].spent)
      members[index].history.energy.append(spent)
    }
    combine(into: &weights)
    return changes
  }

  /// The score of the best loser among all weights; 0 without competition.
  private var threshold: Double {
    let scores = members.compactMap { member in
      member.scores.map {
        (scores: $0.values, weight: member.group.share / Double(max(1, $0.values.count)))
      }
    }
    guard let fraction = members[0].scores?.winningFraction else { return 0 }
    return Competition.threshold(scores, winningFraction: fraction)
  }

  /// What the step changed, over all weights, or inputs that have a part in all axes.
  /// `[inputs.axes]`
  private var changes: WeightValues {
    var mean = WeightValues.mean(zip(inputs.groups, members).map { ($0.share, $1.spent) })
    guard mixes else { return mean }
    // Means of squares and of switches are what they are; of lengths they are not.
    mean = mean.ofSquares
    let known = members.compactMap(\.site.known)
    guard known.count == members.count, known[0].step.allSatisfy(\.isGaussian) else {
      return mean
    }
    func mixed(_ changes: (KnownStep) -> [KnownChanges]) -> [KnownChanges] {
      var sum = changes(known[0])
      for k in sum.indices {
        sum[k].square = zip(inputs.groups, known).reduce(0) {
          $0 + $1.0.share * changes($1.1)[k].square
        }
      }
      return sum
    }
    return KnownStep(step: mixed(\.step), sinceStart: mixed(\.sinceStart)).values
  }

  /// The next row of what the fields see. `[inputs.sample]`
  private func combine(into weights: inout WeightKernels) {
    let kernels = members.map(\.history.weights)
    let units = dynamics.hiddenUnits
    func last(_ kernel: TwoTimeKernel) -> [[Double]] {
      (0..<units).map { k in
        Array(kernel.row(kernel.count - units + k, width: kernel.count))
      }
    }
    let (correlations, responses) = (
      kernels.map { last($0.correlation) }, kernels.map { last($0.response) }
    )
    weights.correlation.append(inputs.seen(correlations))
    weights.response.append(inputs.seen(responses))
    let now = kernels[0].time
    weights.magnetisation.append(
      inputs.mean(members.map { $0.group.seenOverlaps($0.history.weights.states[now].overlaps) }))
    weights.learning.append(kernels[0].learning[kernels[0].learning.count - 1])
    for a in weights.clusters.indices {
      weights.clusters[a].correlation.append(inputs.seen(correlations, byCluster: a))
      weights.clusters[a].response.append(inputs.seen(responses, byCluster: a))
      weights.clusters[a].magnetisation.append(
        weights.magnetisation[weights.magnetisation.count - 1])
    }
    let own = inputs.mean(kernels.map { [$0.covariance] })[0]
    weights.own = (inputs.mean(members.map { $0.history.overlaps(at: now) }), own)
  }

  mutating func merge(_ merges: [RowMerge]) {
    for index in members.indices {
      for merge in merges {
        members[index].history.weights.merge(merge)
        members[index].history.samples.merge(merge)
      }
      members[index].site.merge(merges)
    }
  }

  func signals(_ weights: WeightKernels) -> [[Double]] {
    members.flatMap { $0.history.weights.signals }
  }

  var groups: [GroupHistory] { members.map(\.history) }

  var histogram: WeightHistogram? { nil }
}

extension GroupHistory {
  /// m_kp of the group at a time. `[inputs.root]`
  func overlaps(at time: Int) -> [[Double]] { group.overlaps(weights.states[time].overlaps) }
}

extension SampleRow {
  /// The last row of kernels.
  fileprivate init(lastOf samples: SampleKernels) {
    func last(_ kernel: TwoTimeKernel) -> [[Double]] {
      (0..<kernel.units).map { k in
        Array(kernel.row(kernel.count - kernel.units + k, width: kernel.count))
      }
    }
    self.init(
      drive: samples.drive[samples.drive.count - 1], covariance: last(samples.covariance),
      response: last(samples.response), parts: samples.parts)
  }

  /// What a group gets of it. `[inputs.weight]` `[inputs.clusters]` `[inputs.root]`
  fileprivate func of(_ group: InputGroups.Group) -> SampleRow {
    let drive = group.drives(drive)
    guard !parts.isEmpty else {
      return SampleRow(
        drive: drive, covariance: group.variance * covariance, response: group.variance * response)
    }
    return SampleRow(
      drive: drive,
      covariance: .sum(parts.map { group.variance(ofCluster: $0.cluster) * $0.row.covariance }),
      response: .sum(parts.map { group.variance(ofCluster: $0.cluster) * $0.row.response }))
  }
}
