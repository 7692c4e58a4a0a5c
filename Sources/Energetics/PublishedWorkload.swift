/// A training run whose energy was published, beside what the bounds need to know of it.
///
/// Sources: D. Patterson et al., arXiv:2104.10350 (2021), Table 4; R. Thoppilan et al.,
/// arXiv:2201.08239 (2022); and for the brain the extrapolation of Chen et al., Fig. 5.
public struct PublishedWorkload: Sendable {
  /// Its usual name.
  public let name: String
  /// Operations and parameters.
  public let workload: Workload
  /// What the hardware drew, in joules: measured or estimated by those who published it.
  public let reportedJoules: Double

  /// Joules in a megawatt hour.
  public static let joulesPerMegawattHour = 3.6e9

  private init(_ name: String, parameters: Double, operations: Double, megawattHours: Double) {
    self.name = name
    workload = Workload(operations: operations, parameters: parameters)
    reportedJoules = megawattHours * Self.joulesPerMegawattHour
  }

  /// The six models of Chen et al., Fig. 6, and their brain-scale model, which nobody has trained.
  public static let all = [
    PublishedWorkload("T5", parameters: 11e9, operations: 4.05e22, megawattHours: 85.7),
    PublishedWorkload("Meena", parameters: 2.6e9, operations: 1.12e23, megawattHours: 232),
    PublishedWorkload("GShard-600B", parameters: 619e9, operations: 1.33e22, megawattHours: 24.1),
    PublishedWorkload(
      "Switch Transformer", parameters: 1500e9, operations: 8.22e22, megawattHours: 179),
    PublishedWorkload("GPT-3", parameters: 175e9, operations: 3.14e23, megawattHours: 1287),
    PublishedWorkload("LaMDA", parameters: 137e9, operations: 3.55e23, megawattHours: 451),
    PublishedWorkload(
      "brain-scale (extrapolated)", parameters: 1e15, operations: 1e28, megawattHours: 2.78e7),
  ]
}
