extension Double {
  /// The number as YAML 1.1 and 1.2 both read it, exactly: a fraction, and a sign in the exponent,
  /// as in `0.1` and `1.0e-07`. Finite numbers only.
  public var yaml: String {
    precondition(isFinite, "\(self) in a YAML text")
    guard let exponent = description.firstIndex(of: "e") else { return description }
    let (mantissa, power) = (description[..<exponent], description[exponent...].dropFirst())
    return mantissa + (mantissa.contains(".") ? "" : ".0") + "e"
      + (power.hasPrefix("-") || power.hasPrefix("+") ? "" : "+") + power
  }
}
