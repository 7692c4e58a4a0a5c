package import LearningProblem

/// The protocols among which the best one is looked for: straight lines of each control between
/// nodes at chosen steps.
///
/// A protocol is a list of positions of the controls at their nodes, all from 0 to 1. One node is
/// the same number at all steps, a node at each step any sequence of numbers.
package struct ProtocolFamily: Sendable {
  package let controls: [ControlVariable]
  /// The steps of the nodes of each control, ascending from 0.
  package let nodes: [[Int]]
  /// T, the steps of the run.
  package let steps: Int

  /// A family in which controls have the same number at all steps.
  package static func constant(_ controls: [ControlVariable], steps: Int) -> ProtocolFamily {
    ProtocolFamily(controls: controls, nodes: controls.map { _ in [0] }, steps: steps)
  }

  /// A family with so many nodes, evenly spread from the first step to the last.
  package init(_ controls: [ControlVariable], knots: Int, steps: Int) {
    let knots = min(max(knots, 1), steps)
    let places = (0..<knots).map { $0 * (steps - 1) / max(knots - 1, 1) }
    self.init(
      controls: controls, nodes: controls.map { $0.isConstant ? [0] : places }, steps: steps)
  }

  private init(controls: [ControlVariable], nodes: [[Int]], steps: Int) {
    self.controls = controls
    self.nodes = nodes
    self.steps = steps
  }

  /// How many numbers make a protocol.
  package var count: Int { nodes.reduce(0) { $0 + $1.count } }

  /// The number of the first position of each control.
  private var offsets: [Int] {
    var offsets = [0]
    for nodes in nodes { offsets.append(offsets[offsets.count - 1] + nodes.count) }
    return offsets
  }

  /// The values of control number `index` at its nodes.
  private func knots(_ positions: [Double], _ index: Int) -> [Double] {
    positions[offsets[index]..<offsets[index + 1]].map { controls[index].value(at: $0) }
  }

  /// How control number `index` changes from step to step.
  package func schedule(_ positions: [Double], _ index: Int) -> Schedule {
    let values = knots(positions, index)
    guard values.count > 1 else { return .constant(values[0]) }
    return .varying(PiecewiseLinear(steps: nodes[index], values: values))
  }

  /// The values of control number `index` at all steps.
  package func values(_ positions: [Double], _ index: Int) -> [Double] {
    let schedule = schedule(positions, index)
    return (0..<steps).map { schedule.value(at: Double($0), of: Double(steps)) }
  }

  /// What `--set` takes for a protocol.
  package func overrides(_ positions: [Double]) -> [String] {
    controls.indices.map { index in
      ScheduleSetting.text(
        controls[index].key, steps: nodes[index], values: knots(positions, index))
    }
  }

  /// The protocol of this family that is closest to given values: those at its nodes, or their mean
  /// for what stays the same.
  package func positions(_ values: (_ control: Int, _ step: Int) -> Double) -> [Double] {
    controls.indices.flatMap { index -> [Double] in
      if nodes[index].count == 1 {
        let mean = (0..<steps).reduce(0) { $0 + values(index, $1) } / Double(steps)
        return [controls[index].position(of: mean)]
      }
      return nodes[index].map { controls[index].position(of: values(index, $0)) }
    }
  }

  /// The derivatives by the positions, of those by the values of each control at each step.
  package func gradient(_ derivatives: [[Double]], at positions: [Double]) -> [Double] {
    var gradient = [Double](repeating: 0, count: count)
    for (index, offset) in offsets.dropLast().enumerated() {
      let nodes = nodes[index]
      var node = 0
      for step in 0..<steps {
        while node + 1 < nodes.count, nodes[node + 1] <= step { node += 1 }
        let derivative = derivatives[index][step]
        guard node + 1 < nodes.count else {
          gradient[offset + node] += derivative
          continue
        }
        let part = Double(step - nodes[node]) / Double(nodes[node + 1] - nodes[node])
        gradient[offset + node] += (1 - part) * derivative
        gradient[offset + node + 1] += part * derivative
      }
      for node in nodes.indices {
        gradient[offset + node] *= controls[index].slope(at: positions[offset + node])
      }
    }
    return gradient
  }
}
