internal import Foundation
internal import LearningProblem
public import Observables

/// What learning costs: a sum of quantities that add up over the steps, each times its price, such
/// as `absolute_change + 0.01*activity`. `[observable.energy]`
public struct EnergySum: Sendable, Equatable {
  /// A quantity and what a unit of it costs.
  public struct Term: Sendable, Equatable {
    /// What is paid for, one of `EnergySum.quantities`.
    public let quantity: Quantity
    /// The price of a unit, finite and >= 0.
    public let price: Double

    /// Creates a term.
    public init(_ quantity: Quantity, price: Double = 1) {
      precondition(
        EnergySum.quantities.contains(quantity) && price >= 0 && price.isFinite,
        "\(price) of \(quantity.name)")
      self.quantity = quantity
      self.price = price
    }

    /// What is paid for, as recordings hold it.
    public var observable: Observable { Observable(quantity) }
  }

  /// What may be paid for.
  public static let quantities: [Quantity] = [
    .writes, .absoluteChange, .squaredChange, .activity, .reliabilityCost,
  ]

  /// At least one term, none of a quantity that another has, one with a price > 0.
  public let terms: [Term]

  /// One quantity at the price 1.
  public init(_ quantity: Quantity) { terms = [Term(quantity)] }

  /// Reads a sum as typed: terms `PRICE*QUANTITY` or `QUANTITY` (price 1) with `+` between them,
  /// and blanks anywhere around them.
  ///
  /// Throws a `UsageError` that names the option and the term, and says what is allowed.
  public init(parsing text: String, option: String = "--energy") throws {
    let names = Self.quantities.map(\.name)
    let all = names.joined(separator: ", ")
    var terms: [Term] = []
    for part in Self.summands(text) {
      func error(_ found: String, _ allowed: String) -> UsageError {
        UsageError(option, found: found + (part == text ? "" : " in '\(text)'"), allowed: allowed)
      }
      let factors = part.split(separator: "*", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard let name = factors.last, let place = names.firstIndex(of: name), factors.count <= 2
      else { throw error("'\(part)'", "QUANTITY or PRICE*QUANTITY with one of \(all)") }
      var price = 1.0
      if factors.count == 2 {
        guard let number = Magnitude.number(factors[0]), number >= 0 else {
          throw error("the price '\(factors[0])' of \(name)", "a number >= 0")
        }
        price = number
      }
      guard !terms.contains(where: { $0.quantity.name == name }) else {
        throw error("\(name) twice", "one term of each quantity")
      }
      terms.append(Term(Self.quantities[place], price: price))
    }
    guard terms.contains(where: { $0.price > 0 }) else {
      throw UsageError(option, found: "'\(text)', which is 0", allowed: "a price > 0")
    }
    self.terms = terms
  }

  /// The texts between the plus signs, but for those of exponents such as `1e+3`.
  private static func summands(_ text: String) -> [String] {
    var parts = [""]
    for character in text {
      let isOfExponent = parts[parts.count - 1].firstMatch(of: /[0-9.][eE]$/) != nil
      if character == "+", !isOfExponent {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The quantity, if the sum is one quantity at the price 1.
  public var single: Quantity? {
    terms.count == 1 && terms[0].price == 1 ? terms[0].quantity : nil
  }

  /// The name in tables: that of the single quantity, or `energy`.
  public var name: String { single?.name ?? "energy" }

  /// The label of an axis.
  public var label: String {
    terms.map { ($0.price == 1 ? "" : "\($0.price) ") + $0.quantity.label }
      .joined(separator: " + ")
  }

  /// The terms that a recording lacks.
  public func missing(in recording: Recording) -> [Term] {
    terms.filter { !recording.observables.contains($0.observable) }
  }

  /// The sum along one replica, a value per row; empty if the recording lacks a term.
  ///
  /// What terms have in common stays in the sum, so that the spread over replicas is its error.
  /// Errors that all replicas share are added as if they had the same sign.
  public func values(in recording: Recording) -> [Estimate] {
    guard missing(in: recording).isEmpty else { return [] }
    return sum(terms.map { recording.values($0.observable) })
  }

  /// The sum along the curves of means, a value per step; nil if a term was not measured. Values
  /// alone: errors of terms are correlated.
  public func means(_ curves: [Curve]) -> [Double]? {
    let columns = terms.compactMap { curves[$0.observable]?.estimates }
    return columns.count == terms.count ? sum(columns).map(\.value) : nil
  }

  private func sum(_ columns: [[Estimate]]) -> [Estimate] {
    (columns.first ?? []).indices.map { row in
      let parts = zip(terms, columns).map {
        Estimate(
          $0.price * $1[row].value, standardError: $0.price * $1[row].standardError)
      }
      return parts.dropFirst().reduce(parts[0]) {
        Estimate($0.value + $1.value, standardError: $0.standardError + $1.standardError)
      }
    }
  }
}

extension EnergySum: CustomStringConvertible {
  /// What one types to get it.
  public var description: String {
    terms.map { ($0.price == 1 ? "" : "\($0.price)*") + $0.quantity.name }
      .joined(separator: " + ")
  }
}
