/// What can be measured of a network that learns, the same for theory and training.
///
/// An `Observable` is a quantity with the hidden units or signal directions that it is about.
public struct Quantity: Sendable, Hashable, Codable {
  /// The name in files, followed there by the indices of the observable.
  public let name: String
  /// The label of an axis; all quantities are pure numbers.
  public let label: String
  /// The label of the panel of a curves figure that shows it; nil if it has none.
  public let panel: String?
  /// Whether learning may lower it, so that it can be a target.
  public let mayFall: Bool
  /// Whether each index stands behind a `_`; otherwise indices below 10 stand side by side.
  let separatesIndices: Bool

  private init(
    _ name: String, _ label: String, panel: String? = nil, mayFall: Bool = true,
    separatesIndices: Bool = false
  ) {
    self.name = name
    self.label = label
    self.panel = panel
    self.mayFall = mayFall
    self.separatesIndices = separatesIndices
  }

  /// Same name, same quantity.
  public static func == (left: Quantity, right: Quantity) -> Bool { left.name == right.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// (1/n) Σ_μ Λ(y_μ, h_μ) over the training set, without weight decay. `[observable.training]`
  public static let trainingLoss = Quantity(
    "training_loss", "training loss", panel: "training loss")
  /// The fraction of training samples with y f(h) < 0. `[observable.training]`
  public static let trainingError = Quantity(
    "training_error", "training error", panel: "training error")
  /// The mean loss of a fresh sample. `[observable.testloss]`
  public static let testLoss = Quantity("test_loss", "test loss", panel: "test loss")
  /// The probability that a fresh sample has y f(h) < 0. `[observable.testerror]`
  public static let testError = Quantity("test_error", "test error", panel: "test error")
  /// The least test error of who has seen as many samples. `[optimal.bayes]`
  public static let bayesTestError = Quantity("bayes_test_error", "Bayes-optimal test error")

  /// -log Z(Q) of a Boltzmann machine, relative to its visible units alone.
  /// `[boltzmann.observables]`
  public static let freeEnergy = Quantity("free_energy", "free energy")
  /// The mean log-likelihood of a training sample under a Boltzmann machine, relative to its
  /// visible units alone. `[boltzmann.observables]`
  public static let logLikelihood = Quantity(
    "log_likelihood", "log-likelihood per sample", panel: "log-likelihood per sample",
    mayFall: false)
  /// The mean log-likelihood of a fresh sample. `[boltzmann.observables]`
  public static let testLogLikelihood = Quantity(
    "test_log_likelihood", "test log-likelihood per sample",
    panel: "test log-likelihood per sample",
    mayFall: false)

  /// m_kp = w_k·v_p/d, the overlap of hidden unit k with signal p. `[order.parameters]`
  public static let magnetisation = Quantity(
    "magnetisation", "magnetisation", panel: "magnetisation m", mayFall: false)
  /// C_kl = w_k·w_l/d at equal times. `[order.parameters]`
  public static let norm = Quantity("norm", "norm", panel: "norm C(t,t)")
  /// The mean square distance of two replicas per weight, C_11 + C_22 - 2 C_12. `[replica.site]`
  public static let replicaDistance = Quantity(
    "replica_distance", "distance of replicas",
    panel: "distance of replicas |w_{1} - w_{2}|^{2}/d")
  /// a_ok, the weight from hidden unit k to output o. `[network.readout]`
  public static let readout = Quantity(
    "readout", "readout", panel: "readout a", mayFall: false, separatesIndices: true)

  /// The fraction of the weights written per step, summed over steps (M0/d). `[observable.writes]`
  public static let writes = Quantity("writes", "writes per weight", mayFall: false)
  /// The mean |change| per step and weight, summed over steps (M1/d). `[observable.absolutechange]`
  public static let absoluteChange = Quantity(
    "absolute_change", "absolute change per weight", mayFall: false)
  /// What it has cost to keep the transient parts of synapses, per weight, summed over steps: part
  /// of the absolute change. `[observable.upkeep]`
  public static let transientCost = Quantity(
    "transient_cost", "cost of transient parts per weight", mayFall: false)
  /// The mean squared change per step and weight, summed over steps (M2/d).
  /// `[observable.squaredchange]`
  public static let squaredChange = Quantity(
    "squared_change", "squared change per weight", mayFall: false)
  /// The mean |change| of a weight since the start: the least absolute change that could have done
  /// it.
  /// `[observable.netchange]`
  public static let netChange = Quantity("net_change", "net change per weight", mayFall: false)
  /// Absolute over net change, at least 1; 1 where nothing has changed. `[observable.inefficiency]`
  public static let inefficiency = Quantity(
    "inefficiency", "absolute change / net change", mayFall: false)
  /// The mean |h_k| of the samples presented, summed over steps, per sample and hidden unit.
  /// `[observable.activity]`
  public static let activity = Quantity("activity", "activity per sample", mayFall: false)
  /// The fraction of the training samples that a step learns from, summed over steps.
  /// `[observable.samples]`
  public static let samplesUsed = Quantity(
    "samples_used", "passes over the samples", mayFall: false)
  /// σ* at which weight noise and the price of reliability balance. `[observable.weightnoise]`
  public static let optimalWeightNoise = Quantity("optimal_weight_noise", "optimal weight noise")
  /// c σ^-ρ per weight, summed over steps. `[observable.reliabilitycost]`
  public static let reliabilityCost = Quantity("reliability_cost", "reliability cost per weight")

  /// The quantities that a figure of curves shows, a panel each, in this order.
  public static let plotted: [Quantity] = [
    trainingLoss, trainingError, testLoss, testError, logLikelihood, testLogLikelihood,
    magnetisation, norm, replicaDistance, readout,
  ]
}
