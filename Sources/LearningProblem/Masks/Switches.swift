public import NumericalKit

/// The switches of many independent sites under one law, step after step.
///
/// A step draws one word of the stream per site, in the order of the sites: a site is on if
/// (word + 1/2) 2^-32 is below its probability. A law that is always on draws nothing.
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
    Self.switchSites(
      &isOn, &memory, words, ifOff: Rule(law, step, false), ifOn: Rule(law, step, true))
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
      let on = UInt64(words[site]) < rule.threshold
      switches[site] = on
      memories[site] = on ? rule.memoryIfOn : rule.memoryIfOff
    }
  }

  /// What the law says about a site with a given memory at a given step.
  private struct Rule {
    let threshold: UInt64
    let memoryIfOn: Bool
    let memoryIfOff: Bool

    init(_ law: any SwitchLaw, _ step: Int, _ memory: Bool) {
      let probability = law.probabilityOn(step: step, memory: memory)
      // The number of words w with (w + 1/2) 2^-32 < probability.
      threshold = UInt64((max(probability, 0) * 0x1p32 - 0.5).rounded(.up).magnitude)
      memoryIfOn = law.memory(after: step, memory: memory, isOn: true)
      memoryIfOff = law.memory(after: step, memory: memory, isOn: false)
    }
  }
}
