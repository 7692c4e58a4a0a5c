/// An answer to a problem: what theory or training found, as curves with error bars.
public protocol Answer: Sendable {
  /// One curve per observable.
  var curves: [Curve] { get }
}

extension Answer {
  /// The curve of an observable; one without points if it was not measured.
  public subscript(_ observable: Observable) -> Curve {
    curves[observable] ?? Curve(observable: observable, steps: [], estimates: [], replicas: 1)
  }
}
