import Experiments
import Observables
import Testing

/// Energies as sums of quantities with prices. `[observable.energy]`
struct EnergySumTests {
  private func terms(_ text: String) throws -> [(String, Double)] {
    try EnergySum(parsing: text).terms.map { ($0.quantity.name, $0.price) }
  }

  @Test(
    arguments: [
      ("absolute_change", ["absolute_change"], [1.0]),
      ("activity", ["activity"], [1]),
      ("absolute_change+0.01*activity", ["absolute_change", "activity"], [1, 0.01]),
      ("  2 * writes  +  1e+3*squared_change ", ["writes", "squared_change"], [2, 1000]),
      ("1e-3*writes + 0*activity", ["writes", "activity"], [0.001, 0]),
      ("1.e+2 * reliability_cost", ["reliability_cost"], [100]),
    ])
  func parses(_ text: String, _ names: [String], _ prices: [Double]) throws {
    let found = try terms(text)
    #expect(found.map(\.0) == names && found.map(\.1) == prices)
    // What is written is read again.
    let sum = try EnergySum(parsing: text)
    #expect(try EnergySum(parsing: "\(sum)") == sum)
  }

  @Test(
    arguments: [
      (
        "joules", "--energy: found 'joules'; allowed: QUANTITY or PRICE*QUANTITY with one of writes"
      ),
      ("writes + joules", "found 'joules' in 'writes + joules'"),
      ("", "found ''"), ("writes +", "found '' in 'writes +'"),
      ("writes - activity", "found 'writes - activity'"),
      ("net_change", "found 'net_change'"),
      ("-1*writes", "found the price '-1' of writes; allowed: a number >= 0"),
      ("writes + x*activity", "found the price 'x' of activity in 'writes + x*activity'"),
      ("1e999*writes", "found the price '1e999' of writes"),
      ("2*3*writes", "found '2*3*writes'"), ("writes*2", "found 'writes*2'"),
      ("writes + 2*writes", "found writes twice in 'writes + 2*writes'; allowed: one term of each"),
      ("0*writes + 0*activity", "which is 0; allowed: a price > 0"),
    ])
  func errorsNameTheTerm(_ text: String, _ says: String) {
    do {
      _ = try EnergySum(parsing: text)
      Issue.record("\(text) was read")
    } catch {
      #expect("\(error)".contains(says), "\(error)")
    }
  }

  @Test func names() throws {
    let sum = try EnergySum(parsing: "absolute_change+0.01*activity")
    #expect(sum.name == "energy" && "\(sum)" == "absolute_change + 0.01*activity")
    #expect(sum.label == "absolute change per weight + 0.01 activity per sample")
    #expect(EnergySum(.writes).name == "writes" && EnergySum(.writes).label == "writes per weight")
    #expect(try EnergySum(parsing: "2*writes").name == "energy")
  }

  private func recording(_ change: [Double], _ activity: [Estimate]) -> Recording {
    var recording = Recording()
    for (step, value) in change.enumerated() {
      recording.begin(step: step)
      recording.record(.absoluteChange, value)
      recording.record(.activity, activity[step])
    }
    return recording
  }

  @Test func sumsAreThoseOfRecordings() throws {
    let sum = try EnergySum(parsing: "2*absolute_change + 0.5*activity")
    let one = recording([0, 1, 3], [Estimate(0), Estimate(4), Estimate(10, standardError: 0.2)])
    #expect(sum.values(in: one) == [Estimate(0), Estimate(4), Estimate(11, standardError: 0.1)])
    #expect(sum.means(Curve.mean(of: [one])) == [0, 4, 11])
    let other = try EnergySum(parsing: "writes + activity")
    #expect(other.values(in: one).isEmpty && other.means(Curve.mean(of: [one])) == nil)
    #expect(other.missing(in: one).map(\.quantity) == [.writes])
  }

  /// Two batches whose terms move against each other: the sum has no error, though its terms do.
  @Test func errorsAreOfSumsNotSumsOfErrors() throws {
    let batches = [(0.2, 0.1), (0.1, 0.2)].map { change, activity in
      recording([0, change], [Estimate(0), Estimate(activity)])
    }
    let sum = try EnergySum(parsing: "absolute_change + activity")
    let outcome = RuleOutcome(
      try RuleChoice(parsing: "plain"), learningRate: 0.1, rateChoice: .equal,
      recordings: batches, target: nil, energy: sum)
    let total = try #require(outcome.estimate("energy"))
    #expect(abs(total.value - 0.3) < 1e-15 && total.standardError < 1e-15, "\(total)")
    #expect(outcome.estimate("activity")?.standardError ?? 0 > 0.01)
  }
}
