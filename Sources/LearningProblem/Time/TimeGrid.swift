/// The steps of a learning rule and the times at which they happen: t(0) = 0, t(s+1) = t(s) + η(s).
/// `[problem.time]`
///
/// In continuous time a step is one of an integration, and η its size. `[flow.limit]`
public struct TimeGrid: Sendable {
  /// η > 0, the step size, as a function of the step.
  public let learningRate: Schedule
  /// T >= 1, the number of steps.
  public let steps: Int
  /// Whether the steps integrate a flow, and are not those of a rule.
  public let isIntegration: Bool
  /// The steps of the run that schedules are made for: T, or more if this is the first part of it.
  public let horizon: Int
  private let times: [Double]  // of steps of different sizes
  private let duration: Double  // of a flow
  private let clock: [Double]  // of the points of a flow; none if they are η apart

  /// Creates a grid of `steps` >= 1 steps of the size `learningRate` > 0.
  public init(learningRate: Schedule, steps: Int) {
    self.init(learningRate, steps, horizon: steps, isIntegration: false, duration: 0, clock: [])
  }

  /// Creates a grid of steps that integrate a flow.
  ///
  /// - Parameters:
  ///   - step: the size of the steps, > 0.
  ///   - steps: their number, at least 1.
  ///   - duration: that of the flow, which cosines are made for.
  ///   - clock: the times of its points 0...steps, at which schedules are read `[schedule.flow]`;
  ///     none if they are as far apart as `step`.
  public init(ofFlow step: Double, steps: Int, duration: Double, clock: [Double] = []) {
    precondition(clock.isEmpty || clock.count == steps + 1, "\(clock.count) times")
    self.init(
      .constant(step), steps, horizon: steps, isIntegration: true, duration: duration,
      clock: clock)
  }

  private init(
    _ learningRate: Schedule, _ steps: Int, horizon: Int, isIntegration: Bool, duration: Double,
    clock: [Double]
  ) {
    precondition(
      learningRate.constant ?? 1 > 0 && steps >= 1,
      "learningRate \(learningRate) must be > 0 and steps \(steps) >= 1")
    self.learningRate = learningRate
    self.steps = steps
    self.horizon = horizon
    self.isIntegration = isIntegration
    self.duration = duration
    self.clock = clock
    var times = [Double]()
    if !learningRate.isConstant {
      times = [0]
      for step in 0..<steps {
        times.append(times[step] + learningRate.value(at: Double(step), of: Double(horizon)))
      }
    }
    self.times = times
  }

  /// The first steps of this grid, at least one of them.
  public func first(_ count: Int) -> TimeGrid {
    TimeGrid(
      learningRate, max(1, min(count, steps)), horizon: horizon, isIntegration: isIntegration,
      duration: duration, clock: Array(clock.prefix(max(1, min(count, steps)) + 1)))
  }

  /// The same steps with the size `rate` > 0 of the first one, and all others in proportion.
  public func starting(at rate: Double) -> TimeGrid {
    let scaled =
      learningRate.isConstant
      ? .constant(rate) : learningRate.scaled(by: rate / self.rate(at: 0))
    return TimeGrid(
      scaled, steps, horizon: horizon, isIntegration: isIntegration, duration: duration,
      clock: clock)
  }

  /// The number that a schedule has at a step, or at the time of a point of an integration.
  public func value(of schedule: Schedule, at step: Int) -> Double {
    guard isIntegration else { return schedule.value(at: Double(step), of: Double(horizon)) }
    return schedule.value(
      at: clock.isEmpty ? moment(step) : clock[step], of: duration)
  }

  /// The number that a schedule has a part of a step, from 0 to 1, after a point of an integration
  /// in equal steps.
  public func value(of schedule: Schedule, at step: Int, plus part: Double) -> Double {
    schedule.value(at: moment(step) + part * rate(at: step), of: duration)
  }

  /// The time of a point of an integration in equal steps.
  private func moment(_ step: Int) -> Double {
    (learningRate.constant ?? 0) * Double(step)
  }

  /// The schedule that holds at every step what `schedule` has at this one.
  public func settled(_ schedule: Schedule, at step: Int) -> Schedule {
    schedule.isConstant ? schedule : .constant(value(of: schedule, at: step))
  }

  /// The numbers that a schedule has at all steps.
  public func values(of schedule: Schedule) -> [Double] {
    (0..<steps).map { value(of: schedule, at: $0) }
  }

  /// The numbers that a schedule has at all steps, and at the time after the last of them.
  public func valuesWithLast(of schedule: Schedule) -> [Double] {
    (0...steps).map { value(of: schedule, at: $0) }
  }

  /// η(s), the size of step number `step`, from 0 to T - 1.
  public func rate(at step: Int) -> Double { value(of: learningRate, at: step) }

  /// What synapses share at a step, but for what competition decides.
  public func updateStep(at step: Int) -> UpdateStep {
    let rate = rate(at: step)
    return UpdateStep(learningRate: rate, relativeRate: rate / self.rate(at: 0))
  }

  /// t, the sum of the sizes of the steps before `step`.
  public func time(at step: Int) -> Double {
    switch learningRate {
    case .constant(let rate): rate * Double(step)
    case .varying: times[step]
    }
  }
}
