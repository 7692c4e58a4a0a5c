import TestSupport

extension DmftProcess {
  /// Options with which a task takes some seconds.
  static let slowTask = [
    "--set", "steps=500", "--set", "theory.trajectories=20000", "--no-kernels",
  ]

  /// Plans a sweep of four tasks called `s`.
  func planSweep(
    _ more: [String] = [],
    vary: [String] = ["samples_per_weight=1,2", "weight_mask.density=0.5,1"],
    options: [String] = ["--no-kernels"]
  ) throws -> Outcome {
    try callAsFunction(
      ["sweep", "plan", "small.yaml", "--output", "s", "--no-probe"]
        + vary.flatMap { ["--vary", $0] } + more + ["--"] + options)
  }

  /// The rows of `sweep.csv`, but wall times.
  func sweepTable(_ sweep: String = "s") throws -> [[String: String]] {
    CSVText.rows(try text("\(sweep)/collected/sweep.csv")).map { row in
      row.filter { $0.key != "wall_time_seconds" }
    }
  }
}
