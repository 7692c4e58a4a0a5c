internal import NumericalKit
internal import Yams

extension Node {
  /// The same value in a form that YAML 1.1 and 1.2 read alike: numbers as `Double.yaml` writes
  /// them, whole ones without a fraction, texts in quotes. `1e-1` and `off` would differ.
  func recorded(as form: Parameter.Form) -> Node {
    switch self {
    case .scalar(let scalar):
      switch form {
      case .text, .texts: return Node(scalar.string, scalar.tag, .doubleQuoted)
      default: return Node.number(scalar, as: form) ?? self
      }
    case .sequence(let sequence):
      return Node(sequence.map { $0.recorded(as: form) }, sequence.tag, sequence.style)
    case .mapping(let mapping):
      let pairs = mapping.map { ($0.key, $0.value.recorded(as: form)) }
      return Node(pairs, mapping.tag, mapping.style)
    default: return self
    }
  }

  /// The scalar if it is a number; nil if not.
  private static func number(_ scalar: Scalar, as form: Parameter.Form) -> Node? {
    guard scalar.style == .plain || scalar.style == .any,
      let number = Magnitude.number(scalar.string)
    else { return nil }
    if case .integer = form {
      return Magnitude.whole(scalar.string).map { Node("\($0)", scalar.tag, .plain) }
    }
    let digits = scalar.string.first == "-" ? scalar.string.dropFirst() : scalar.string[...]
    return digits.allSatisfy(\.isNumber) ? nil : Node(number.yaml, scalar.tag, .plain)
  }
}
