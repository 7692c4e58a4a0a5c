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
    ].map { threeClusters($0.0, $0.1, sampleMask: $0.2) } + [
      xorCommittee, xorSubnet, threeClasses, boltzmann, linearRegression, persistentFlow,
      relaxation, softMargin, warmUp, inverseRoot, fallingPlasticity, inputsInGroups,
    ]

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
      # Training measures test loss and error on test_samples fresh samples, by default n.
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

  static let persistentFlow = Example(
    name: "persistent-flow",
    summary: "persistent mini-batches in continuous time, and how far two copies move apart",
    yaml: """
      # The limit of small steps at fixed persistence time. Results are `step` apart; the theory
      # integrates with this step and its half and extrapolates, training takes the half. With
      # `--replicas 2` two copies learn from the same samples, each with mini-batches of its own,
      # and `replica_distance` is |w_1 - w_2|^2/d.

      data: {kind: two-clusters, variance: 0.5}
      samples_per_weight: 2                       # alpha = n/d
      network: {kind: perceptron}
      loss: {kind: logistic}
      weight_decay: 0.1                           # lambda
      start: {variance: 0.1, overlap: 0}
      time: {kind: flow, duration: 10, step: 0.25}
      # A sample goes on at the rate 1/tau and off at the rate (1 - density)/(density tau).
      sample_mask: {kind: persistent, density: 0.3, persistence_time: 1.0}

      theory: {trajectories: 16000, batches: 8, seed: 1}   # as many as two copies need
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let relaxation = Example(
    name: "relaxation",
    summary: "gradient flow to t = 1000 with growing steps",
    yaml: """
      # Gradient flow over four decades of time: steps grow to a fifth of the time passed, so that
      # 1000 units of time take some 350 points.

      data: {kind: two-clusters, variance: 0.5}
      samples_per_weight: 2                       # alpha = n/d
      network: {kind: perceptron}
      loss: {kind: logistic}
      weight_decay: 0.001                         # lambda: about the rate of the slowest mode
      start: {variance: 0.1, overlap: 0}
      time: {kind: flow, duration: 1000, step: 0.2, growth: 0.2}

      theory: {trajectories: 16000, batches: 8, seed: 1}
      training: {dimension: 500, runs: 8, seed: 2}   # 10000 equal steps: some minutes

      """)

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

  static let xorSubnet = Example(
    name: "xor-subnet",
    summary: "a coherent subnet learns xor: half of the inputs, half of the hidden units",
    yaml: """
      # The committee of `dmft example xor-committee`, of which only a subnet learns at each step:
      # the weights from half of the inputs to two of the four hidden units, and the readout of
      # these two. Which units learn is one random path that theory and training share; `--paths 10`
      # averages over ten of them. `dmft rules --rules plain,subnet:units=0.5,row:density=0.5`
      # compares.

      data: {kind: xor, separation: 1.5, variance: 0.1}
      samples_per_weight: 3                       # alpha = n/d
      network:
        kind: committee
        hidden: 4
        activation: softplus
        readout: [1, 1, -1, -1]
        readout_learning_rate: 0.1                # the readout learns, too; 0 (default) fixes it
      loss: {kind: logistic}                      # log(1 + exp(-y f))
      weight_decay: 0.05                          # lambda
      start:
        variance: 0.1                             # R0
        overlap: [[0.3, 0], [-0.3, 0], [0, 0.3], [0, -0.3]]
      learning_rate: 0.4                          # eta; time is eta times the step
      steps: 40
      gradient_scale: sum
      sample_mask: {kind: full}
      weight_mask: {kind: subnet, inputs: 0.5, units: 0.5, redraw_every: 2}

      theory: {trajectories: 4000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let threeClasses = Example(
    name: "three-classes",
    summary: "softmax above hidden units on a mixture of four clusters, with dropout",
    yaml: """
      # Three classes in four clusters of unequal size and width, in the plane of two signal
      # directions. A softmax above three hidden units learns them; each sample leaves out a fifth
      # of the hidden units and of the inputs at each step.

      data:
        kind: mixture
        centres: [[1.5, 0], [-1.5, 0], [0, 1.5], [0, -1.5]]   # one row per cluster
        labels: [1, 1, 2, 3]                      # classes 1 to network.outputs
        probabilities: [0.2, 0.2, 0.3, 0.3]
        variances: [0.3, 0.3, 0.5, 0.2]           # Delta of each cluster
      samples_per_weight: 3                       # alpha = n/d
      network:
        kind: softmax
        outputs: 3
        hidden: 3
        activation: softplus
        readout: [[1, -0.5, -0.5], [-0.5, 1, -0.5], [-0.5, -0.5, 1]]   # outputs by hidden units
        readout_learning_rate: 0.2
      loss: {kind: cross-entropy}
      weight_decay: 0.02                          # lambda
      start:
        variance: 0.1                             # R0
        overlap: [[0.3, 0], [0, 0.3], [0, -0.3]]
      learning_rate: 0.5                          # eta; time is eta times the step
      steps: 40
      gradient_scale: sum
      sample_mask: {kind: independent, density: 0.5}
      weight_mask: {kind: column, density: 0.7}   # an input's weights to all units share a switch
      dropout: {hidden: 0.2, inputs: 0.2}

      theory: {trajectories: 4000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let boltzmann = Example(
    name: "boltzmann",
    summary: "unsupervised: a Boltzmann machine finds the direction of two clusters",
    yaml: """
      # A restricted Boltzmann machine with one binary hidden unit and Gaussian visible units learns
      # the law of its inputs, two clusters at +v and -v, by the gradient of the log-likelihood;
      # labels are not looked at. `dmft train --set training.contrastive_divergence=1` learns by
      # CD-1 instead.

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v
      samples_per_weight: 4                       # alpha = n/d
      network: {kind: boltzmann, hidden: 1, variance: 0.5}   # D, variance of a visible unit
      weight_decay: 0                             # lambda
      start: {variance: 0.05, overlap: 0.1}       # R0 and m0: only an overlap breaks the symmetry
      learning_rate: 0.2                          # eta; time is eta times the step
      steps: 30
      sample_mask: {kind: full}

      theory: {trajectories: 8000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let linearRegression = Example(
    name: "linear-regression",
    summary: "noisy linear regression with random weight masks: what the writes cost",
    yaml: """
      # Linear regression: a perceptron with the square loss learns y = v.x/sqrt d + noise, while
      # only a tenth of its synapses may change at each step. Both sites close: the theory is exact.
      # Compare `writes` at equal |w - v|^2/d = norm - 2 magnetisation + 1 with
      # `--set weight_mask.kind=full`: random masks save nothing.

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

  static let softMargin = Example(
    name: "soft-margin",
    summary: "hinge loss on two clusters: where full-batch learning ends, and the largest margin",
    yaml: """
      # A perceptron with the hinge loss and weight decay on two clusters. Learning ends in the
      # minimum of both, which `dmft static` finds without following it there, also along a scan:
      #   dmft static soft-margin.yaml --scan samples_per_weight=0.5:20:60:log
      # Without decay it is the largest margin, up to 6.66 samples per weight, beyond which no
      # hyperplane separates the samples:
      #   dmft static soft-margin.yaml --set weight_decay=0

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
      samples_per_weight: 2                       # alpha = n/d
      network: {kind: perceptron}                 # f(h) = h
      loss: {kind: hinge}                         # max(0, 1 - y f)
      weight_decay: 0.1                           # lambda; for dmft static 0 means the limit to 0
      start: {variance: 0.1, overlap: 0}          # R0 and m0: forgotten
      learning_rate: 0.05                         # eta; small, since the slope of the loss jumps
      steps: 200
      sample_mask: {kind: full}

      theory: {trajectories: 4000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2, observe_every: 5}

      """)
}
