import Foundation
import RunStorage

/// A fresh folder for a test, removed at the end.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "/dmft-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// The text of a file.
func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// Writes a run into a folder, in place when `body` returns.
func writing(to folder: String, _ body: (RunDirectory) throws -> Void) throws {
  try RunDirectory.writing(to: folder, force: true) { (try body($0), "") }
}
