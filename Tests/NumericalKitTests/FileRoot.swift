import Foundation

/// Runs `body` with a folder that holds files of these names and texts, as the root of a machine.
func withRoot<Result>(
  of files: [String: String], _ body: (String) throws -> Result
) throws -> Result {
  let root = NSTemporaryDirectory() + "/root-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: root) }
  for (name, text) in files {
    let url = URL(fileURLWithPath: "\(root)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
  return try body(root)
}
