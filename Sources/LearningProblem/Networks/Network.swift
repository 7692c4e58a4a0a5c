/// What answers for a sample, given its K fields h_k = w_k·x/√d. `[problem.objective]`
public protocol Network: Ingredient {
  /// K, the number of hidden units.
  var hiddenUnits: Int { get }
  /// The weights from the hidden units to the outputs; empty if there are none.
  var readout: Readout { get }
  /// The number of classes it tells apart, 0 if labels are numbers or not looked at.
  var classes: Int { get }
  /// Whether it takes losses of this type.
  static func takes(_ loss: any Loss.Type) -> Bool
  /// The loss that is taken if none is named.
  var standardLoss: any Loss { get }
  /// Λ. `[problem.objective]`
  ///
  /// - Parameters:
  ///   - loss: one that the network takes; others are a trap.
  ///   - errorsOnly: whether only misclassified samples have a gradient. `[update.lazy]`
  func objective(_ loss: any Loss, errorsOnly: Bool) -> any Objective
  /// The fields at which f changes sign for K = 1, ascending, and the sign below the first of them,
  /// so that test errors are
  /// exact. `nil` where there is no closed form.
  var decisionBoundaries: (thresholds: [Double], signBelow: Double)? { get }
  /// What it models if it is a Boltzmann machine: its units' pairs. `[boltzmann.drive]`
  var machine: BoltzmannMachine? { get }
}

extension Network {
  /// No weights behind the hidden units unless a network says otherwise.
  public var readout: Readout { Readout() }
  /// Labels are ±1, or numbers.
  public var classes: Int { 0 }
  /// No closed form unless a network provides one.
  public var decisionBoundaries: (thresholds: [Double], signBelow: Double)? { nil }
  /// Not a machine.
  public var machine: BoltzmannMachine? { nil }
  /// Whether hidden units can be dropped: those in front of a readout.
  public var hasHiddenLayer: Bool { !readout.initial.isEmpty }
}

/// A network with one output f(h).
public protocol OutputNetwork: Network {
  /// Returns f(h); writes ∂f/∂h_k to `gradient` (K), ∂²f/∂h_k∂h_l to `hessian` (K x K, row-major)
  /// and ∂f/∂a_k to `readoutGradient`.
  func evaluate(
    _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
  ) -> Double
  /// f(h) alone.
  func output(_ fields: Span<Double>, readout: Span<Double>) -> Double
  /// Whether ∂f/∂h_k jumps where h_k = 0.
  var bendsAtZeroFields: Bool { get }
}

extension OutputNetwork {
  /// Every cost of one output.
  public static func takes(_ loss: any Loss.Type) -> Bool { loss is any OutputLoss.Type }
  public var standardLoss: any Loss { LogisticLoss() }
  public var bendsAtZeroFields: Bool { false }

  public func objective(_ loss: any Loss, errorsOnly: Bool) -> any Objective {
    guard let loss = loss as? any OutputLoss else {
      preconditionFailure("a \(kind) network does not take the loss \(loss.kind)")
    }
    func objective(_ loss: some OutputLoss) -> any Objective {
      OutputObjective(network: self, loss: loss, errorsOnly: errorsOnly)
    }
    return objective(loss)
  }
}
