internal import Foundation

extension Section {
  /// A file that the problem file names.
  package struct NamedFile: Sendable, Equatable {
    /// The path of the key that names it.
    package let key: String
    /// Where it is.
    package let path: String
  }

  /// The path of the file that a key names: beside the problem file, or else in the working
  /// directory.
  public func located(_ parameter: Parameter) throws -> String {
    let path = place(of: try text(parameter) ?? "")
    record.inputs.append(NamedFile(key: fullPath(parameter.name), path: path))
    return path
  }

  private func place(of name: String) -> String {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let beside = folder.appendingPathComponent(name).path
    let isBeside = !name.hasPrefix("/") && FileManager.default.fileExists(atPath: beside)
    guard isBeside, folder.standardized != URL(fileURLWithPath: ".").standardized else {
      return name
    }
    return beside
  }
}
