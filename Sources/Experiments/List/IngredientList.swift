public import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import Training

/// The text of `dmft list`: every key of the problem file, with range and default.
public enum IngredientList {
  /// The whole list, from the same declarations the reader validates against.
  public static func text(of catalogue: Catalogue = .shipped) -> String {
    var blocks = [
      "Keys of the problem file, which is YAML. [required] keys must be there, others have the "
        + "default shown.\nNumbers are decimal (not 0x10, 010 or 1_000), and 0 or of a size from "
        + "\(Magnitude.smallest) to \(Magnitude.largestText), variances and samples_per_weight "
        + "from \(Magnitude.smallestSquare).\n\ntop level\n" + keys(ProblemFile.parameters)
    ]
    for family in catalogue.families {
      let presence = family.standard.map { "default \($0)" } ?? "required"
      var text = "\(family.key): \(family.summary) [\(presence)]; {kind: ...} is one of\n"
      text += entries(family.entries, in: catalogue)
      blocks.append(text)
    }
    blocks.append(
      "schedule: in the place of a number that may change from step to step; {kind: ...} is one "
        + "of\n" + entries(catalogue.schedules, in: catalogue))
    blocks.append("start: the initial weights [required]\n" + keys(Start.parameters))
    blocks.append("time: in steps, or continuous\n" + keys(Flow.parameters))
    blocks.append(
      "weight_noise: noise of the weights in every forward pass\n" + keys(WeightNoise.parameters))
    blocks.append(
      "dropout: what samples leave out of a learning pass\n" + keys(Dropout.parameters))
    blocks.append("theory: how the theory is solved\n" + keys(TheorySettings.parameters))
    blocks.append(
      "training: how it is trained directly\n" + keys(TrainingSettings.parameters))
    return blocks.joined(separator: "\n")
  }

  private static func entries(
    _ entries: [any Ingredient.Type], in catalogue: Catalogue
  ) -> String {
    entries.map { entry in
      "  \(entry.kind): \(entry.summary)\n" + losses(of: entry, in: catalogue)
        + keys(entry.parameters, indent: 4)
    }.joined()
  }

  /// The losses of a network on a line; nothing for other ingredients.
  private static func losses(of entry: any Ingredient.Type, in catalogue: Catalogue) -> String {
    guard let network = entry as? any Network.Type else { return "" }
    let kinds = catalogue.losses(of: network).map { $0.kind }
    return "    takes the loss " + kinds.joined(separator: ", ") + "\n"
  }

  private static func keys(_ parameters: [Parameter], indent: Int = 2) -> String {
    let margin = String(repeating: " ", count: indent)
    return parameters.map { parameter in
      let presence =
        switch parameter.presence {
        case .required: "required"
        case .optional: "optional"
        case .standard(let text): "default \(text)"
        }
      return "\(margin)\(parameter.name): \(parameter.allowed) [\(presence)]\n"
        + "\(margin)    \(parameter.summary)\n"
    }.joined()
  }
}
