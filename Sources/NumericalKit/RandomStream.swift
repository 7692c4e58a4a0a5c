internal import CNumerics
internal import Foundation

/// A reproducible stream of random numbers: Philox 4x32-10 (Salmon et al. 2011, Random123).
///
/// A stream is named by `(seed, purpose, index)`: the seed is the key, purpose and index the high
/// half of the counter. Streams with different names never overlap (each has 2^64 blocks), and a
/// stream does not depend on which thread uses it.
public struct RandomStream: RandomNumberGenerator, Sendable {
  /// What a stream is for, so that two uses under one seed never share numbers.
  public enum Purpose: UInt64, Sendable {
    /// Gaussian fields of the sampled theory.
    case fieldNoise = 1
    /// Sample masks of the sampled theory.
    case theoryMask
    /// Cluster shares of the sampled theory.
    case shares
    /// Signal directions of a training run.
    case signal
    /// Inputs and cluster membership of a training run.
    case inputs
    /// Initial weights of a training run.
    case start
    /// Sample masks of a training run.
    case sampleMask
    /// Weight masks of a training run.
    case weightMask
    /// Random shifts of quasi-random points.
    case shift
    /// Checks and benchmarks.
    case check
    /// Chance of the update rule of a training run.
    case updateChance
    /// Start and drive of sampled weights of the theory.
    case driveNoise
    /// Weight masks of the sampled theory.
    case theoryWeightMask
    /// Chance of the update rule of the sampled theory.
    case theoryUpdateChance
    /// Noise on the weights in the forward pass of a training run.
    case forwardNoise
    /// Signals and label noise of a teacher in the sampled theory.
    case theoryTeacher
    /// Hidden units that learn, in theory and training alike.
    case unitPath
    /// Hidden units and inputs that samples of a training run leave out.
    case dropout
    /// Hidden units that sampled data points of the theory leave out.
    case theoryDropout
    /// Gibbs sampling of a Boltzmann machine in a training run.
    case gibbs
    /// Which rows of real data a training run learns from.
    case split
    /// Noise on the weights in the forward passes of test samples.
    case testNoise
    /// Gaussian stand-ins of real data.
    case standIn
    /// Fresh samples that test a training run.
    case testSamples
    /// Noise of fields whose past stands in a frame.
    case frameNoise
    /// Noise of gradients whose past stands in a frame.
    case frameDrive
    /// Directions of principal axes of a training run.
    case rotation
    /// Where searches for protocols start.
    case protocolStart
  }

  let key: UInt64
  let high: UInt64
  var low: UInt64 = 0
  private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  var unread = 0
  private var spareNormal: Double?

  /// The stream of `purpose` number `index` (below 2^56) under `seed`.
  public init(seed: UInt64, purpose: Purpose, index: UInt64 = 0) {
    precondition(index < 1 << 56, "stream index must be below 2^56, got \(index)")
    self.key = seed
    self.high = purpose.rawValue << 56 | index
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if unread == 0 {
      unsafe withUnsafeMutablePointer(to: &words) { pointer in
        unsafe pointer.withMemoryRebound(to: UInt32.self, capacity: 4) { out in
          unsafe dmft_philox(key, high, low, out)
        }
      }
      low &+= 1
      unread = 4
    }
    unread -= 1
    switch unread {
    case 3: return words.0
    case 2: return words.1
    case 1: return words.2
    default: return words.3
    }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    UInt64(nextWord()) | UInt64(nextWord()) << 32
  }

  /// A number uniform in the open interval (0, 1), with 32 random bits.
  public mutating func uniform() -> Double {
    (Double(nextWord()) + 0.5) * 0x1p-32
  }

  /// A standard normal number (Box-Muller; the tail reaches 6.66 standard deviations).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }
}
