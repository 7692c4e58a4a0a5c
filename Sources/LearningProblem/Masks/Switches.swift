public import NumericalKit

/// The switches of many independent sites under one law, step after step.
///
/// A step draws one word of the stream per site, in the order of the sites. A law that is always on
/// draws nothing.
public struct Switches: Sendable {
  /// Which sites are on at the current step; empty if the law is always on.
  public private(set) var isOn: [Bool]
  /// Whether every site is on at every step.
  public let isFull: Bool
  /// What the law remembers of each site; empty if the law is always on.
  public private(set) var memory: [Bool]
  private let law: any SwitchLaw
  private var stream: RandomStream
  private var words: [UInt32]

  /// Prepares `count` sites, all on until the first `advance`.
  public init(_ law: any SwitchLaw, count: Int, stream: RandomStream) {
    self.law = law
    self.stream = stream
    isFull = law.isFull
    isOn = [Bool](repeating: true, count: isFull ? 0 : count)
    memory = [Bool](repeating: false, count: isOn.count)
    words = [UInt32](repeating: 0, count: isOn.count)
  }

  /// Draws the switches of `step`; to be called for 0, 1, 2, ... in turn. About 4 ns per site.
  public mutating func advance(to step: Int) {
    guard !isFull else { return }
    Self.fill(&words, from: &stream)
    let law = SwitchStep(law, step: step)
    Self.switchSites(
      &isOn, &memory, words, ifOff: Rule(law, memory: false), ifOn: Rule(law, memory: true))
  }

  private static func fill(_ words: inout [UInt32], from stream: inout RandomStream) {
    var span = words.mutableSpan
    stream.fillWords(&span)
  }

  private static func switchSites(
    _ isOn: inout [Bool], _ memory: inout [Bool], _ words: [UInt32], ifOff: Rule, ifOn: Rule
  ) {
    var switches = isOn.mutableSpan
    var memories = memory.mutableSpan
    let words = words.span
    for site in words.indices {
      let rule = memories[site] ? ifOn : ifOff
      let on = rule.threshold.isMet(by: words[site])
      switches[site] = on
      memories[site] = on ? rule.memoryIfOn : rule.memoryIfOff
    }
  }

  /// What the law says about a site with a given memory at a given step.
  private struct Rule {
    let threshold: BernoulliThreshold
    let memoryIfOn: Bool
    let memoryIfOff: Bool

    init(_ law: SwitchStep, memory: Bool) {
      threshold = BernoulliThreshold(probability: law.probabilityOn(memory: memory))
      memoryIfOn = law.memory(after: memory, isOn: true)
      memoryIfOff = law.memory(after: memory, isOn: false)
    }
  }
}
