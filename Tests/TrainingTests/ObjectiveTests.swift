import Foundation
import LearningProblem
import NumericalKit
import Testing

/// g and H of every network under every loss are the derivatives of Λ. `[problem.objective]`
@Suite struct ObjectiveTests {
  static let networks: [any Network] = [
    Perceptron(), Door(width: 0.8), Committee(activation: .erf, readout: [1, -1, 1]),
    Committee(activation: .softplus, readout: [-1, 1]),
  ]
  static let losses: [any Loss] = [LogisticLoss(), SquareLoss()]
  static let fields = [[0.3, -0.9, 1.7], [-1.2, 0.4, 0.1], [2.5, 1.1, -0.6]]

  static func evaluate(
    _ objective: Objective, _ label: Double, _ fields: [Double]
  ) -> (loss: Double, error: Double, gradient: [Double], hessian: [Double]) {
    var gradient = [Double](repeating: .nan, count: fields.count)
    var hessian = [Double](repeating: .nan, count: fields.count * fields.count)
    var g = gradient.mutableSpan
    var h = hessian.mutableSpan
    let value = objective.evaluate(
      label: label, fields: fields.span, gradient: &g, hessian: &h)
    return (value.loss, value.error, gradient, hessian)
  }

  @Test("the list above holds every network and loss of the catalogue")
  func nothingIsMissing() {
    #expect(Set(Self.networks.map(\.kind)) == Set(Catalogue.networks.map { $0.kind }))
    #expect(Set(Self.losses.map(\.kind)) == Set(Catalogue.losses.map { $0.kind }))
  }

  @Test(arguments: networks.indices, losses.indices)
  func gradientAndHessianAreDerivatives(network: Int, loss: Int) {
    let objective = Objective(network: Self.networks[network], loss: Self.losses[loss])
    let units = objective.hiddenUnits
    let step = 1e-5
    for label in [-1.0, 1, 0.7] {
      for point in Self.fields {
        let h = Array(point[..<units])
        let here = Self.evaluate(objective, label, h)
        for l in 0..<units {
          var (above, below) = (h, h)
          above[l] += step
          below[l] -= step
          let up = Self.evaluate(objective, label, above)
          let down = Self.evaluate(objective, label, below)
          // Central differences: errors of order step² and rounding/step, both 1e-10.
          #expect(abs((up.loss - down.loss) / (2 * step) - here.gradient[l]) < 1e-7)
          for k in 0..<units {
            let slope = (up.gradient[k] - down.gradient[k]) / (2 * step)
            #expect(abs(slope - here.hessian[k * units + l]) < 1e-7, "H_\(k)\(l) at \(h)")
          }
        }
      }
    }
  }

  /// If only errors count, the gradient of the others is gone; loss and error are not touched.
  /// `[update.lazy]`
  @Test(arguments: networks.indices, losses.indices)
  func errorsOnly(network: Int, loss: Int) {
    let all = Objective(network: Self.networks[network], loss: Self.losses[loss])
    let lazy = Objective(
      network: Self.networks[network], loss: Self.losses[loss], errorsOnly: true)
    var errors = 0
    for label in [-1.0, 1] {
      for point in Self.fields {
        let h = Array(point[..<all.hiddenUnits])
        let (full, gated) = (Self.evaluate(all, label, h), Self.evaluate(lazy, label, h))
        #expect(gated.loss == full.loss && gated.error == full.error)
        if full.error == 1 {
          errors += 1
          #expect(gated.gradient == full.gradient && gated.hessian == full.hessian)
        } else {
          #expect(gated.gradient.allSatisfy { $0 == 0 } && gated.hessian.allSatisfy { $0 == 0 })
        }
      }
    }
    #expect(errors == 3)
  }

  /// f = 0 is no error to learn from, though it counts as half of one.
  @Test func errorsOnlyOnTheBoundary() {
    let objective = Objective(network: Perceptron(), loss: LogisticLoss(), errorsOnly: true)
    let there = Self.evaluate(objective, 1, [0])
    #expect(there.gradient == [0] && there.hessian == [0] && there.error == 0.5)
  }

  /// f and ℓ at h = 1/2 (and -1/4), by hand.
  @Test func valuesByHand() {
    let point = [0.5, -0.25]
    func loss(_ network: any Network, _ loss: any Loss) -> Double {
      let fields = Array(point[..<network.hiddenUnits])
      return Self.evaluate(Objective(network: network, loss: loss), -1, fields).loss
    }
    func square(_ output: Double) -> Double { 0.5 * (output + 1) * (output + 1) }
    #expect(abs(loss(Perceptron(), SquareLoss()) - square(0.5)) < 1e-14)
    #expect(abs(loss(Perceptron(), LogisticLoss()) - log(1 + exp(0.5))) < 1e-14)
    #expect(abs(loss(Door(width: 0.8), SquareLoss()) - square(0.25 - 0.64)) < 1e-14)
    let erf = erf(0.5 / 2.0.squareRoot()) - erf(-0.25 / 2.0.squareRoot())
    #expect(
      abs(loss(Committee(activation: .erf, readout: [1, -1]), SquareLoss()) - square(erf)) < 1e-14)
    let softplus = log(1 + exp(0.5)) - log(1 + exp(-0.25))
    #expect(
      abs(
        loss(Committee(activation: .softplus, readout: [1, -1]), SquareLoss()) - square(softplus))
        < 1e-14)
  }
}
