internal import CNumerics

#if canImport(Glibc)
  internal import Glibc
#endif

/// The C libraries underneath: made ready once, and named in reports.
public enum Libraries {
  /// Puts BLAS on one thread (parallelism is ours, over fixed blocks) and keeps GSL from aborting.
  static let ready: Bool = {
    openblas_set_num_threads(1)
    endThreads()
    unsafe gsl_set_error_handler_off()
    return true
  }()

  /// Ends the threads that OpenBLAS started while it was loaded, if it has any. They look for work
  /// for a tenth of a second before they sleep, on cores that have other work.
  private static func endThreads() {
    #if os(Linux)
      guard let symbol = unsafe dlsym(nil, "blas_thread_shutdown_") else { return }
      let end = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
      _ = end()
    #endif
  }

  /// Starts the program again without the threads of OpenBLAS, where addresses are limited
  /// (`ulimit -v`) and it has not been told to have none.
  ///
  /// OpenBLAS starts them while it is loaded and maps more than 200 MB for each; with too few
  /// addresses they ask for ever, and the program does not end. Does nothing if it cannot be
  /// started again.
  public static func spareAddresses() {
    #if os(Linux)
      let variable = "OPENBLAS_NUM_THREADS"
      guard ResourceLimits.current.addresses.isFinite,
        unsafe getenv(variable).map({ unsafe String(cString: $0) }) != "1"
      else { return }
      unsafe setenv(variable, "1", 1)
      unsafe setenv("MALLOC_ARENA_MAX", "1", 1)  // else 64 MB of addresses for each thread
      var arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) } + [nil]
      unsafe execv("/proc/self/exe", &arguments)
    #endif
  }

  /// The processor kernel that OpenBLAS chose, for the head of every benchmark.
  public static var blasCore: String {
    guard ready, let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }

  /// Versions of the C libraries in use, for run records.
  public static var versions: [(name: String, version: String)] {
    var words = (unsafe String(cString: openblas_get_config())).split(separator: " ")
    if words.count > 1 { words.removeFirst() }
    return [
      ("openblas", String(words.first ?? "unknown")),
      ("gsl", unsafe String(cString: dmft_gsl_version())), ("nlopt", nloptVersion),
    ]
  }

  private static var nloptVersion: String {
    var numbers: (Int32, Int32, Int32) = (0, 0, 0)
    unsafe nlopt_version(&numbers.0, &numbers.1, &numbers.2)
    return "\(numbers.0).\(numbers.1).\(numbers.2)"
  }

  /// Stops with the numbers if GSL reports a failure that correct arguments exclude.
  static func require(_ status: Int32, _ what: @autoclosure () -> String) {
    precondition(status == 0, "GSL failed (status \(status)) in \(what())")
  }
}
