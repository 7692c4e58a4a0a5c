/// Examples in which a number changes from step to step.
extension Example {
  static let warmUp = Example(
    name: "warm-up",
    summary: "a learning rate that warms up and then falls to the end of the run",
    yaml: """
      # The learning rate rises for ten steps, so that the first gradients, which are large, do not
      # overshoot, and then falls in a straight line. A schedule may take the place of any number of
      # the learning rule; `dmft list` shows its kinds at the end of the families.

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
      samples_per_weight: 2                       # alpha = n/d
      loss: {kind: square}                        # (f - y)^2/2
      weight_decay: 0.1                           # lambda
      start: {variance: 0.5}                      # R0
      learning_rate: {kind: linear, steps: [0, 10, 60], values: [0.02, 0.4, 0.05]}
      steps: 60
      sample_mask: {kind: independent, density: 0.4}

      theory: {trajectories: 2000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let inverseRoot = Example(
    name: "inverse-root",
    summary: "a learning rate that falls as 1/sqrt(step), and the bounds of learning in memory",
    yaml: """
      # The noise of mini-batches keeps weights from settling. A learning rate that falls as
      # 1/sqrt(step), as learning in memory assumes, lets it die out slowly.

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
      samples_per_weight: 2                       # alpha = n/d
      loss: {kind: logistic}                      # log(1 + exp(-y f))
      weight_decay: 0.1                           # lambda
      start: {variance: 0.1}                      # R0
      learning_rate: {kind: power, initial: 0.6, exponent: 0.5, timescale: 5}
      steps: 80
      sample_mask: {kind: persistent, density: 0.3, correlation: 0.5}

      theory: {trajectories: 2000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)

  static let fallingPlasticity = Example(
    name: "falling-plasticity",
    summary: "fewer and fewer synapses may change, on ever larger mini-batches",
    yaml: """
      # A critical period: at first nearly all synapses may change, in the end one in ten, while
      # mini-batches grow to all samples. A synapse that may change at one step is likely to at the
      # next; what this correlation may be depends on how fast the density changes.

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
      samples_per_weight: 2                       # alpha = n/d
      loss: {kind: square}                        # (f - y)^2/2
      weight_decay: 0.1                           # lambda
      start: {variance: 0.5}                      # R0
      learning_rate: 0.2                          # eta; time is eta times the step
      steps: 60
      sample_mask: {kind: independent, density: {kind: cosine, initial: 0.1, final: 1}}
      weight_mask:
        kind: persistent
        density: {kind: exponential, initial: 0.9, final: 0.1, rate: 0.05}
        correlation: 0.5

      theory: {trajectories: 2000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)
}
