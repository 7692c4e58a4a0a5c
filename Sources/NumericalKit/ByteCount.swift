/// A number of bytes for messages.
public enum ByteCount {
  /// Two digits or three, as in 3.1 GB or 210 MB; whole bytes below 1 kB.
  public static func text(_ bytes: Double) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var (value, unit) = (bytes, 0)
    while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1e3, unit + 1) }
    let isShort = unit > 0 && value < 9.95
    let digits = isShort ? (value * 10).rounded() / 10 : value.rounded()
    let number = isShort || value >= 1e15 ? "\(digits)" : "\(Int(digits))"
    return "\(number) \(units[unit])"
  }
}
