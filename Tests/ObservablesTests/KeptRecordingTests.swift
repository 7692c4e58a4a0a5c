import Foundation
import Observables
import Testing

@Suite("Recordings that are kept")
struct KeptRecordingTests {
  private func again<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test("are the same bits in the same order, with errors of their own")
  func recording() throws {
    var recording = Recording()
    let observables = [
      Observable.testLoss, .norm(0, 1, single: false),
      .magnetisation(0, 0, single: true).of(group: 2), .optimalWeightNoise,
    ]
    for step in [0, 3, 7] {
      recording.begin(step: step)
      for (index, observable) in observables.enumerated() {
        recording.record(
          observable,
          Estimate(
            index == 3 ? .infinity : -0.1 * Double(step * index),
            standardError: 1 / Double(3 + step + index)))
      }
    }
    let kept = try again(recording)
    #expect(kept.steps == recording.steps && kept.observables == recording.observables)
    #expect(kept.observables.map(\.name) == recording.observables.map(\.name))
    #expect(kept.observables.map(\.label) == recording.observables.map(\.label))
    for observable in observables {
      for (one, other) in zip(kept.values(observable), recording.values(observable)) {
        #expect(one.value.bitPattern == other.value.bitPattern)
        #expect(one.standardError.bitPattern == other.standardError.bitPattern)
      }
      #expect(kept.values(observable).count == 3)
    }
    #expect(try again(Recording()).steps.isEmpty)
  }

  @Test("are refused where numbers are missing")
  func damaged() throws {
    var recording = Recording()
    recording.begin(step: 0)
    recording.record(.testLoss, 1)
    let text = String(decoding: try JSONEncoder().encode(recording), as: UTF8.self)
    let longer = text.replacing("\"steps\":[0]", with: "\"steps\":[0,1]")
    #expect(longer != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Recording.self, from: Data(longer.utf8))
    }
  }

  @Test("and so are histograms")
  func histogram() throws {
    let histogram = WeightHistogram(weights: [[1, 2, -0.5], [0.1, 3, 4]])
    #expect(try again(histogram).densities == histogram.densities)
  }
}
