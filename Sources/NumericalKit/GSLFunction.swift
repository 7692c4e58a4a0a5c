internal import CNumerics

/// A Swift function in the shape in which C code takes it: an opaque pointer, which it hands to a
/// callback.
///
/// The function may not escape: the pointer is valid within `withPointer` only.
final class CallbackContext<Function> {
  /// The function.
  let function: Function

  private init(_ function: Function) { self.function = function }

  /// Calls `body` with a pointer to `function`.
  static func withPointer<Result>(
    to function: Function, _ body: (UnsafeMutableRawPointer) -> Result
  ) -> Result {
    let context = CallbackContext(function)
    return withExtendedLifetime(context) {
      unsafe body(Unmanaged.passUnretained(context).toOpaque())
    }
  }

  /// The function behind a pointer of `withPointer`.
  static func function(at pointer: UnsafeMutableRawPointer) -> Function {
    unsafe Unmanaged<CallbackContext>.fromOpaque(pointer).takeUnretainedValue().function
  }
}

/// Calls `body` with a function of one variable for GSL.
func withGSLFunction<Result>(
  _ function: (Double) -> Double, _ body: (inout gsl_function) -> Result
) -> Result {
  typealias Context = CallbackContext<(Double) -> Double>
  return withoutActuallyEscaping(function) { escaping in
    unsafe Context.withPointer(to: escaping) { pointer in
      var callback = unsafe gsl_function(
        function: { x, pointer in
          guard let pointer = unsafe pointer else { return .nan }
          return unsafe Context.function(at: pointer)(x)
        }, params: pointer)
      return unsafe body(&callback)
    }
  }
}

/// Calls `body` with `count` functions of as many variables for GSL; where one is not finite, GSL
/// is told that it failed.
func withGSLFunctions<Result>(
  _ count: Int, _ functions: ([Double]) -> [Double],
  _ body: (inout gsl_multiroot_function) -> Result
) -> Result {
  typealias Context = CallbackContext<([Double]) -> [Double]>
  return withoutActuallyEscaping(functions) { escaping in
    unsafe Context.withPointer(to: escaping) { pointer in
      var callback = unsafe gsl_multiroot_function(
        f: { x, pointer, values in
          guard let pointer = unsafe pointer, let x = unsafe x, let values = unsafe values else {
            return Int32(GSL_EFAILED)
          }
          let place = unsafe (0..<x.pointee.size).map { unsafe gsl_vector_get(x, $0) }
          for (i, value) in unsafe Context.function(at: pointer)(place).enumerated() {
            guard value.isFinite else { return Int32(GSL_EBADFUNC) }
            unsafe gsl_vector_set(values, i, value)
          }
          return 0
        }, n: count, params: pointer)
      return unsafe body(&callback)
    }
  }
}

/// Calls `body` with the system y' = f(t, y) of `count` components for GSL; where f is not finite,
/// GSL is told that it failed.
func withGSLSystem<Result>(
  _ count: Int, _ derivative: (Double, [Double]) -> [Double],
  _ body: (inout gsl_odeiv2_system) -> Result
) -> Result {
  typealias Context = CallbackContext<(count: Int, derivative: (Double, [Double]) -> [Double])>
  return withoutActuallyEscaping(derivative) { escaping in
    unsafe Context.withPointer(to: (count, escaping)) { pointer in
      var callback = unsafe gsl_odeiv2_system(
        function: { time, state, slope, pointer in
          guard let state = unsafe state, let slope = unsafe slope, let pointer = unsafe pointer
          else { return dmft_bad_function() }
          let system = unsafe Context.function(at: pointer)
          let values = system.derivative(time, (0..<system.count).map { unsafe state[$0] })
          guard values.allSatisfy(\.isFinite) else { return dmft_bad_function() }
          for (i, value) in values.enumerated() { unsafe slope[i] = value }
          return 0
        }, jacobian: nil, dimension: count, params: pointer)
      return unsafe body(&callback)
    }
  }
}
