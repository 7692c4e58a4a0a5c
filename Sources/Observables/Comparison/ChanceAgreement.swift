extension Curve {
  /// The curve with the root mean square of its other errors where runs agree exactly.
  ///
  /// Few runs may agree by chance in what is counted, such as wrong answers: no spread is then no
  /// sign of no error. A curve without any spread is exact and stays so. `[compare.chance]`
  var withoutChanceAgreement: Curve {
    let errors = estimates.map(\.standardError).filter { $0 > 0 }
    guard !errors.isEmpty, errors.count < estimates.count else { return self }
    let typical = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    return Curve(
      observable: observable, steps: steps,
      estimates: estimates.map {
        $0.standardError > 0 ? $0 : Estimate($0.value, standardError: typical)
      }, replicas: replicas)
  }
}
