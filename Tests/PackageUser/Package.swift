// swift-tools-version: 6.2
import PackageDescription

/// A program of somebody else: `run` copies this file to a folder of its own in `.build`, with the
/// Swift of docs/tutorials/5-from-swift.md as one program, and another that uses the loss of
/// docs/how-to/your-first-contribution.md.
let package = Package(
  name: "package-user",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "masked-dmft", path: "../..")],
  targets: [
    .executableTarget(
      name: "PackageUser", dependencies: [.product(name: "MaskedDMFT", package: "masked-dmft")]),
    .executableTarget(
      name: "Contribution",
      dependencies: [.product(name: "MaskedDMFT", package: "masked-dmft")]),
  ]
)
