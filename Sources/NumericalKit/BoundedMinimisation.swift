internal import CNumerics

/// Minima of functions of several variables, each between bounds, with inequalities: NLopt.
///
/// S. G. Johnson, The NLopt nonlinear-optimization package, github.com/stevengj/nlopt. All methods
/// are local and deterministic.
public enum BoundedMinimisation {
  /// How a minimum is looked for.
  public enum Method: String, Sendable, CaseIterable {
    /// Limited-memory BFGS: gradients, no inequalities (J. Nocedal, Math. Comput. 35, 773 (1980)).
    case lbfgs = "l-bfgs"
    /// Moving asymptotes: gradients and inequalities (K. Svanberg, SIAM J. Optim. 12, 555 (2002)).
    case mma
    /// Sequential quadratic programming: gradients and inequalities; the cost of a step grows with
    /// the third power of the number of variables (D. Kraft, ACM TOMS 20, 262 (1994)).
    case slsqp
    /// Quadratic models: at least two variables, neither gradients nor inequalities
    /// (M. J. D. Powell, DAMTP 2009/NA06).
    case bobyqa
    /// Linear models: inequalities without gradients (M. J. D. Powell, in Advances in Optimization
    /// and Numerical Analysis (1994), 51).
    case cobyla

    /// Whether it asks for gradients.
    public var needsGradients: Bool {
      switch self {
      case .lbfgs, .mma, .slsqp: true
      case .bobyqa, .cobyla: false
      }
    }

    /// Whether it takes inequalities.
    public var takesInequalities: Bool {
      switch self {
      case .mma, .slsqp, .cobyla: true
      case .lbfgs, .bobyqa: false
      }
    }

    fileprivate var algorithm: nlopt_algorithm {
      switch self {
      case .lbfgs: NLOPT_LD_LBFGS
      case .mma: NLOPT_LD_MMA
      case .slsqp: NLOPT_LD_SLSQP
      case .bobyqa: NLOPT_LN_BOBYQA
      case .cobyla: NLOPT_LN_COBYLA
      }
    }
  }

  /// A function at a place: its value, and its gradient where the method asks for it.
  public struct Value: Sendable {
    /// The value, finite.
    public let value: Double
    /// The derivatives with respect to all variables; empty for a method without gradients.
    public let gradient: [Double]

    /// A value with its gradient.
    public init(_ value: Double, gradient: [Double] = []) {
      self.value = value
      self.gradient = gradient
    }
  }

  /// What is known at a place.
  public struct Evaluation: Sendable {
    /// What is to be small.
    public let objective: Value
    /// What must not be positive.
    public let inequalities: [Value]

    /// An evaluation; `inequalities` are as many at every place.
    public init(objective: Value, inequalities: [Value] = []) {
      self.objective = objective
      self.inequalities = inequalities
    }

    /// The largest inequality that is violated; 0 if none is.
    public var violation: Double { inequalities.reduce(0) { max($0, $1.value) } }
  }

  /// Why a search ended.
  public enum Ending: String, Sendable {
    /// Steps or gains became smaller than the tolerance.
    case converged
    /// All evaluations were used.
    case evaluations
    /// Rounding leaves nothing to gain, or the method gave up.
    case stalled
  }

  /// The best place of a search.
  public struct Result: Sendable {
    /// The variables.
    public let place: [Double]
    /// The objective there.
    public let value: Double
    /// The largest inequality that is violated there; 0 if none is.
    public let violation: Double
    /// Places that were evaluated.
    public let evaluations: Int
    /// Why it ended.
    public let ending: Ending
  }

  /// Whether a value is better than another: smaller, where both violate their inequalities by no
  /// more than `slack`, or equally; else that which violates them less.
  private static func isBetter(
    _ value: Double, violating violation: Double, than other: Double,
    violating otherViolation: Double, slack: Double
  ) -> Bool {
    let violations = (max(violation, slack), max(otherViolation, slack))
    return violations.0 != violations.1 ? violations.0 < violations.1 : value < other
  }

  /// The best of several searches, at least one, that had the same `slack`.
  public static func best(of results: [Result], slack: Double = 0) -> Result {
    guard
      let best = results.min(by: {
        isBetter(
          $0.value, violating: $0.violation, than: $1.value, violating: $1.violation, slack: slack)
      })
    else { preconditionFailure("no results") }
    return best
  }

  /// Minimises a function between bounds.
  ///
  /// - Parameters:
  ///   - method: see there; `bobyqa` needs two variables.
  ///   - start: where the search starts, within the bounds.
  ///   - lower: the lower bounds.
  ///   - upper: the upper bounds, above the lower ones.
  ///   - step: the first step of a method without gradients, in units of the bounds' distance.
  ///   - tolerance: the search stops where a step changes the objective by less, relative to its
  ///     size, or all variables by less, relative to the bounds' distance.
  ///   - slack: inequalities count as met up to this.
  ///   - evaluations: the most calls of `function`.
  ///   - function: finite everywhere between the bounds.
  /// - Returns: the best place of all that were evaluated: the smallest value where inequalities
  ///   are met, else the smallest violation.
  /// - Throws: what `function` throws, which ends the search.
  public static func minimise<Failure: Error>(
    by method: Method, from start: [Double], lower: [Double], upper: [Double], step: Double = 0.1,
    tolerance: Double, slack: Double = 0, evaluations: Int,
    _ function: ([Double]) throws(Failure) -> Evaluation
  ) throws(Failure) -> Result {
    precondition(
      !start.isEmpty && lower.count == start.count && upper.count == start.count
        && zip(lower, upper).allSatisfy { $0 < $1 },
      "bounds \(lower), \(upper) of \(start.count) variables")
    precondition(method != .bobyqa || start.count > 1, "bobyqa with one variable")
    let start = start.indices.map { min(max(start[$0], lower[$0]), upper[$0]) }
    var search = Search(slack: slack)
    var failure: Failure?
    func evaluated(_ place: [Double]) -> Evaluation? {
      if failure != nil { return nil }
      if let known = search.last, known.place == place { return known.evaluation }
      do throws(Failure) {
        let evaluation = try function(place)
        search.note(place, evaluation)
        return evaluation
      } catch {
        failure = error
        return nil
      }
    }
    guard let first = evaluated(start) else {
      if let failure { throw failure }
      preconditionFailure("no evaluation and no failure")
    }
    precondition(
      first.inequalities.isEmpty || method.takesInequalities, "\(method) with inequalities")
    let status = run(
      method, start, lower, upper, step, tolerance, slack, evaluations,
      inequalities: first.inequalities.count, evaluated)
    if let failure { throw failure }
    return search.result(ending(status))
  }

