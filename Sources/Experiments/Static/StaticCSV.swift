internal import Limits
public import RunStorage

/// `static.csv`: one line per point; the scanned key comes first, what does not exist is empty, and
/// what is infinite is `inf`.
public enum StaticCSV {
  /// Writes all points.
  public static func write(_ scan: StaticScan, to writer: inout ByteWriter) throws {
    let key = scan.request.map { [$0.key] } ?? []
    let names = scan.points.first?.quantities.map(\.name) ?? []
    let rows = scan.points.map { point -> [CSVCell] in
      let place = point.value.map { [CSVCell.number($0)] } ?? []
      return place + [.text(point.minimiser.regime.rawValue)]
        + point.quantities.map { .limit($0.value) }
    }
    try CSVWriter.write(key + ["regime"] + names, rows, to: &writer)
  }
}
