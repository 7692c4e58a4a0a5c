internal import Foundation

/// A complex number, for spectra.
public struct Complex: Sendable, Equatable {
  /// Real part.
  public var re: Double
  /// Imaginary part.
  public var im: Double

  /// Creates re + i im.
  @inlinable
  public init(_ re: Double, _ im: Double = 0) {
    self.re = re
    self.im = im
  }

  /// exp(i angle).
  public init(angle: Double) { self.init(cos(angle), sin(angle)) }

  /// |z|².
  @inlinable public var squaredSize: Double { re * re + im * im }
  /// The complex conjugate.
  @inlinable public var conjugate: Complex { Complex(re, -im) }

  /// The sum.
  @inlinable
  public static func + (a: Complex, b: Complex) -> Complex { Complex(a.re + b.re, a.im + b.im) }

  /// The difference.
  @inlinable
  public static func - (a: Complex, b: Complex) -> Complex { Complex(a.re - b.re, a.im - b.im) }

  /// The product.
  @inlinable
  public static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  }

  /// A multiple.
  @inlinable
  public static func * (a: Double, b: Complex) -> Complex { Complex(a * b.re, a * b.im) }

  /// The quotient; infinite or nan where b = 0.
  @inlinable
  public static func / (a: Complex, b: Complex) -> Complex {
    (1 / b.squaredSize) * (a * b.conjugate)
  }
}
