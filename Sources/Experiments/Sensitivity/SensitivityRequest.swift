internal import Foundation

/// What `dmft sensitivity` is asked for: an observable, a step, and how far differences reach.
public struct SensitivityRequest: Sendable {
  /// The name of the observable in files.
  let observable: String
  /// The step at which it is looked at; nil for the last one.
  let step: Int?
  /// The relative size of differences, where no adjoint is known.
  let relativeStep: Double

  /// Takes what was typed; throws `UsageError`.
  ///
  /// - Parameters:
  ///   - observable: its name, such as `test_loss`.
  ///   - step: from 0 to the last one; nil for that.
  ///   - relativeStep: the relative change of a number on both sides of a difference.
  public init(observable: String, step: Int?, relativeStep: Double) throws {
    guard (1e-4...0.3).contains(relativeStep) else {
      throw UsageError(
        "--step", found: "\(relativeStep)", allowed: "a relative change from 0.0001 to 0.3")
    }
    self.observable = observable
    self.step = step
    self.relativeStep = relativeStep
  }

  /// The step in a run of `steps`; throws `UsageError`.
  func step(of steps: Int) throws -> Int {
    let step = step ?? steps
    guard (0...steps).contains(step) else {
      throw UsageError("--at", found: "\(step)", allowed: "a step from 0 to \(steps)")
    }
    return step
  }
}
