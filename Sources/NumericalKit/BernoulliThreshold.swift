/// A coin with a given probability, thrown with one word of random bits.
///
/// A word w says yes if (w + 1/2) 2^-32 is below the probability: never for 0, always for 1.
public struct BernoulliThreshold: Sendable, Equatable {
  /// The number of words that say yes.
  @usableFromInline let words: UInt64

  /// The coin of a probability, at most 1; a negative one counts as 0.
  public init(probability: Double) {
    words = UInt64((max(probability, 0) * 0x1p32 - 0.5).rounded(.up).magnitude)
  }

  /// Whether a word says yes.
  @inlinable
  public func isMet(by word: UInt32) -> Bool { UInt64(word) < words }
}
