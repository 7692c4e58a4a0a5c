/// What is summed over pieces of work and then turned into averages: numbers, arrays of them, and
/// structures of such members.
///
/// Sums are taken element by element in the order of the calls. An array that is longer than the
/// sum so far adds its last elements to it: what was not there counts as zero.
public protocol Additive: Sendable {
  /// Adds the sums over other pieces of work.
  mutating func add(_ other: Self)
  /// Multiplies all sums.
  mutating func scale(by factor: Double)
  /// Adds arrays element by element; a type whose arrays are long does so in one loop.
  static func add(_ others: [Self], to sums: inout [Self])
  /// Multiplies all elements of an array.
  static func scale(_ sums: inout [Self], by factor: Double)
}

extension Additive {
  /// Adds arrays element by element.
  public static func add(_ others: [Self], to sums: inout [Self]) {
    for index in others.indices {
      if index < sums.count {
        sums[index].add(others[index])
      } else {
        sums.append(others[index])
      }
    }
  }

  /// Multiplies all elements of an array.
  public static func scale(_ sums: inout [Self], by factor: Double) {
    for index in sums.indices { sums[index].scale(by: factor) }
  }
}

extension Double: Additive {
  /// Adds a number.
  public mutating func add(_ other: Double) { self += other }
  /// Multiplies by a number.
  public mutating func scale(by factor: Double) { self *= factor }

  /// Adds arrays number by number.
  public static func add(_ others: [Double], to sums: inout [Double]) {
    if sums.count < others.count {
      sums += [Double](repeating: 0, count: others.count - sums.count)
    }
    DenseVector.add(1, others, to: &sums)
  }

  /// Multiplies all numbers of an array.
  public static func scale(_ sums: inout [Double], by factor: Double) {
    for index in sums.indices { sums[index] *= factor }
  }
}

extension Complex: Additive {
  /// Adds a number.
  public mutating func add(_ other: Complex) { self = self + other }
  /// Multiplies by a real number.
  public mutating func scale(by factor: Double) { self = factor * self }
}

extension Array: Additive where Element: Additive {
  /// Adds an array element by element.
  public mutating func add(_ other: [Element]) { Element.add(other, to: &self) }
  /// Multiplies all elements.
  public mutating func scale(by factor: Double) { Element.scale(&self, by: factor) }
}

extension Optional: Additive where Wrapped: Additive {
  /// Adds what there is; where one of the two is missing, nothing.
  public mutating func add(_ other: Wrapped?) {
    if let other { self?.add(other) }
  }

  /// Multiplies what there is.
  public mutating func scale(by factor: Double) { self?.scale(by: factor) }
}

/// A structure of sums that names its members once.
///
/// ```swift
/// struct Moments: MemberwiseAdditive {
///   var count = 0.0
///   var squares: [Double]
///   static let members = AdditiveMembers<Moments>(\.count, \.squares)
/// }
/// ```
public protocol MemberwiseAdditive: Additive {
  /// All members that are sums.
  static var members: AdditiveMembers<Self> { get }
}

extension MemberwiseAdditive {
  /// Adds the sums over other pieces of work.
  public mutating func add(_ other: Self) {
    for add in Self.members.adds { add(&self, other) }
  }

  /// Multiplies all sums.
  public mutating func scale(by factor: Double) {
    for scale in Self.members.scales { scale(&self, factor) }
  }
}

/// The members of a structure of sums, of any additive types.
public struct AdditiveMembers<Root: Sendable>: Sendable {
  fileprivate private(set) var adds: [@Sendable (inout Root, Root) -> Void] = []
  fileprivate private(set) var scales: [@Sendable (inout Root, Double) -> Void] = []

  /// Lists members by their key paths.
  public init<each Value: Additive>(
    _ paths: repeat any WritableKeyPath<Root, each Value> & Sendable
  ) {
    repeat append(each paths)
  }

  private mutating func append<Value: Additive>(
    _ path: any WritableKeyPath<Root, Value> & Sendable
  ) {
    adds.append { $0[keyPath: path].add($1[keyPath: path]) }
    scales.append { $0[keyPath: path].scale(by: $1) }
  }
}
