import NumericalKit
import Testing

@Suite("Sums of pieces of work")
struct AdditiveTests {
  /// Sums of every kind.
  private struct Sums: MemberwiseAdditive, Equatable {
    var number = 0.0
    var row: [Double] = []
    var rows: [[Double]] = []
    var waves: [Complex] = []
    var more: [Sums]?

    static let members: [Member] = [
      .of(\.number), .of(\.row), .of(\.rows), .of(\.waves), .of(\.more),
    ]
  }

  private let first = Sums(
    number: 1, row: [2, 3], rows: [[4], [5, 6]], waves: [Complex(7, 8)],
    more: [Sums(number: 9), Sums()])
  private let second = Sums(
    number: 10, row: [20, 30], rows: [[40], [50, 60]], waves: [Complex(70, 80)],
    more: [Sums(number: 90), Sums(row: [100])])

  @Test("every member is added")
  func add() {
    var sum = first
    sum.add(second)
    #expect(
      sum
        == Sums(
          number: 11, row: [22, 33], rows: [[44], [55, 66]], waves: [Complex(77, 88)],
          more: [Sums(number: 99), Sums(row: [100])]))
  }

  @Test("every member is scaled")
  func scale() {
    var sum = first
    sum.scale(by: 10)
    #expect(
      sum
        == Sums(
          number: 10, row: [20, 30], rows: [[40], [50, 60]], waves: [Complex(70, 80)],
          more: [Sums(number: 90), Sums()]))
  }

  @Test("what was not there counts as zero; what is missing on one side is left out")
  func lengths() {
    var sum = first
    sum.more = nil
    sum.add(Sums(row: [1, 1, 1], rows: [[], [], [7]], more: [second]))
    #expect(sum.row == [3, 4, 1] && sum.rows == [[4], [5, 6], [7]] && sum.more == nil)
    sum.add(Sums(row: [1]))
    #expect(sum.row == [4, 4, 1])
  }
}
