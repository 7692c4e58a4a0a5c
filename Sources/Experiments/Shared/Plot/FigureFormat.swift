/// The format of a figure.
public enum FigureFormat: String, Sendable, CaseIterable {
  /// Lines and text, for browsers and editors.
  case svg
  /// Lines and text, for papers.
  case pdf
  /// Dots, two in a pixel of the layout.
  case png

  /// The name of the file in the folder of a run.
  public var fileName: String { "figure.\(rawValue)" }

  /// gnuplot's command for a figure of so many pixels.
  func terminal(width: Int, height: Int) -> String {
    let common = "font 'Helvetica,15' background '#ffffff'"
    switch self {
    case .svg: return "set terminal svg size \(width),\(height) dynamic \(common)"
    case .pdf:
      let inches = [width, height].map { "\(Double($0) / 96)in" }.joined(separator: ",")
      return "set terminal pdfcairo size \(inches) \(common) fontscale 0.55 linewidth 1.5 "
        + "pointscale 1.4"
    case .png:
      return "set terminal pngcairo size \(2 * width),\(2 * height) \(common) fontscale 1.5 "
        + "linewidth 2 pointscale 3"
    }
  }
}
