internal import LearningProblem

/// What `dmft bounds` was asked; `BoundsStudy` refuses what makes no sense.
public struct BoundsRequest: Sendable {
  /// F, operations of the training (FLOPs).
  public var operations: Double?
  /// M, parameters.
  public var parameters: Double?
  /// D, samples in the training set.
  public var samples: Double?
  /// T in kelvin.
  public var temperature = 298.0
  /// P, bits per parameter.
  public var bits = 16.0
  /// Decay of the update rates; several values give several estimates.
  public var gamma: [Double] = []
  /// N, updates of each parameter; nil is infinity.
  public var updates: Double?
  /// Rates e^(-γ n) instead of n^-(1 + γ).
  public var exponential = false
  /// A run whose writes are the rates.
  public var schedule: String?
  /// Joules that a device spends on a bit.
  public var bitEnergyJoules: Double?
  /// The published workloads instead of one from the command line.
  public var workloads = false
  /// The barrier height against the update instead of energies.
  public var barrier = false
  /// CSV instead of a text table.
  public var csv = false

  /// The defaults, without a workload.
  public init() {}

  /// Throws `UsageError` for the first option that cannot be taken.
  func validate() throws {
    let largest = 1e60
    for (option, value) in [
      ("--operations", operations), ("--parameters", parameters), ("--samples", samples),
    ] {
      try check(option, value, "a count from 1 to \(largest)") { (1...largest).contains($0) }
    }
    let (smallest, smallestEnergy) = (Magnitude.smallest, Magnitude.smallestSquare)
    try check("--temperature", temperature, "kelvin, from \(smallest) to 1e9") {
      (smallest...1e9).contains($0)
    }
    try check("--bits", bits, "from 1 to 128 bits") { (1...128).contains($0) }
    for value in gamma {
      try check("--gamma", value, "0, or a number from \(smallest) to 1000") {
        $0 == 0 || (smallest...1000).contains($0)
      }
    }
    try check("--updates", updates, "a whole number from 1 to 1e15") {
      (1...1e15).contains($0) && $0 == $0.rounded()
    }
    try check("--bit-energy", bitEnergyJoules, "joules, from \(smallestEnergy) to 1") {
      (smallestEnergy...1).contains($0)
    }
    try checkCombinations()
  }

  private func checkCombinations() throws {
    let counts = [
      ("--operations", operations), ("--parameters", parameters), ("--samples", samples),
    ]
    if workloads || barrier {
      let mode = workloads ? "--workloads" : "--barrier"
      for (option, value) in counts {
        if let value { throw UsageError(option, found: "\(value)", allowed: "not with \(mode)") }
      }
    } else {
      for (option, value) in counts.prefix(2) where value == nil {
        throw UsageError(
          option, found: "nothing",
          allowed: "a count from 1; both --operations and --parameters are needed, or --workloads, "
            + "or --barrier")
      }
    }
    if barrier {
      if workloads { throw UsageError("--barrier", found: "--workloads", allowed: "one of them") }
      if let bitEnergyJoules {
        throw UsageError("--bit-energy", found: "\(bitEnergyJoules)", allowed: "not with --barrier")
      }
    }
    if schedule != nil, !gamma.isEmpty || updates != nil || exponential {
      throw UsageError(
        "--schedule", found: "also --gamma, --updates or --exponential",
        allowed: "rates from one place only")
    }
    if exponential, gamma.isEmpty {
      throw UsageError("--exponential", found: "no --gamma", allowed: "one --gamma or more")
    }
    if updates == nil, !barrier, gamma.contains(0) {
      throw UsageError(
        "--gamma", found: "0 without --updates",
        allowed: "a number above 0, or a finite number of --updates: the sum of rates diverges")
    }
  }

  private func check(
    _ option: String, _ value: Double?, _ allowed: String, _ holds: (Double) -> Bool
  ) throws {
    guard let value, !holds(value) else { return }  // nan holds nowhere
    throw UsageError(option, found: "\(value)", allowed: allowed)
  }
}
