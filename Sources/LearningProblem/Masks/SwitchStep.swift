/// What a law says about all switches at one step: a switch has one bit of memory, so that
/// there are two cases.
public struct SwitchStep: Sendable {
  @usableFromInline let probabilities: (ifOff: Double, ifOn: Double)
  @usableFromInline let ifOff: (off: Bool, on: Bool)
  @usableFromInline let ifOn: (off: Bool, on: Bool)

  /// Asks `law` about `step`.
  public init(_ law: any SwitchLaw, step: Int) {
    func next(_ memory: Bool, _ isOn: Bool) -> Bool {
      law.memory(after: step, memory: memory, isOn: isOn)
    }
    probabilities = (
      law.probabilityOn(step: step, memory: false), law.probabilityOn(step: step, memory: true)
    )
    ifOff = (next(false, false), next(false, true))
    ifOn = (next(true, false), next(true, true))
  }

  /// The probability that a switch with this memory is on.
  @inlinable
  public func probabilityOn(memory: Bool) -> Double {
    memory ? probabilities.ifOn : probabilities.ifOff
  }

  /// The memory of a switch after the step.
  @inlinable
  public func memory(after memory: Bool, isOn: Bool) -> Bool {
    memory ? (isOn ? ifOn.on : ifOn.off) : (isOn ? ifOff.on : ifOff.off)
  }
}
