/// The cells of a CSV text that a test reads back; the text quotes nothing.
public enum CSVText {
  /// All lines, each as its cells.
  public static func lines(_ text: String) -> [[String]] {
    text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The lines behind the first one, by the names that it holds.
  public static func rows(_ text: String) -> [[String: String]] {
    let lines = lines(text)
    return lines.dropFirst().map { line in
      precondition(line.count == lines[0].count, "\(line) below \(lines[0])")
      return Dictionary(uniqueKeysWithValues: zip(lines[0], line))
    }
  }
}
