import Foundation
import LearningProblem
import NumericalKit
import TestSupport
import Testing

/// g, H and ∂Λ/∂a of every network under every loss it takes are the derivatives of Λ.
/// `[problem.dynamics.objective]` `[network.readout]` `[network.softmax]` `[boltzmann.likelihood]`
@Suite struct ObjectiveTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let network: any Network
    let loss: any Loss
    var testDescription: String { "\(network), \(loss.kind)" }
    var hasErrors: Bool { network.machine == nil }

    /// Answers that the loss is asked about: classes, or any numbers.
    var labels: [Double] {
      network.classes > 2
        ? (1...network.classes).map { Double($0) } : network.classes == 2 ? [1, -1] : [-1, 1, 0.7]
    }

    func evaluator(errorsOnly: Bool = false) -> SampleEvaluator {
      SampleEvaluator(
        network.objective(loss, errorsOnly: errorsOnly), readout: network.readout.initial)
    }
  }

  static let networks: [any Network] = [
    Perceptron(), Door(width: 0.8), Committee(activation: .erf, readout: [1, -1, 1]),
    Committee(activation: .softplus, readout: [-1, 0.6]),
    Committee(activation: .quadratic, readout: [-1, 0.6, 0.8]),
    Softmax(outputs: 2), Softmax(outputs: 3),
    Softmax(activation: .softplus, readout: [[0.7, -0.2], [-0.4, 1.1], [0.3, 0.9]]),
    Softmax(activation: .erf, readout: [[0.7, -0.2, 0.5], [-0.4, 1.1, 1.3]]),
    Boltzmann(hidden: 3, variance: 0.7), SaturatingPerceptron(),
  ]
  static let losses = Additions.catalogue.losses.map {
    Specimens(Additions.catalogue).problem("loss", $0.kind).loss
  }
  static let cases = networks.flatMap { network in
    losses.filter { type(of: network).takes(type(of: $0)) }
      .map { Case(network: network, loss: $0) }
  }
  static let fields = [[0.3, -0.9, 1.7], [-1.2, 0.4, 0.1], [2.5, 1.1, -0.6]]

  @Test("every network of the catalogue is there, with every loss that it takes")
  func nothingIsMissing() {
    let networks = Self.networks.map(\.kind)
    #expect(Set(networks) == Set(Additions.catalogue.networks.map { $0.kind }))
    let oneOutput = ["logistic", "square", "hinge", "savage"]
    func kinds(of network: any Network.Type) -> [String] {
      Self.cases.filter { type(of: $0.network) == network }.map(\.loss.kind)
    }
    for network in [Perceptron.self, Door.self, SaturatingPerceptron.self] as [any Network.Type] {
      #expect(kinds(of: network) == oneOutput, "\(network.kind)")
    }
    #expect(Set(kinds(of: Committee.self)) == Set(oneOutput))
    #expect(Set(kinds(of: Softmax.self)) == ["cross-entropy"])
    #expect(kinds(of: Boltzmann.self) == ["likelihood"])
  }

  /// The largest of 1, |Λ| and its derivatives, by which errors of differences grow.
  private static func scale(_ loss: Double, _ derivatives: [Double]) -> Double {
    derivatives.reduce(max(1, abs(loss))) { max($0, abs($1)) }
  }

  @Test(arguments: cases)
  func gradientAndHessianAreDerivatives(_ item: Case) {
    var evaluator = item.evaluator()
    let units = item.network.hiddenUnits
    let step = 1e-5
    for label in item.labels {
      for point in Self.fields {
        let h = Array(point[..<units])
        func at(_ l: Int, _ shift: Double) -> (loss: Double, gradient: [Double]) {
          evaluator.fields = h
          evaluator.fields[l] += shift
          return (evaluator.evaluate(label: label).loss, evaluator.gradient)
        }
        let here = at(0, 0)
        let (gradient, hessian) = (here.gradient, evaluator.hessian)
        let curvature = evaluator.evaluate(label: label).curvature
        let trace = (0..<units).reduce(0) { $0 + hessian[$1 * (units + 1)] }
        let scale = Self.scale(here.loss, gradient + hessian)
        #expect(abs(curvature - trace) < 1e-12 * scale)
        for l in 0..<units {
          let (up, down) = (at(l, step), at(l, -step))
          // Central differences: errors of order step² and rounding/step, both 1e-10 of the scale.
          #expect(abs((up.loss - down.loss) / (2 * step) - gradient[l]) < 1e-7 * scale)
          for k in 0..<units {
            let slope = (up.gradient[k] - down.gradient[k]) / (2 * step)
            #expect(abs(slope - hessian[k * units + l]) < 1e-7 * scale, "H_\(k)\(l) at \(h)")
          }
        }
      }
    }
  }

  @Test(arguments: cases)
  func readoutGradientIsADerivative(_ item: Case) {
    var evaluator = item.evaluator()
    let readout = item.network.readout.initial
    let step = 1e-5
    for label in item.labels {
      for point in Self.fields {
        evaluator.fields = Array(point[..<item.network.hiddenUnits])
        evaluator.readout = readout
        let loss = evaluator.evaluate(label: label).loss
        let gradient = evaluator.readoutGradient
        let scale = Self.scale(loss, gradient)
        #expect(gradient.count == readout.count)
        for index in readout.indices {
          let losses = [step, -step].map { shift in
            evaluator.readout = readout
            evaluator.readout[index] += shift
            return evaluator.evaluate(label: label).loss
          }
          #expect(abs((losses[0] - losses[1]) / (2 * step) - gradient[index]) < 1e-7 * scale)
        }
      }
    }
  }

  /// If only errors count, the gradient of the others is gone; loss, error and curvature are not
  /// touched. `[update.lazy]`
  @Test(arguments: cases.filter(\.hasErrors))
  func errorsOnly(_ item: Case) {
    var (all, lazy) = (item.evaluator(), item.evaluator(errorsOnly: true))
    let labels = item.labels.filter { $0 != 0.7 }
    var errors = 0
    for label in labels {
      for point in Self.fields {
        all.fields = Array(point[..<item.network.hiddenUnits])
        lazy.fields = all.fields
        let (full, gated) = (all.evaluate(label: label), lazy.evaluate(label: label))
        #expect(gated.loss == full.loss && gated.error == full.error)
        #expect(gated.curvature == full.curvature)
        if full.error == 1 {
          errors += 1
          #expect(lazy.gradient == all.gradient && lazy.hessian == all.hessian)
          #expect(lazy.readoutGradient == all.readoutGradient)
        } else {
          #expect((lazy.gradient + lazy.hessian + lazy.readoutGradient).allSatisfy { $0 == 0 })
        }
      }
    }
    // One answer is right at each point.
    #expect(errors == Self.fields.count * (labels.count - 1))
  }

  /// f = 0 is no error to learn from, though it counts as half of one; so is a tie of two classes.
  @Test func errorsOnlyOnTheBoundary() {
    for (network, loss) in [
      (Perceptron(), LogisticLoss()), (Softmax(outputs: 2), CrossEntropyLoss()),
    ] as [(any Network, any Loss)] {
      var evaluator = Case(network: network, loss: loss).evaluator(errorsOnly: true)
      let value = evaluator.evaluate(label: 1)
      #expect(value.error == 0.5 && value.margin == 0)
      #expect((evaluator.gradient + evaluator.hessian).allSatisfy { $0 == 0 })
    }
  }

  static func value(
    _ network: any Network, _ loss: any Loss, _ label: Double, _ fields: [Double]
  ) -> ObjectiveValue {
    var evaluator = Case(network: network, loss: loss).evaluator()
    evaluator.fields = fields
    return evaluator.evaluate(label: label)
  }

  /// f and ℓ at h = 1/2 (and -1/4), by hand.
  @Test func valuesByHand() {
    func loss(_ network: any Network, _ loss: any Loss) -> Double {
      Self.value(network, loss, -1, Array([0.5, -0.25][..<network.hiddenUnits])).loss
    }
    func square(_ output: Double) -> Double { 0.5 * (output + 1) * (output + 1) }
    #expect(abs(loss(Perceptron(), SquareLoss()) - square(0.5)) < 1e-14)
    #expect(abs(loss(Perceptron(), LogisticLoss()) - log(1 + exp(0.5))) < 1e-14)
    #expect(abs(loss(Door(width: 0.8), SquareLoss()) - square(0.25 - 0.64)) < 1e-14)
    func committee(_ activation: Activation) -> Double {
      loss(Committee(activation: activation, readout: [1, -1]), SquareLoss())
    }
    let erf = erf(0.5 / 2.0.squareRoot()) - erf(-0.25 / 2.0.squareRoot())
    #expect(abs(committee(.erf) - square(erf)) < 1e-14)
    let softplus = log(1 + exp(0.5)) - log(1 + exp(-0.25))
    #expect(abs(committee(.softplus) - square(softplus)) < 1e-14)
    #expect(abs(committee(.quadratic) - square(0.25 - 0.0625)) < 1e-14)
    let cosh = log(2 * cosh(0.5)) + log(2 * cosh(0.25))
    #expect(abs(loss(Boltzmann(hidden: 2, variance: 0.7), LikelihoodLoss()) + cosh) < 1e-14)
  }

  /// Loss and margin of the second of three classes, on the fields and above hidden units. Two
  /// classes are the logistic loss of the difference of their outputs. `[network.softmax]`
  @Test func softmaxByHand() {
    let fields = [0.5, -0.25, 0.1]
    let plain = Self.value(Softmax(outputs: 3), CrossEntropyLoss(), 2, fields)
    #expect(abs(plain.loss - log(exp(0.75) + 1 + exp(0.35))) < 1e-14)
    #expect(abs(plain.margin + 0.75) < 1e-14 && plain.error == 1)
    let readout = [[1.0, 0.5], [2, -3], [0, 1]]
    let hidden = Self.value(
      Softmax(activation: .quadratic, readout: readout), CrossEntropyLoss(), 2, [0.5, -0.2])
    let outputs = readout.map { 0.25 * $0[0] + 0.04 * $0[1] }
    let sum = outputs.reduce(0) { $0 + exp($1) }
    #expect(abs(hidden.loss - log(sum) + outputs[1]) < 1e-14)
    #expect(abs(hidden.margin - outputs[1] + outputs[0]) < 1e-14 && hidden.error == 0)
    for label in [1.0, -1] {
      let two = Self.value(Softmax(outputs: 2), CrossEntropyLoss(), label, [0.7, -0.4])
      let one = Self.value(Perceptron(), LogisticLoss(), label, [1.1])
      #expect(abs(two.loss - one.loss) < 1e-14 && abs(two.margin - one.margin) < 1e-14)
    }
  }

  /// max(h, 0) and its slope are exact, 1/2 at 0; the smeared second derivative integrates to the
  /// jump of the slope, and does not see another kink at 0. `[network.relu]`
  @Test func reluHasAKink() {
    let item = Case(network: Committee(activation: .relu, readout: [1]), loss: SquareLoss())
    var evaluator = item.evaluator()
    // y = -1: Λ = (φ + 1)²/2, g = (φ + 1) φ', H = φ'² + (φ + 1) φ''.
    for (h, phi, slope) in [(0.5, 0.5, 1.0), (1e-9, 1e-9, 1), (-0.5, 0, 0), (0, 0, 0.5)] {
      evaluator.fields = [h]
      #expect(evaluator.evaluate(label: -1).loss == 0.5 * (phi + 1) * (phi + 1))
      #expect(evaluator.gradient == [(phi + 1) * slope])
    }
    let width = 1e-3
    var (jump, size) = (0.0, 0.0)
    for node in -2000..<2000 {
      let h = (Double(node) + 0.5) * width
      evaluator.fields = [h]
      _ = evaluator.evaluate(label: -1)
      let kink = (evaluator.hessian[0] - (h > 0 ? 1 : 0)) / (max(h, 0) + 1)
      jump += kink * width
      size += kink * abs(h) * width
    }
    // It is blind to |h|. Midpoints: exponentially accurate but for the bend of |h|, of order
    // width².
    #expect(abs(jump - 1) < 1e-9 && abs(size) < 1e-5)
    #expect(item.network.objective(item.loss, errorsOnly: false).gradientJumps)
    for other in Self.cases {
      let jumps = other.network.objective(other.loss, errorsOnly: false).gradientJumps
      #expect(jumps == (other.loss is HingeLoss), "\(other)")
    }
  }

  /// A machine's answers are neither right nor wrong.
  @Test func machinesMakeNoErrors() {
    let machine = Boltzmann(hidden: 1, variance: 0.7)
    let value = Self.value(machine, LikelihoodLoss(), 1, [0.4])
    #expect(value.error == 0 && value.margin.isNaN)
    #expect(!machine.objective(LikelihoodLoss(), errorsOnly: false).hasErrors)
  }
}
