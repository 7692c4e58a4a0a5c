/// Inputs without structure, x ~ N(0, I_d), and labels by a linear rule. `[problem.teacher]`
public struct LinearTeacher: DataModel {
  public static let kind = "linear-teacher"
  public static let summary = "inputs N(0, 1), label v.x/sqrt d + noise or its sign"
  public static let parameters = [labelsKey, noiseKey]
  static let labelsKey = Parameter(
    "labels", .choice(Teacher.Labels.allCases.map(\.rawValue)),
    "regression: v.x/sqrt d + noise N(0, 1); sign: its sign, without noise", default: "regression")
  static let noiseKey = Parameter(
    "noise", .number(.nonNegative), "standard deviation of the noise on a regression label",
    default: "0")

  public let clusters = [Cluster(probability: 1, centre: [0], label: 0, variance: 1)]
  public let teacher: Teacher?

  /// Creates the data; see `Teacher`.
  public init(labels: Teacher.Labels = .regression, noise: Double = 0) {
    teacher = Teacher(labels: labels, noise: noise)
  }

  public init(from section: Section) throws {
    let labels =
      Teacher.Labels(rawValue: try section.choice(Self.labelsKey)) ?? .regression
    let noise = try section.number(Self.noiseKey)
    guard labels == .regression || noise == 0 else {
      throw section.problem(
        "noise", found: "\(noise) with labels \(labels.rawValue)",
        allowed: "noise 0 (or no such key) unless labels is regression")
    }
    self.init(labels: labels, noise: noise)
  }
}
