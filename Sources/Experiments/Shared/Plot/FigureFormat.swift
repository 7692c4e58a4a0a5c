internal import Foundation

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

  /// Whether `drawing` begins and ends as a file of this format does.
  func isComplete(_ drawing: Data) -> Bool {
    let (start, end): ([UInt8], [UInt8]) =
      switch self {
      case .svg: (Array("<?xml".utf8), Array("</svg>".utf8))
      case .pdf: (Array("%PDF-".utf8), Array("%%EOF".utf8))
      case .png:
        ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82])
      }
    let blanks = Set(" \n\r\t".utf8)
    let trimmed = drawing.reversed().drop { blanks.contains($0) }
    return drawing.starts(with: start) && trimmed.starts(with: end.reversed())
  }

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