  /// The places that were evaluated, as far as they matter.
  private struct Search {
    let slack: Double
    var last: (place: [Double], evaluation: Evaluation)?
    var best: (place: [Double], evaluation: Evaluation)?
    var count = 0

    init(slack: Double) { self.slack = slack }

    mutating func note(_ place: [Double], _ evaluation: Evaluation) {
      last = (place, evaluation)
      count += 1
      if best.map({
        BoundedMinimisation.isBetter(
          evaluation.objective.value, violating: evaluation.violation,
          than: $0.evaluation.objective.value, violating: $0.evaluation.violation, slack: slack)
      }) ?? true {
        best = (place, evaluation)
      }
    }

    func result(_ ending: Ending) -> Result {
      guard let best else { preconditionFailure("no place was evaluated") }
      return Result(
        place: best.place, value: best.evaluation.objective.value,
        violation: best.evaluation.violation, evaluations: count, ending: ending)
    }
  }

  private static func ending(_ status: nlopt_result) -> Ending {
    switch status {
    case NLOPT_MAXEVAL_REACHED, NLOPT_MAXTIME_REACHED: .evaluations
    case NLOPT_SUCCESS, NLOPT_FTOL_REACHED, NLOPT_XTOL_REACHED, NLOPT_STOPVAL_REACHED: .converged
    default: .stalled
    }
  }

  /// What a callback of NLopt asks for: the objective (nil) or all inequalities, at a place.
  private typealias Question = (
    _ place: UnsafePointer<Double>, _ values: UnsafeMutablePointer<Double>,
    _ gradient: UnsafeMutablePointer<Double>?
  ) -> Void

  private static func run(
    _ method: Method, _ start: [Double], _ lower: [Double], _ upper: [Double], _ step: Double,
    _ tolerance: Double, _ slack: Double, _ evaluations: Int, inequalities: Int,
    _ evaluated: ([Double]) -> Evaluation?
  ) -> nlopt_result {
    let count = start.count
    guard let search = unsafe nlopt_create(method.algorithm, UInt32(count)) else {
      preconditionFailure("no memory for a minimisation of \(count) variables")
    }
    defer { unsafe nlopt_destroy(search) }
    let widths = zip(lower, upper).map { $1 - $0 }
    unsafe nlopt_set_lower_bounds(search, lower)
    unsafe nlopt_set_upper_bounds(search, upper)
    unsafe nlopt_set_maxeval(search, Int32(clamping: evaluations))
    unsafe nlopt_set_ftol_rel(search, tolerance)
    unsafe nlopt_set_xtol_abs(search, widths.map { tolerance * $0 })
    if !method.needsGradients {
      unsafe nlopt_set_initial_step(search, widths.map { step * $0 })
    }
    return withoutActuallyEscaping(evaluated) { evaluated in
      /// Answers with values and gradients, or stops the search if there are none.
      func answer(
        _ place: UnsafePointer<Double>, _ values: UnsafeMutablePointer<Double>,
        _ gradient: UnsafeMutablePointer<Double>?, _ part: (Evaluation) -> [Value]
      ) {
        let place = (0..<count).map { unsafe place[$0] }
        guard let evaluation = evaluated(place) else {
          unsafe nlopt_force_stop(search)
          return
        }
        for (row, value) in part(evaluation).enumerated() {
          unsafe values[row] = value.value
          guard let gradient = unsafe gradient else { continue }
          for column in 0..<count {
            unsafe gradient[row * count + column] = value.gradient[column]
          }
        }
      }
      let objective: Question = { unsafe answer($0, $1, $2) { [$0.objective] } }
      let limits: Question = { unsafe answer($0, $1, $2) { $0.inequalities } }
      return unsafe CallbackContext<Question>.withPointer(to: objective) { objective in
        unsafe CallbackContext<Question>.withPointer(to: limits) { limits in
          unsafe nlopt_set_min_objective(
            search,
            { _, place, gradient, context in
              guard let place = unsafe place, let context = unsafe context else { return .nan }
              var value = Double.infinity
              unsafe CallbackContext<Question>.function(at: context)(place, &value, gradient)
              return value
            }, objective)
          if inequalities > 0 {
            unsafe nlopt_add_inequality_mconstraint(
              search, UInt32(inequalities),
              { _, values, _, place, gradient, context in
                guard let place = unsafe place, let values = unsafe values,
                  let context = unsafe context
                else { return }
                unsafe CallbackContext<Question>.function(at: context)(place, values, gradient)
              }, limits, [Double](repeating: slack, count: inequalities))
          }
          var place = start
          var value = 0.0
          return unsafe nlopt_optimize(search, &place, &value)
        }
      }
    }
  }
}
