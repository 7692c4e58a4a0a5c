/// Examples of inputs that are not all alike.
extension Example {
  static let inputsInGroups = Example(
    name: "inputs-in-groups",
    summary: "inputs of three sizes, the signal in the largest, and the synapses that pay",
    yaml: """
      # A fifth of the inputs has most of the variance and of the signal. Each step, the tenth of
      # the synapses with the largest gradients changes: results have lines for each group of
      # inputs, which say whose synapses these are.

      data: {kind: two-clusters, variance: 0.5}   # centres +v and -v, labels +1 and -1
      inputs:
        kind: groups
        shares: [0.5, 0.3, 0.2]                   # rho, fractions of the inputs
        variances: [0.1, 0.5, 1.5]                # f, relative to the clusters' own
        signal: [0.4, 1, 2.5]                     # T, mean square of v: sum of share x signal is 1
      samples_per_weight: 2                       # alpha = n/d
      loss: {kind: logistic}                      # log(1 + exp(-y f))
      weight_decay: 0.1                           # lambda
      start: {variance: 0.1}                      # R0
      learning_rate: 0.3                          # eta; time is eta times the step
      steps: 40
      update: {kind: top-fraction, fraction: 0.1}

      theory: {trajectories: 2000, batches: 8, seed: 1}
      training: {dimension: 1000, runs: 16, seed: 2}

      """)
}
