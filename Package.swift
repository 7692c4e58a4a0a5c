// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

/// A target of this package, with the settings that hold everywhere.
func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A test target named after the layer it tests.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "masked-dmft",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "MaskedDMFT", targets: ["MaskedDMFT"]),
    .executable(name: "dmft", targets: ["dmft"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.3"),
  ],
  targets: [
    .systemLibrary(
      name: "CNumerics",
      pkgConfig: "openblas",
      providers: [
        .apt([
          "libopenblas-dev", "libgsl-dev", "libfftw3-dev", "libnlopt-dev", "librandom123-dev",
          "pkg-config",
        ])
      ]),
    .systemLibrary(name: "CSystem"),
    library("NumericalKit", ["CNumerics"]),
    library("RunStorage", ["CSystem", "NumericalKit"]),
    library("LearningProblem", ["NumericalKit", .product(name: "Yams", package: "Yams")]),
    library("Observables", ["LearningProblem", "NumericalKit"]),
    library("MeanField", ["LearningProblem", "NumericalKit", "Observables"]),
    library("Training", ["LearningProblem", "NumericalKit", "Observables"]),
    library("Limits", ["LearningProblem", "NumericalKit", "Observables"]),
    library("Stationary", ["LearningProblem", "NumericalKit", "Observables"]),
    library("DataFitting", ["LearningProblem", "NumericalKit", "Observables"]),
    library("Energetics", ["NumericalKit"]),
    library(
      "MaskedDMFT",
      [
        "DataFitting", "Energetics", "LearningProblem", "Limits", "MeanField", "NumericalKit",
        "Observables", "Stationary", "Training",
      ]),
    library(
      "Experiments",
      [
        "DataFitting", "Energetics", "LearningProblem", "Limits", "MaskedDMFT", "MeanField",
        "NumericalKit", "Observables", "RunStorage", "Stationary", "Training",
        .product(name: "Yams", package: "Yams"),
      ]),
    .executableTarget(
      name: "dmft",
      dependencies: [
        "Experiments", "LearningProblem", "NumericalKit", "RunStorage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings,
      plugins: ["SourceCommit"]),
    .plugin(name: "SourceCommit", capability: .buildTool()),
    .executableTarget(
      name: "dmft-benchmarks",
      dependencies: ["LearningProblem", "MeanField", "NumericalKit", "Observables", "Training"],
      path: "Sources/dmft-benchmarks",
      swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "LearningProblem", "Limits", "MaskedDMFT", "MeanField", "NumericalKit", "Observables",
        "Stationary", "Training",
      ],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    tests("NumericalKitTests", ["CNumerics", "NumericalKit"]),
    tests("RunStorageTests", ["NumericalKit", "RunStorage"]),
    tests("LearningProblemTests", ["LearningProblem", "NumericalKit", "TestSupport"]),
    tests("EnergeticsTests", ["Energetics"]),
    tests(
      "ObservablesTests", ["LearningProblem", "NumericalKit", "Observables", "TestSupport"]),
    tests(
      "MeanFieldTests",
      ["LearningProblem", "MeanField", "NumericalKit", "Observables", "TestSupport"]),
    tests(
      "LimitsTests",
      [
        "LearningProblem", "Limits", "MeanField", "NumericalKit", "Observables", "TestSupport",
        "Training",
      ]),
    tests(
      "StationaryTests",
      ["LearningProblem", "MeanField", "NumericalKit", "Observables", "Stationary", "TestSupport"]),
    tests(
      "DataFittingTests",
      [
        "DataFitting", "LearningProblem", "MaskedDMFT", "MeanField", "NumericalKit", "Observables",
        "TestSupport", "Training",
      ]),
    tests(
      "TrainingTests",
      ["LearningProblem", "NumericalKit", "Observables", "TestSupport", "Training"]),
    tests(
      "ExperimentsTests",
      [
        "Energetics", "Experiments", "LearningProblem", "MaskedDMFT", "MeanField", "NumericalKit",
        "Observables", "RunStorage", "TestSupport",
      ]),
    tests(
      "CommandLineTests",
      ["Experiments", "LearningProblem", "MaskedDMFT", "NumericalKit", "TestSupport"]),
    tests(
      "TheoryAgainstTrainingTests",
      [
        "Experiments", "LearningProblem", "Limits", "MaskedDMFT", "MeanField", "NumericalKit",
        "Observables", "TestSupport", "Training",
      ]),
    tests("MaskedDMFTTests", ["MaskedDMFT", "TestSupport"]),
    tests("TheoryLabelsTests", []),
    tests("HouseTests", []),
  ]
)
