internal import Foundation

/// The text of a problem file, read once, and what messages call it.
public struct ProblemSource: Sendable {
  /// The path, or `stdin` for what comes through a pipe.
  public let name: String
  /// The text.
  public let text: String

  /// The most bytes of a problem file.
  static let largest = 4 << 20

  /// A text that is already here.
  public init(text: String, name: String) {
    self.text = text
    self.name = name
  }

  /// Reads the file at `path`, which may be a pipe; `-` is standard input.
  ///
  /// Throws `ProblemError`.
  public init(path: String) throws {
    let isPipe = path == "-" || path == "/dev/stdin" || path.hasPrefix("/dev/fd/")
    name = isPipe ? "stdin" : path
    let place = name
    func error(_ found: String, _ allowed: String) -> ProblemError {
      ProblemError(file: place, path: "", found: found, allowed: allowed)
    }
    let readable = "a readable problem file (`dmft example` prints one)"
    let file = path == "-" ? "/dev/stdin" : path
    guard FileManager.default.fileExists(atPath: file) else {
      throw error("no such file", readable)
    }
    guard !FileManager.default.fileExists(atPath: file + "/.") else {
      throw error("a folder", readable)
    }
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw error("a file that cannot be read", readable)
    }
    var data = Data()
    do {
      while let block = try handle.read(upToCount: 1 << 16), !block.isEmpty {
        data.append(block)
        guard data.count <= Self.largest else {
          throw error("more than \(Self.largest >> 20) MB", "a problem file, which is short")
        }
      }
    } catch let error as ProblemError {
      throw error
    } catch {
      throw ProblemError(
        file: place, path: "", found: "a file that cannot be read", allowed: readable)
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw error("bytes that are not UTF-8", "a YAML text")
    }
    self.text = text
  }
}
