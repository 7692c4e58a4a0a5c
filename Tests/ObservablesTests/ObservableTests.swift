import Observables
import Testing

@Suite("Observables as values")
struct ObservableTests {
  @Test("names and labels follow from quantity and indices")
  func names() {
    #expect(Observable.testError.name == "test_error" && Observable.testError.indices.isEmpty)
    let names: [(Observable, String, String)] = [
      (.magnetisation(0, 0, single: true), "magnetisation", "magnetisation"),
      (.magnetisation(1, 0, single: false), "magnetisation_21", "magnetisation 21"),
      (.norm(0, 8, single: false), "norm_19", "norm 19"),
      (.norm(0, 9, single: false), "norm_1_10", "norm 1_10"),
      (.readout(0, 3, outputs: 1), "readout_4", "readout 4"),
      (.readout(2, 0, outputs: 3), "readout_3_1", "readout 3_1"),
    ]
    for (observable, name, label) in names {
      #expect(observable.name == name && "\(observable)" == name && observable.label == label)
    }
  }

  @Test(
    "panels are distinct and in the order of the figure; overlaps and energies cannot be targets")
  func quantities() {
    let panels = Quantity.plotted.compactMap(\.panel)
    #expect(panels.count == Quantity.plotted.count && Set(panels).count == panels.count)
    #expect(Quantity.plotted.first == .trainingLoss && Quantity.writes.panel == nil)
    for quantity in [Quantity.writes, .absoluteChange, .magnetisation, .readout, .logLikelihood] {
      #expect(!quantity.mayFall, "\(quantity.name)")
    }
    for quantity in [Quantity.trainingLoss, .testError, .norm, .freeEnergy, .replicaDistance] {
      #expect(quantity.mayFall, "\(quantity.name)")
    }
  }

  @Test("curves are found by observable")
  func curves() {
    let curves = [
      Curve(
        observable: .testLoss, steps: [0, 5], estimates: [Estimate(1), Estimate(0.5)],
        replicas: 1),
      Curve(observable: .testError, steps: [], estimates: [], replicas: 1),
    ]
    #expect(curves[.testLoss]?.last == Estimate(0.5) && curves[.testLoss]?.at(step: 0)?.value == 1)
    #expect(curves[.testError]?.last == nil && curves[.trainingLoss] == nil)
  }
}
