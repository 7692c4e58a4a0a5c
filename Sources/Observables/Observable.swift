/// The name of a measured quantity, the same from theory and training.
///
/// Names are those of `curves.csv`.
public struct Observable: Sendable, Hashable, CustomStringConvertible {
  /// The name in files.
  public let name: String
  /// Axis label for figures.
  public let label: String

  /// The name in files, `name`.
  public var description: String { name }

  /// (1/n) Σ_μ Λ(y_μ, h_μ) over the training set, without weight decay. `[observable.training]`
  public static let trainingLoss = Observable(name: "training_loss", label: "training loss")
  /// Fraction of training samples with y f(h) < 0. `[observable.training]`
  public static let trainingError = Observable(name: "training_error", label: "training error")
  /// Mean loss of a fresh sample. `[observable.testloss]`
  public static let testLoss = Observable(name: "test_loss", label: "test loss")
  /// Probability that a fresh sample has y f(h) < 0. `[observable.testerror]`
  public static let testError = Observable(name: "test_error", label: "test error")
  /// The least test error of who has seen as many samples. `[optimal.bayes]`
  public static let bayesTestError = Observable(
    name: "bayes_test_error", label: "Bayes-optimal test error")
  /// Fraction of the weights written per step, summed over steps (M0/d). `[observable.writes]`
  public static let writes = Observable(name: "writes", label: "writes per weight")
  /// Mean |change| per step and weight, summed over steps (M1/d). `[observable.absolutechange]`
  public static let absoluteChange = Observable(
    name: "absolute_change", label: "absolute change per weight")
  /// Mean squared change per step and weight, summed over steps (M2/d).
  /// `[observable.squaredchange]`
  public static let squaredChange = Observable(
    name: "squared_change", label: "squared change per weight")
  /// Mean |change| of a weight since the start: the least absolute change that could have done it.
  /// `[observable.netchange]`
  public static let netChange = Observable(name: "net_change", label: "net change per weight")
  /// Absolute over net change, at least 1; 1 where nothing has changed. `[observable.inefficiency]`
  public static let inefficiency = Observable(
    name: "inefficiency", label: "absolute change / net change")
  /// Mean |h_k| of the samples presented, summed over steps, per sample and hidden unit.
  /// `[observable.activity]`
  public static let activity = Observable(name: "activity", label: "activity per sample")

  /// σ* at which weight noise and the price of reliability balance. `[observable.weightnoise]`
  public static let optimalWeightNoise = Observable(
    name: "optimal_weight_noise", label: "optimal weight noise")
  /// c σ^-ρ per weight, summed over steps. `[observable.reliabilitycost]`
  public static let reliabilityCost = Observable(
    name: "reliability_cost", label: "reliability cost per weight")

  /// Mean square distance of two replicas per weight, C_11 + C_22 - 2 C_12. `[replica.site]`
  public static let replicaDistance = Observable(
    name: "replica_distance", label: "distance of replicas")

  /// -log Z(Q) of a Boltzmann machine, relative to its visible units alone.
  /// `[boltzmann.observables]`
  public static let freeEnergy = Observable(name: "free_energy", label: "free energy")
  /// Mean log-likelihood of a training sample under a Boltzmann machine, relative to its visible
  /// units alone. `[boltzmann.observables]`
  public static let logLikelihood = Observable(
    name: "log_likelihood", label: "log-likelihood per sample")
  /// Mean log-likelihood of a fresh sample under a Boltzmann machine, relative to its visible units
  /// alone. `[boltzmann.observables]`
  public static let testLogLikelihood = Observable(
    name: "test_log_likelihood", label: "test log-likelihood per sample")

  /// a_ok, zero-based; the output is in the name only if there are several. `[network.readout]`
  public static func readout(_ output: Int, _ k: Int, outputs: Int) -> Observable {
    let index = (outputs > 1 ? "\(output + 1)_" : "") + "\(k + 1)"
    return Observable(name: "readout_" + index, label: "readout " + index)
  }

  /// m_kp = w_k·v_p/d, zero-based; the indices are in the name unless K = P = 1.
  public static func magnetisation(_ k: Int, _ p: Int, single: Bool) -> Observable {
    let index = single ? "" : pair(k, p)
    return Observable(name: "magnetisation" + index, label: "magnetisation" + spaced(index))
  }

  /// C_kl = w_k·w_l/d, zero-based; the indices are in the name unless K = P = 1.
  public static func norm(_ k: Int, _ l: Int, single: Bool) -> Observable {
    let index = single ? "" : pair(k, l)
    return Observable(name: "norm" + index, label: "norm" + spaced(index))
  }

  /// `_12`, or `_1_12` where one has two digits.
  private static func pair(_ k: Int, _ l: Int) -> String {
    max(k, l) < 9 ? "_\(k + 1)\(l + 1)" : "_\(k + 1)_\(l + 1)"
  }

  private static func spaced(_ index: String) -> String {
    index.isEmpty ? "" : " " + index.dropFirst()
  }
}
