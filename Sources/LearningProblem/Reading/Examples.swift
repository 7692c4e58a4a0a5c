/// A commented problem file that ships with the software, for `dmft example NAME`.
public struct Example: Sendable {
  /// The name.
  public let name: String
  /// One line on what it shows.
  public let summary: String
  /// The file.
  public let yaml: String

  /// All examples; the first is what `dmft example` prints without a name.
  public static let all =
    [demo]
    + [
      ("gd", "full-batch gradient descent", "{kind: full}"),
      ("sgd", "independent mini-batches", "{kind: independent, density: 0.3}"),
      (
        "persistent", "persistent mini-batches",
        "{kind: persistent, density: 0.3, persistence_time: 1.0}"
      ),
    ].map { twoClusters($0.0, $0.1, sampleMask: $0.2) }
    + [
      ("gd", "full-batch gradient descent", "{kind: full}"),
      ("sgd", "independent mini-batches", "{kind: independent, density: 0.3}"),
      (
        "persistent", "persistent mini-batches",
        "{kind: persistent, density: 0.3, persistence_time: 2.0}"
      ),
    ].map { threeClusters($0.0, $0.1, sampleMask: $0.2) } + [xorCommittee, linearRegression]

  static let demo = Example(
    name: "demo",
    summary: "two clusters, persistent mini-batches and independent weight masks",
    yaml: """
      # Demo: a perceptron learns to tell two Gaussian clusters apart from persistent mini-batches,
      # while only half of its synapses may change at each step.
      # `dmft compare` solves the mean-field theory, trains directly, and compares the two.
      # `dmft list` shows every key with its range and default.

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
      samples_per_weight: 2                       # alpha = n/d
      network: {kind: perceptron}                 # f(h) = h
      loss: {kind: logistic}                      # log(1 + exp(-y f))
      weight_decay: 0.1                           # lambda
      start: {variance: 0.1, overlap: 0}          # R0 and m0
      learning_rate: 0.2                          # eta; time is eta times the step
      steps: 60
      gradient_scale: sum                         # a mini-batch gradient is a sum, not a mean

      # A sample is in the mini-batch with probability 0.3 and stays for a time of order 1.
      sample_mask: {kind: persistent, density: 0.3, persistence_time: 1.0}
      # Each synapse may change with probability 0.5, drawn anew at every step.
      weight_mask: {kind: independent, density: 0.5}

      theory: {trajectories: 2000, batches: 8, seed: 1}    # error bars from 8 independent solves
      training: {dimension: 1000, runs: 16, seed: 2}       # error bars from 16 independent runs

      """)

  private static func twoClusters(
    _ name: String, _ method: String, sampleMask: String
  ) -> Example {
    Example(
      name: "mignacco-two-clusters-\(name)", summary: "two clusters, \(method)",
      yaml: """
        # Two clusters learned by \(method), a published case: Mignacco, Krzakala, Urbani
        # and Zdeborova, "Dynamical mean-field theory for stochastic gradient descent in Gaussian
        # mixture classification" (2020).

        data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
        samples_per_weight: 2                       # alpha = n/d
        network: {kind: perceptron}                 # f(h) = h
        loss: {kind: logistic}                      # log(1 + exp(-y f))
        weight_decay: 0                             # lambda
        start: {variance: 0.01, overlap: 0}         # R0 and m0
        learning_rate: 0.2                          # eta; time is eta times the step
        steps: 80                                   # to time 16
        gradient_scale: sum
        sample_mask: \(sampleMask)

        theory: {trajectories: 4000, batches: 8, seed: 1}
        training: {dimension: 2000, runs: 16, seed: 2}

        """)
  }

  private static func threeClusters(
    _ name: String, _ method: String, sampleMask: String
  ) -> Example {
    Example(
      name: "mignacco-three-clusters-\(name)", summary: "three clusters, \(method)",
      yaml: """
        # Three clusters, not linearly separable, learned by \(method) with a door as
        # activation, a published case: Mignacco, Krzakala, Urbani and Zdeborova, "Dynamical
        # mean-field theory for stochastic gradient descent in Gaussian mixture classification"
        # (2020).

        data: {kind: three-clusters, variance: 0.05}   # centre 0 (label -1), +v and -v (label +1)
        samples_per_weight: 3                          # alpha = n/d
        network: {kind: door, width: 0.7}              # f(h) = h^2 - width^2
        loss: {kind: logistic}                         # log(1 + exp(-y f))
        weight_decay: 0.1                              # lambda
        start: {variance: 0.01, overlap: 0.05}         # R0 and m0: the overlap breaks the symmetry
        learning_rate: 0.2                             # eta; time is eta times the step
        steps: 80                                      # to time 16
        gradient_scale: sum
        sample_mask: \(sampleMask)

        theory: {trajectories: 4000, batches: 8, seed: 1}
        training: {dimension: 2000, runs: 16, seed: 2}

        """)
  }

  static let xorCommittee = Example(
    name: "xor-committee",
    summary: "a committee of four hidden units on xor",
    yaml: """
      # A committee of four hidden units learns xor: four clusters, labels +1 on one axis and -1 on
      # the other. The output is sum_k a_k phi(h_k) with fixed signs a_k; phi = softplus, because an
      # odd function cannot tell +x from -x. The small initial overlaps leave the symmetric plateau:
      # one row per hidden unit, one column per signal direction.

      data: {kind: xor, separation: 1.5, variance: 0.2}
      samples_per_weight: 3                       # alpha = n/d
      network: {kind: committee, hidden: 4, activation: softplus, readout: [1, 1, -1, -1]}
      loss: {kind: logistic}                      # log(1 + exp(-y f))
      weight_decay: 0.05                          # lambda
      start:
        variance: 0.1                             # R0
        overlap: [[0.3, 0], [-0.3, 0], [0, 0.3], [0, -0.3]]
      learning_rate: 0.2                          # eta; time is eta times the step
      steps: 40
      gradient_scale: sum
      sample_mask: {kind: independent, density: 0.5}
      weight_mask: {kind: full}

      theory: {trajectories: 4000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let linearRegression = Example(
    name: "linear-regression",
    summary: "noisy linear regression with random weight masks: what the writes cost",
    yaml: """
      # Linear regression: a perceptron with the square loss learns y = v.x/sqrt d + noise, while only
      # a tenth of its synapses may change at each step. Both sites close: the theory is exact. Compare
      # `writes` at equal |w - v|^2/d = norm - 2 magnetisation + 1 with `--set weight_mask.kind=full`:
      # random masks save nothing.

      data: {kind: linear-teacher, noise: 0.3}    # labels: regression (or sign)
      samples_per_weight: 2                       # alpha = n/d
      network: {kind: perceptron}                 # f(h) = h
      loss: {kind: square}                        # (f - y)^2 / 2
      weight_decay: 0                             # lambda
      start: {variance: 0, overlap: 0}            # w = 0
      learning_rate: 0.1                          # eta
      steps: 150
      gradient_scale: sum
      sample_mask: {kind: full}
      weight_mask: {kind: independent, density: 0.1}

      theory: {trajectories: 4000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2, observe_every: 5}

      """)
}
