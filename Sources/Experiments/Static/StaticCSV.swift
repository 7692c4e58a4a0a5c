internal import Limits

/// `static.csv`: one line per point; the scanned key comes first, what does not exist is empty, and
/// what is infinite is `inf`.
public enum StaticCSV {
  /// The first line.
  public static func header(_ scan: StaticScan) -> String {
    let names = scan.points.first?.quantities.map(\.name) ?? []
    return ((scan.request.map { [$0.key] } ?? []) + ["regime"] + names).joined(separator: ",")
  }

  /// Writes all points.
  public static func write(_ scan: StaticScan, to writer: inout ByteWriter) throws {
    try writer.write(header(scan) + "\n")
    for point in scan.points {
      if let value = point.value {
        try writer.write(value)
        try writer.write(",")
      }
      try writer.write(point.minimiser.regime.rawValue)
      for (_, value) in point.quantities {
        try writer.write(",")
        if let value { try writer.write(value) }
      }
      try writer.write("\n")
    }
  }
}
