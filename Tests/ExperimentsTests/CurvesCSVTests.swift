import Experiments
import LearningProblem
import Observables
import RunStorage
import Testing

struct CurvesCSVTests {
  @Test func curvesAsTextReadBack() throws {
    try withTemporaryFolder { folder in
      let curve = Curve(
        observable: .testLoss, steps: [0, 10],
        estimates: [Estimate(1.0 / 3, standardError: 2e-17), Estimate(-0.1)], replicas: 4)
      try writing(to: folder) { run in
        try run.write("curves.csv") {
          try CurvesCSV.write(
            [curve], grid: TimeGrid(learningRate: .constant(0.2), steps: 10), to: &$0)
        }
      }
      #expect(
        try text("\(folder)/curves.csv") == """
          step,time,observable,value,standard_error
          0,0,test_loss,0.3333333333333333,2e-17
          10,2.0,test_loss,-0.1,0

          """)
    }
  }

  @Test func comparisonAsText() throws {
    try withTemporaryFolder { folder in
      let curve = Curve(
        observable: .testLoss, steps: [5], estimates: [Estimate(0.5)], replicas: 1)
      try writing(to: folder) { run in
        try run.write("comparison.csv") {
          try ComparisonCSV.write(
            Comparison(theory: [curve], training: [curve]),
            grid: TimeGrid(learningRate: .constant(0.2), steps: 10), to: &$0)
        }
      }
      #expect(
        try text("\(folder)/comparison.csv") == """
          observable,step,time,theory,theory_standard_error,training,\
          training_standard_error,distance
          test_loss,5,1.0,0.5,0,0.5,0,0

          """)
    }
  }
}
