import Foundation
import PackagePlugin

/// Writes `SourceCommit.swift` before each build: the commit that the sources are at, and whether
/// they differ from it. `nil` where git or its folder is missing, as in an archive of the sources.
@main
struct SourceCommit: BuildToolPlugin {
  /// `$1` is the package, `$2` the folder for the file, which is left alone if nothing changes.
  private static let script = """
    cd "$1" || exit 1
    commit=nil
    changed=nil
    if [ "$(git rev-parse --show-toplevel 2> /dev/null)" = "$(pwd -P)" ] &&
      found=$(git rev-parse --verify HEAD 2> /dev/null); then
      commit="\\"$found\\""
      sources="Sources Plugins Package.swift Package.resolved"
      if [ -z "$(git --no-optional-locks status --porcelain -- $sources 2> /dev/null)" ]; then
        changed=false
      else
        changed=true
      fi
    fi
    text="/// The commit that this program was built from, and whether its sources differed from it.
    enum SourceCommit {
      static let commit: String? = $commit
      static let hasChanges: Bool? = $changed
    }"
    mkdir -p "$2"
    [ "$text" = "$(cat "$2/SourceCommit.swift" 2> /dev/null)" ] ||
      printf '%s\\n' "$text" > "$2/SourceCommit.swift"
    """

  func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
    let folder = context.pluginWorkDirectoryURL.appending(path: "Generated")
    return [
      .prebuildCommand(
        displayName: "Commit of the sources", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", Self.script, "sh", context.package.directoryURL.path, folder.path],
        outputFilesDirectory: folder)
    ]
  }
}
