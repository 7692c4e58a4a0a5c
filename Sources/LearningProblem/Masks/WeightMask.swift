/// Which weights may change at a step: a switch for each weight or each input, and the hidden units
/// that learn. `[mask.structure]`
///
///   M_kj(t) = r_k(t) c_kj(t)
///
/// Switches c are independent and average out over the weights; the few switches r of the hidden
/// units do not: theory and training share their path.
public protocol WeightMask: Ingredient {
  /// The law of c on the steps of `grid`; throws a `Mismatch` about a key of the mask if there is
  /// none.
  func switches(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw
  /// The density of c where it may change from step to step; nil where it cannot.
  var switchDensity: Schedule? { get }
  /// τ > 0, from which and the density the correlation of c follows; nil where it does not.
  /// `[mask.persistent]`
  var timeConstant: Double? { get }
  /// Whether all hidden units share the switches of an input, c_kj = c_j.
  var sharesInputs: Bool { get }
  /// How r is decided.
  var units: UnitSelection { get }
}

extension WeightMask {
  /// Every weight has a switch of its own unless a mask says otherwise.
  public var sharesInputs: Bool { false }
  /// The same at every step unless a mask says otherwise.
  public var switchDensity: Schedule? { nil }
  /// None unless a mask says otherwise.
  public var timeConstant: Double? { nil }
  /// All hidden units learn unless a mask says otherwise.
  public var units: UnitSelection { .all }
}

extension WeightMask where Self: Mask {
  /// Every weight has a switch of the mask's law.
  public func switches(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw {
    try law(on: grid)
  }
  /// That of the mask.
  public var switchDensity: Schedule? { density }
  /// None unless the mask says otherwise.
  public var timeConstant: Double? { nil }
}

extension FullMask: WeightMask {}
extension IndependentMask: WeightMask {}
extension PersistentMask: WeightMask {}
extension FrozenMask: WeightMask {}
