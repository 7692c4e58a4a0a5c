import NumericalKit
import Testing

/// Text in quotes is one value to JSON and YAML, on one line.
@Suite struct QuotedTextTests {
  @Test(arguments: [
    ("plain ä 😀", "\"plain ä 😀\""), ("a\"b\\c", #""a\"b\\c""#),
    ("\n\t\r\u{0}", #""\n\t\u000d\u0000""#),
    ("\u{85}\u{2028}\u{FEFF}\u{FFFE}", #""\u0085\u2028\ufeff\ufffe""#),
    ("\u{E0001}", "\"\u{E0001}\""),  // YAML has no pairs of escapes
  ])
  func charactersThatDoNotPrintAreEscaped(text: String, quoted: String) {
    #expect(text.quoted == quoted)
    #expect(String(quoted: quoted) == text)
  }
}
