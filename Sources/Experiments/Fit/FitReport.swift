internal import DataFitting
internal import Foundation
internal import LearningProblem
internal import Observables

/// What `dmft fit` found, in words.
struct FitReport {
  private let fit: MixtureFit

  init(_ fit: MixtureFit) { self.fit = fit }

  var text: String {
    let data = fit.data
    var table = TextTable(["class", "label", "rows", "probability", "variance Δ"])
    for a in data.classes.indices {
      table.append([
        data.classes[a].shown(limit: 40), Number.short(data.clusters[a].label),
        "\(data.moments.counts[a])",
        fit.probabilities[a].text, fit.variances[a].text,
      ])
    }
    let few =
      data.dimension < 50
      ? [
        "the theory is that of infinitely many inputs: corrections are of order 1/\(data.dimension)"
      ]
      : []
    let weak =
      fit.distance.value < 3 * fit.distance.standardError
      ? [
        "the class means are hardly further apart than sampling noise puts them: do not trust the "
          + "fit"
      ]
      : []
    let notes = (data.notes + few + weak).map { "note: \($0)" }
    return
      (["\(data.count) rows of \(data.dimension) inputs, \(data.classes.count) classes"]
      + notes + ["", table.text, "", distance, spectrum] + isotropy + groups
      + [gaussianity]).joined(
        separator: "\n")
  }

  private var distance: String {
    let unit = fit.data.preparation.whitens ? "standard deviations" : "units of the file"
    let what =
      fit.data.classes.count == 2
      ? "half the distance of the class means" : "rms distance of the class means from their middle"
    return "distance 1: \(what), \(fit.distance.text) \(unit)\n"
      + "  (of the sample means \(Number.short(fit.rawDistance)); their sampling noise is taken "
      + "out)"
  }

  private var spectrum: String {
    let a = fit.anisotropy
    return
      "covariance within classes, scaled by class: eigenvalues spread from "
      + "\(short(a.eigenvalues.first)) to \(short(a.eigenvalues.last)), mean \(short(mean)); "
      + "class covariances differ by "
      + "\(short(a.classDifference)) (0 = equal, 1 = unrelated)"
  }

  private var isotropy: [String] {
    let a = fit.anisotropy
    if fit.data.preparation.whitens {
      let ratio = Double(a.freedom) / Double(fit.data.dimension)
      return [
        "  whitened with their own covariance, before scaling: known to 1 part in \(short(ratio)), "
          + "so that fresh rows are isotropic to about that"
      ]
    }
    let remedy =
      a.sphericity < Anisotropy.criticalSphericity
      ? "--whiten does not help, since classes differ in shape"
      : "--whiten makes it apply"
    let verdict =
      a.isIsotropic
      ? "isotropic within sampling noise: the theory applies as it is"
      : "not isotropic: the theory of mixture.yaml knows one variance per class only; \(remedy)"
    return [
      "  participation ratio \(short(a.participationRatio)) (1 = isotropic), "
        + "\(short(a.rawParticipationRatio)) with sampling noise",
      "  \(a.countAboveEdge) of \(a.eigenvalues.count) eigenvalues above \(short(a.edge)), the "
        + "most that isotropic rows of this number would show",
      "  \(verdict) (sphericity \(short(a.sphericity)) standard errors, class by class "
        + "\(short(a.classSphericity)))",
    ]
  }

  /// What `groups.yaml` knows, and what it does not.
  private var groups: [String] {
    guard let groups = fit.groups else {
      guard !fit.data.preparation.whitens else { return [] }
      return ["groups: none, since more rows than inputs are needed to know axes"]
    }
    let count = groups.groups.count
    let kind =
      groups.basis == .axes
      ? "principal axes" : "inputs as they are, which hardly correlate"
    var lines = [
      "groups of \(kind): \(count), variances \(short(groups.groups.last?.variance.value)) to "
        + "\(short(groups.groups.first?.variance.value)) of the mean, in groups.yaml"
    ]
    if groups.largestShare > FittedGroups.largeShare {
      lines.append(
        "  note: one \(groups.basis == .axes ? "axis" : "input") has "
          + "\(short(100 * groups.largestShare)) % of the variance: it wants an order parameter of "
          + "its own, which a group is not")
    }
    let difference =
      "\(short(groups.shapeDifference)) standard errors of classes that share them"
    if !groups.groups[0].variances.isEmpty {
      lines.append(
        "  each class has variances of its own: the measured ones differ between classes by "
          + difference)
      if groups.basis == .axes {
        lines.append(
          "  note: correlations that a class has along the common axes are left out; covariances "
            + "of classes differ by \(short(fit.anisotropy.classDifference))")
      }
    } else {
      lines.append(
        "  classes share these variances: the measured ones differ between classes by "
          + difference)
    }
    return lines
  }

  private var gaussianity: String {
    let g = fit.gaussianity
    return "shape: excess kurtosis \(g.kurtosis.text) of random projections, "
      + "\(g.signalKurtosis.text) along the class means (0 = Gaussian)\n"
      + (g.lengthSpread.isFinite
        ? "  |x|² spreads by \(short(g.lengthSpread)) of its mean, "
          + "\(short(g.gaussianLengthSpread)) if Gaussian, 0 in the theory"
        : "  two rows of each class say nothing of the spread of |x|²")
  }

  private var mean: Double {
    let values = fit.anisotropy.eigenvalues
    return values.reduce(0, +) / Double(values.count)
  }

  private func short(_ x: Double?) -> String { String(format: "%.3g", x ?? .nan) }
}
