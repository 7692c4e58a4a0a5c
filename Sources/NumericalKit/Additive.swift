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
  @inlinable
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
  @inlinable
  public static func scale(_ sums: inout [Self], by factor: Double) {
    for index in sums.indices { sums[index].scale(by: factor) }
  }
}

extension Double: Additive {
  /// Adds a number.
  @inlinable
  public mutating func add(_ other: Double) { self += other }
  /// Multiplies by a number.
  @inlinable
  public mutating func scale(by factor: Double) { self *= factor }

  /// Adds arrays number by number.
  @inlinable
  public static func add(_ others: [Double], to sums: inout [Double]) {
    if sums.count < others.count {
      sums += [Double](repeating: 0, count: others.count - sums.count)
    }
    DenseVector.add(1, others, to: &sums)
  }

  /// Multiplies all numbers of an array.
  @inlinable
  public static func scale(_ sums: inout [Double], by factor: Double) {
    for index in sums.indices { sums[index] *= factor }
  }
}

extension Complex: Additive {
  /// Adds a number.
  @inlinable
  public mutating func add(_ other: Complex) { self = self + other }
  /// Multiplies by a real number.
  @inlinable
  public mutating func scale(by factor: Double) { self = factor * self }
}

extension Array: Additive where Element: Additive {
  /// Adds an array element by element.
  @inlinable
  public mutating func add(_ other: [Element]) { Element.add(other, to: &self) }
  /// Multiplies all elements.
  @inlinable
  public mutating func scale(by factor: Double) { Element.scale(&self, by: factor) }
}

extension Optional: Additive where Wrapped: Additive {
  /// Adds what there is; where one of the two is missing, nothing.
  @inlinable
  public mutating func add(_ other: Wrapped?) {
    if let other { self?.add(other) }
  }

  /// Multiplies what there is.
  @inlinable
  public mutating func scale(by factor: Double) { self?.scale(by: factor) }
}

/// A structure of sums that names its members once.
///
/// ```swift
/// struct Moments: MemberwiseAdditive {
///   var count = 0.0
///   var squares: [Double]
///   static let members: [Member] = [.of(\.count), .of(\.squares)]
/// }
/// ```
public protocol MemberwiseAdditive: Additive {
  /// All members that are sums.
  static var members: [Member] { get }
}

extension MemberwiseAdditive {
  /// A member that is a sum.
  public typealias Member = AdditiveMember<Self>

  /// Adds the sums over other pieces of work.
  public mutating func add(_ other: Self) {
    unsafe withUnsafeMutablePointer(to: &self) { sums in
      unsafe withUnsafePointer(to: other) { others in
        for member in Self.members {
          unsafe member.add(UnsafeMutableRawPointer(sums), UnsafeRawPointer(others))
        }
      }
    }
  }

  /// Multiplies all sums.
  public mutating func scale(by factor: Double) {
    unsafe withUnsafeMutablePointer(to: &self) { sums in
      for member in Self.members { unsafe member.scale(UnsafeMutableRawPointer(sums), factor) }
    }
  }
}

/// A member of a structure of sums, of any additive type.
///
/// It is found by its place in the structure: key paths themselves cost 200 instructions an access,
/// several per cent of a step of small ensembles.
@safe public struct AdditiveMember<Root: Sendable>: Sendable {
  fileprivate let add: @Sendable (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void
  fileprivate let scale: @Sendable (UnsafeMutableRawPointer, Double) -> Void

  @usableFromInline
  init(
    add: @escaping @Sendable (UnsafeMutableRawPointer, UnsafeRawPointer) -> Void,
    scale: @escaping @Sendable (UnsafeMutableRawPointer, Double) -> Void
  ) {
    unsafe self.add = add
    unsafe self.scale = scale
  }

  /// The stored member behind a key path.
  @inlinable
  public static func of<Value: Additive>(_ path: WritableKeyPath<Root, Value>) -> AdditiveMember {
    guard let offset = MemoryLayout<Root>.offset(of: path) else {
      preconditionFailure("\(path) is not stored")
    }
    return unsafe AdditiveMember(
      add: { sums, others in
        let other = unsafe (others + offset).assumingMemoryBound(to: Value.self)
        unsafe (sums + offset).assumingMemoryBound(to: Value.self).pointee.add(other.pointee)
      },
      scale: { sums, factor in
        unsafe (sums + offset).assumingMemoryBound(to: Value.self).pointee.scale(by: factor)
      })
  }
}
