/// A weighted sum of observables at chosen steps: what a gradient is of.
///
/// ```swift
/// let price = ObservedSum([.init(.testLoss, at: 40), .init(.squaredChange, at: 40, times: 0.02)])
/// ```
public struct ObservedSum: Sendable, Equatable {
  /// A multiple of one observable at one step.
  public struct Term: Sendable, Equatable {
    /// What is observed.
    public let observable: Observable
    /// The step, from 0 to the last one.
    public let step: Int
    /// What it is multiplied with.
    public let coefficient: Double

    /// Creates a term.
    public init(_ observable: Observable, at step: Int, times coefficient: Double = 1) {
      self.observable = observable
      self.step = step
      self.coefficient = coefficient
    }
  }

  /// What is added up.
  public let terms: [Term]

  /// Creates a sum.
  public init(_ terms: [Term]) { self.terms = terms }

  /// One observable at one step.
  public init(_ observable: Observable, at step: Int) {
    self.init([Term(observable, at: step)])
  }

  /// The value in a recording; nil where it lacks a step or an observable.
  public func value(in recording: Recording) -> Double? {
    var sum = 0.0
    for term in terms {
      let values = recording.values(term.observable)
      guard let row = recording.steps.firstIndex(of: term.step), row < values.count else {
        return nil
      }
      sum += term.coefficient * values[row].value
    }
    return sum
  }
}
