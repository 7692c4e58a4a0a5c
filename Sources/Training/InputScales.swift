internal import LearningProblem
internal import NumericalKit

/// √f of each coordinate of the inputs. `[inputs.model]`
struct InputScales: Sendable {
  /// The numbers; empty where inputs are alike.
  let values: [Double]

  /// √f x of each coordinate.
  func scaled(_ vector: [Double]) -> [Double] {
    values.isEmpty ? vector : zip(values, vector).map { $0 * $1 }
  }

  /// |√f v| of a signal of length √d: the standard deviation of v·x. `[inputs.teacher]`
  func length(_ signal: [Double]) -> Double {
    let own = scaled(signal)
    return values.isEmpty
      ? Double(signal.count).squareRoot() : DenseVector.dot(own, own).squareRoot()
  }
}
