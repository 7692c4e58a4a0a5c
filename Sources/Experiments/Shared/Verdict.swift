extension Study {
  /// What a command that draws and compares found.
  public struct Verdict: Sendable {
    /// The text for standard output.
    public let text: String
    /// One sentence if there is no figure.
    public let warning: String?
    /// Whether theory and training agree; true if they were not compared.
    public let agrees: Bool
  }
}
