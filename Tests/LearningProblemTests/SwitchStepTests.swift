import LearningProblem
import Testing

@Suite("What a switch law says about a step")
struct SwitchStepTests {
  @Test(
    "the answers of the law, for either memory",
    arguments: [
      AlwaysOn(), IndependentSwitches(density: 0.3), MarkovSwitches(density: 0.3, correlation: 0.8),
      EpochSwitches(epochSteps: 4),
    ] as [any SwitchLaw])
  func answers(law: any SwitchLaw) {
    for step in [0, 1, 3, 4] {
      let found = SwitchStep(law, step: step)
      for memory in [false, true] {
        #expect(
          found.probabilityOn(memory: memory) == law.probabilityOn(step: step, memory: memory))
        for isOn in [false, true] {
          #expect(
            found.memory(after: memory, isOn: isOn)
              == law.memory(after: step, memory: memory, isOn: isOn))
        }
      }
    }
  }
}
