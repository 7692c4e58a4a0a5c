import LearningProblem
import NumericalKit
import TestSupport

/// What a group of inputs is and has cost, per weight.
struct NaiveGroup {
  var overlaps: [[Double]] = []
  var covariance: [[Double]] = []
  var writes = 0.0
  var absoluteChange = 0.0
}

/// Groups of inputs, one behind the other, and the directions of axes as a dense matrix.
struct NaiveAxes {
  private let matrix: [[Double]]?  // rows are coordinates, columns inputs
  private var groupOf: [Int] = []
  private var counts: [Int] = []

  init(_ problem: Setup, dimension d: Int, stream: RandomStream) {
    guard let groups = problem.dynamics.groups else {
      matrix = nil
      return
    }
    // Largest remainders.
    let exact = groups.groups.map { $0.share * Double(d) }
    var counts = exact.map { Int($0 + 1e-9) }
    while counts.reduce(0, +) < d {
      let rest = exact.indices.map { [counts] in exact[$0] - Double(counts[$0]) }
      counts[rest.firstIndex(of: rest.max() ?? 0) ?? 0] += 1
    }
    self.counts = counts
    groupOf = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    var stream = stream
    guard groups.basis == .axes else {
      matrix = nil
      return
    }
    let rotation = RandomRotation(dimension: d, stream: &stream)
    let columns = (0..<d).map { j in rotation.applied(to: (0..<d).map { $0 == j ? 1.0 : 0 }) }
    matrix = (0..<d).map { i in columns.map { $0[i] } }
  }

  /// Qᵀ x.
  func inputs(_ coordinates: [Double]) -> [Double] {
    guard let matrix else { return coordinates }
    return coordinates.indices.map { j in
      coordinates.indices.reduce(0) { $0 + matrix[$1][j] * coordinates[$1] }
    }
  }

  /// Q x.
  func coordinates(_ inputs: [Double]) -> [Double] {
    matrix.map { rows in rows.map { dot($0, inputs) } } ?? inputs
  }

  func measure(_ groups: inout [NaiveGroup], _ w: [[Double]], _ signals: [[Double]]) {
    if groups.isEmpty { groups = counts.map { _ in NaiveGroup() } }
    for g in groups.indices {
      func mean(_ x: [Double], _ y: [Double]) -> Double {
        x.indices.reduce(0) { groupOf[$1] == g ? $0 + x[$1] * y[$1] : $0 } / Double(counts[g])
      }
      groups[g].overlaps = w.map { unit in signals.map { mean(unit, $0) } }
      groups[g].covariance = w.map { unit in w.map { mean(unit, $0) } }
    }
  }

  func count(_ written: Double, of input: Int, units: Int, in groups: inout [NaiveGroup]) {
    guard !groups.isEmpty, written != 0 else { return }
    let g = groupOf[input]
    groups[g].writes += 1 / Double(units * counts[g])
    groups[g].absoluteChange += abs(written) / Double(units * counts[g])
  }
}
